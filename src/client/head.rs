//! Holds the status line and the headers of a response, as the server wrote them.
//!
//! All is one text, and where in it each part ends: a head takes two allocations however many
//! headers it has. Judges nothing: `framing` reads a head and refuses what is no proper one.

/// Headers that a response has as a rule; more are held as well.
const USUAL: usize = 16;

/// Status line and headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The version and the reason, and each header's name and value, one behind the other.
    text: String,
    /// Where the version ends.
    version: usize,
    /// Where the reason ends.
    reason: usize,
    headers: Vec<Header>,
}

/// Where a header stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    name: usize,
    value: usize,
    end: usize,
}

impl Head {
    /// Makes a head without headers; the reason may be empty.
    #[must_use]
    pub fn new(version: &str, status: u16, reason: &str) -> Self {
        Self::with_room(version, status, reason, 0)
    }

    /// Adds headers behind those that are there.
    #[must_use]
    pub fn with<'h>(mut self, headers: impl IntoIterator<Item = (&'h str, &'h str)>) -> Self {
        for (name, value) in headers {
            self.push(name, value);
        }
        self
    }

    /// Begins a head of so many bytes with its status line. Its parts are looked for where a proper
    /// one has them (RFC 9112 §4); ureq refuses any other.
    pub(super) fn begin(status_line: &str, room: usize) -> Self {
        let version = status_line.get(..8).unwrap_or_default();
        let status = status_line.get(9..12).unwrap_or_default();
        let reason = status_line.get(13..).unwrap_or_default();
        Self::with_room(version, status.parse().unwrap_or_default(), reason, room)
    }

    fn with_room(version: &str, status: u16, reason: &str, room: usize) -> Self {
        let mut text = String::with_capacity(room.max(version.len() + reason.len()));
        text.push_str(version);
        text.push_str(reason);
        Self {
            status,
            version: version.len(),
            reason: text.len(),
            text,
            headers: Vec::with_capacity(USUAL),
        }
    }

    pub(super) fn push(&mut self, name: &str, value: &str) {
        let at = self.text.len();
        self.text.push_str(name);
        self.text.push_str(value);
        self.headers.push(Header {
            name: at,
            value: at + name.len(),
            end: self.text.len(),
        });
    }

    pub(super) fn of_parts(parts: &ureq::http::response::Parts) -> Self {
        let version = format!("{:?}", parts.version);
        let reason = parts.status.canonical_reason().unwrap_or_default();
        let mut head = Self::new(&version, parts.status.as_u16(), reason);
        for (name, value) in &parts.headers {
            head.push(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
        head
    }

    /// Returns `HTTP/1.1` or `HTTP/1.0`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.text[..self.version]
    }

    /// Returns the headers, in the order and spelling of the server.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|header| {
            let Header { name, value, end } = *header;
            (&self.text[name..value], &self.text[value..end])
        })
    }

    /// Returns the values of all headers of that name, without regard to case.
    pub fn all<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h str> {
        let is_named = move |header: &&Header| {
            let own = &self.text.as_bytes()[header.name..header.value];
            own.eq_ignore_ascii_case(name.as_bytes())
        };
        let named = self.headers.iter().filter(is_named);
        named.map(|header| &self.text[header.value..header.end])
    }

    /// Returns the first header of that name, without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Returns the reason that stands behind the status; the usual one where the server left it out.
    #[must_use]
    pub fn reason(&self) -> &str {
        let reason = &self.text[self.version..self.reason];
        if reason.is_empty() {
            ureq::http::StatusCode::from_u16(self.status)
                .ok()
                .and_then(|s| s.canonical_reason())
                .unwrap_or_default()
        } else {
            reason
        }
    }

    /// Returns the status line as it came.
    #[must_use]
    pub fn status_line(&self) -> String {
        let reason = &self.text[self.version..self.reason];
        format!("{} {} {reason}", self.version(), self.status)
            .trim_end()
            .to_owned()
    }

    /// Returns status and reason, e.g. `404 Not Found`.
    #[must_use]
    pub fn status_text(&self) -> String {
        format!("{} {}", self.status, self.reason())
            .trim_end()
            .to_owned()
    }

    /// Returns whether the body is JSON by its label.
    #[must_use]
    pub fn is_json(&self) -> bool {
        let media_type = self.media_type();
        let is_suffixed = || {
            let suffix = media_type.rsplit_once('+').map(|(_, suffix)| suffix);
            suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("json"))
        };
        media_type.eq_ignore_ascii_case("application/json") || is_suffixed()
    }

    /// Returns whether the body is a JSON text on each line by its label; none of the names in use
    /// is registered.
    #[must_use]
    pub fn is_json_lines(&self) -> bool {
        [
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonlines",
            "application/json-lines",
        ]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(self.media_type()))
    }

    /// Returns the charset that the body is labeled with.
    #[must_use]
    pub fn charset(&self) -> Option<&str> {
        let parameters = self.header("content-type")?.split(';').skip(1);
        parameters
            .filter_map(|p| p.split_once('='))
            .find_map(|(name, value)| {
                let is_charset = name.trim().eq_ignore_ascii_case("charset");
                is_charset.then(|| value.trim().trim_matches('"'))
            })
    }

    fn media_type(&self) -> &str {
        let label = self.header("content-type").unwrap_or_default();
        label.split(';').next().unwrap_or_default().trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_says_what_the_body_is() {
        for (label, is_json, is_json_lines, charset) in [
            ("application/json", true, false, None),
            (
                " Application/JSON ; charset=\"UTF-8\"",
                true,
                false,
                Some("UTF-8"),
            ),
            ("application/problem+json", true, false, None),
            ("text/x+y+Json;a=b;Charset=x", true, false, Some("x")),
            ("application/jsonx", false, false, None),
            ("application/json+xml", false, false, None),
            ("json", false, false, None),
            ("application/x-NDJSON", false, true, None),
            ("application/json-lines; charset=y", false, true, Some("y")),
            ("", false, false, None),
        ] {
            let head = Head::default().with([("Content-Type", label)]);
            let found = (head.is_json(), head.is_json_lines(), head.charset());
            assert_eq!(found, (is_json, is_json_lines, charset), "{label}");
        }
    }

    #[test]
    fn a_head_gives_back_what_it_holds() {
        for (line, want) in [
            ("HTTP/1.1 200 OK", ("HTTP/1.1", 200, "OK", "200 OK")),
            (
                "HTTP/1.1 404 Not  There ",
                ("HTTP/1.1", 404, "Not  There ", "404 Not  There"),
            ),
            (
                "HTTP/1.0 204",
                ("HTTP/1.0", 204, "No Content", "204 No Content"),
            ),
            ("HTTP/1.1 503 é", ("HTTP/1.1", 503, "é", "503 é")),
            ("HTTP/1.1 299 ", ("HTTP/1.1", 299, "", "299")),
            ("", ("", 0, "", "0")),
        ] {
            let pairs = [("A", "b"), ("x-É", ""), ("a", "ü: c")];
            let head = Head::begin(line, 1).with(pairs);
            let found = (
                head.version(),
                head.status,
                head.reason(),
                &*head.status_text(),
            );
            assert_eq!(found, want, "{line:?}");
            assert_eq!(head.headers().collect::<Vec<_>>(), pairs);
            assert_eq!(head.header("a"), Some("b"));
            assert_eq!(head.header("X-É"), Some(""));
            assert_eq!(head.header("b"), None);
        }
        assert_eq!(Head::begin("HTTP/1.1 204", 0).status_line(), "HTTP/1.1 204");
        assert_eq!(
            Head::new("HTTP/1.1", 200, "OK").status_line(),
            "HTTP/1.1 200 OK"
        );
    }
}

//! Parses a request's head.
//!
//! Strict where nginx is strict (two lengths, a length that is no number, no Host), because a client's mistake must be seen
//! here and not in production.

const HEADERS: usize = 256;

/// How the body is delimited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Framing {
    /// No body.
    Empty,
    /// So many bytes.
    Length(u64),
    /// Chunks.
    Chunked,
}

/// A parsed head.
#[derive(Debug)]
pub struct Head {
    /// As written.
    pub method: String,
    /// As written.
    pub target: String,
    /// In wire order and spelling.
    pub headers: Vec<(String, String)>,
    /// How the body is delimited.
    pub framing: Framing,
    /// Whether the client wants to use the connection again.
    pub keep_alive: bool,
    /// Whether it waits for `100 Continue`.
    pub expects: bool,
}

/// What reading a head came to.
#[derive(Debug)]
pub enum HeadEnd {
    /// A head.
    Head(Head),
    /// The client went away, before or inside a head.
    Gone,
    /// Not acceptable: response with this status and close.
    Refuse(u16),
}

/// Parses a head from the front of `bytes`: `None` while more is needed, else the verdict and the head's length.
pub fn parse(bytes: &[u8]) -> Result<Option<(HeadEnd, usize)>, ()> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(()),
    };
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|header| {
            (
                header.name.to_owned(),
                String::from_utf8_lossy(header.value).into_owned(),
            )
        })
        .collect();
    let all = |name: &str| -> Vec<&str> {
        headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    };
    let newer = request.version == Some(1);
    let framing = match (
        all("content-length").as_slice(),
        all("transfer-encoding").as_slice(),
    ) {
        ([], []) => Some(Framing::Empty),
        ([length], [])
            if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            length.parse().ok().map(Framing::Length)
        }
        ([], [coding]) if coding.eq_ignore_ascii_case("chunked") && newer => Some(Framing::Chunked),
        _ => None,
    };
    let connection = all("connection").join(",").to_ascii_lowercase();
    let says = |word: &str| connection.split(',').any(|token| token.trim() == word);
    let hosts = all("host").len();
    let Some(framing) = framing.filter(|_| hosts == 1 || (hosts == 0 && !newer)) else {
        return Ok(Some((HeadEnd::Refuse(400), length)));
    };
    let head = Head {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        framing,
        keep_alive: if newer {
            !says("close")
        } else {
            says("keep-alive")
        },
        expects: newer
            && all("expect")
                .iter()
                .any(|value| value.eq_ignore_ascii_case("100-continue")),
        headers,
    };
    Ok(Some((HeadEnd::Head(head), length)))
}

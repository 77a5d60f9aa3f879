//! A response as a server of files gives it: validators, and the range that was asked for (RFC 9110 §14).
//!
//! Written from the RFC, and obeyed to the letter: `If-Range` holds for a strong `ETag` that is the same, or the very date.

use super::record::Recorded;
use super::response::Response;

/// What the server says of a file, and how well it obeys.
#[derive(Clone, Debug, Default)]
pub struct Ranges {
    /// The `ETag`, as it is sent.
    pub etag: Option<String>,
    /// The `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Content-Range` instead of the true one: a server that lies.
    pub lie: Option<String>,
    /// Sends no more than so many bytes of a range.
    pub most: Option<usize>,
    /// Gives the whole whatever is asked for, though it says that it takes ranges.
    pub ignores: bool,
}

impl Ranges {
    /// With an `ETag`.
    pub fn etag(etag: &str) -> Self {
        Self {
            etag: Some(etag.to_owned()),
            ..Self::default()
        }
    }

    /// Bends a whole response to what the request asks for.
    pub fn apply(&self, request: &Recorded, mut response: Response) -> Response {
        if response.status != 200 {
            return response;
        }
        response = response.header("Accept-Ranges", "bytes");
        if let Some(etag) = &self.etag {
            response = response.header("ETag", etag.as_str());
        }
        if let Some(date) = &self.last_modified {
            response = response.header("Last-Modified", date.as_str());
        }
        let holds = request.header("if-range").is_none_or(|condition| {
            let strong = self.etag.as_deref().filter(|e| !e.starts_with("W/"));
            strong == Some(condition) || self.last_modified.as_deref() == Some(condition)
        });
        let start = request.header("range").and_then(|r| {
            r.strip_prefix("bytes=")?
                .strip_suffix('-')?
                .parse::<usize>()
                .ok()
        });
        let Some(start) = start.filter(|_| holds && !self.ignores) else {
            return response;
        };
        let total = response.body.len();
        if start >= total {
            return Response::new(416).header("Content-Range", format!("bytes */{total}"));
        }
        response.status = 206;
        response.body.drain(..start);
        response.body.truncate(self.most.unwrap_or(usize::MAX));
        let last = start + response.body.len() - 1;
        let range = format!("bytes {start}-{last}/{total}");
        response.header("Content-Range", self.lie.clone().unwrap_or(range))
    }
}

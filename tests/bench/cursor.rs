//! A query's response in pages, as a distant region of Macrometa gives it: each page after a latency,
//! the last without the cursor's id. It holds one cursor, for one client at a time.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Rows of a page: the service's largest.
pub const PAGE: usize = 1000;

/// The pages of one query.
pub struct Cursor {
    pages: usize,
    latency: Duration,
    /// A page that is not the last, and the last.
    more: String,
    last: String,
    given: AtomicUsize,
}

impl Cursor {
    /// So many pages; each is answered after the latency.
    pub fn new(pages: usize, latency: Duration) -> Self {
        let mut rows = String::new();
        for number in 0..PAGE {
            let comma = if number == 0 { "" } else { "," };
            write!(
                rows,
                "{comma}{{\"_id\":\"sensors/{number}\",\"_key\":\"{number}\",\
                 \"_rev\":\"_hT4cYs7{number:04}--_\",\"place\":\"Hall {number}, Zürich\",\
                 \"celsius\":21.50,\"on\":true}}"
            )
            .unwrap();
        }
        let page =
            |more: &str| format!("{{\"result\":[{rows}],{more},\"cached\":false,\"error\":false}}");
        Self {
            pages,
            latency,
            more: page("\"hasMore\":true,\"id\":\"2130\""),
            last: page("\"hasMore\":false"),
            given: AtomicUsize::new(0),
        }
    }

    /// The status line's end and the body for a request: POST starts, PUT goes on, DELETE ends.
    pub fn response(&self, method: &str) -> (&'static str, &str) {
        let status = match method {
            "POST" => {
                self.given.store(0, Ordering::Relaxed);
                "201 Created"
            }
            "PUT" => "200 OK",
            _ => return ("202 Accepted", "{\"error\":false,\"code\":202}"),
        };
        std::thread::sleep(self.latency);
        let given = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        let page = if given < self.pages {
            &self.more
        } else {
            &self.last
        };
        (status, page)
    }
}

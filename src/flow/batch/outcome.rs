//! The line that reports a row: `{"row":1,"input":…,"method":"POST","path":"…","status":200,…}`.
//!
//! Row and body pass as they are written, so that no number changes. Pure.

use serde::Serialize;

use crate::json::{Text, replay};

use super::call::Sent;
use super::job::Job;

/// What a line has besides row and body, as a rule.
const REST: usize = 256;

/// The line of a row that has ended, with its line end and without blanks. `mask` hides secrets in
/// errors.
#[must_use]
pub fn line(job: &Job, sent: &Sent, mask: &dyn Fn(&str) -> String) -> Vec<u8> {
    let mut line = Vec::with_capacity(job.input.len() + sent.body.json.len() + REST);
    member(b"{\"row\":", &job.row, &mut line);
    line.extend_from_slice(b",\"input\":");
    match job.input.first() {
        Some(b'{' | b'[') => compact(&job.input, &mut line),
        // A scalar is JSON without blanks already.
        _ => line.extend_from_slice(&job.input),
    }
    member(b",\"method\":", &job.plan.method, &mut line);
    member(b",\"path\":", job.plan.url.path(), &mut line);
    member(b",\"status\":", &sent.status, &mut line);
    member(b",\"ms\":", &sent.took.as_millis(), &mut line);
    member(b",\"attempts\":", &sent.attempts, &mut line);
    line.extend_from_slice(b",\"body\":");
    match &*sent.body.json {
        [] => line.extend_from_slice(b"null"),
        body => line.extend_from_slice(body),
    }
    if sent.body.is_base64 {
        line.extend_from_slice(b",\"encoding\":\"base64\"");
    }
    if let Some(failure) = &sent.failure {
        member(b",\"error\":", &mask(&failure.to_string()), &mut line);
        member(b",\"exit\":", &failure.exit.code(), &mut line);
    }
    line.extend_from_slice(b"}\n");
    line
}

/// A member: what stands before its value, and the value as JSON.
fn member<T: Serialize + ?Sized>(before: &[u8], value: &T, line: &mut Vec<u8>) {
    line.extend_from_slice(before);
    // Writing into memory does not fail.
    let _ = serde_json::to_writer(line, value);
}

/// JSON without its blanks.
fn compact(json: &[u8], line: &mut Vec<u8>) {
    let mut compact = Text(std::mem::take(line));
    // A row was read before.
    let _ = replay(json, &mut compact);
    *line = compact.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use crate::address::Address;
    use crate::error::{Exit, Failure};
    use crate::flow::batch::body::Body;
    use crate::flow::batch::call::Fate;
    use crate::profile::Place;
    use crate::request::Plan;
    use crate::service::Service;

    #[test]
    fn rows_and_bodies_stay_as_they_are() {
        let address = Address::parse("http://m/MAAS").unwrap();
        let place = Place {
            service: Service::Maas,
            address: &address,
            fabric: "",
        };
        let plan = Plan::get("/machines/?a=b", place).unwrap();
        let job = Job::new(7, b"{\"n\": 1.10}".to_vec(), plan);
        let mut sent = Sent {
            attempts: 2,
            took: Duration::from_millis(35),
            status: Some(200),
            body: Body {
                json: b"{\"a\":1e400,\"a\":2}".to_vec(),
                is_base64: false,
            },
            failure: None,
            fate: Fate::Done,
            put_off: None,
        };
        let line = |sent: &Sent| {
            String::from_utf8(line(&job, sent, &|text| text.replace("key", "***"))).unwrap()
        };
        let start = "{\"row\":7,\"input\":{\"n\":1.10},\"method\":\"GET\",\"path\":\"/MAAS/api/2.0/machines/\",";
        assert_eq!(
            line(&sent),
            format!(
                "{start}\"status\":200,\"ms\":35,\"attempts\":2,\"body\":{{\"a\":1e400,\"a\":2}}}}\n"
            )
        );
        sent.body = Body {
            json: b"\"/w==\"".to_vec(),
            is_base64: true,
        };
        assert!(line(&sent).ends_with(",\"body\":\"/w==\",\"encoding\":\"base64\"}\n"));
        sent.status = None;
        sent.failure = Some(Failure::new(Exit::TimedOut, "late, key"));
        sent.body = Body::default();
        assert!(line(&sent).contains("\"status\":null,"));
        assert!(line(&sent).ends_with("\"body\":null,\"error\":\"late, ***\",\"exit\":6}\n"));
    }
}

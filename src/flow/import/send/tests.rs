use super::*;
use crate::flow::import::batch::Cutter;
use crate::flow::import::cells::Types;
use crate::flow::import::read::Reader;
use crate::flow::import::source::Format;
use crate::service::Service;
use crate::session::script::{Reply, Script};

const KEYED: &str = "{\"_key\":\"a\",\"n\":1}\n{\"_key\":\"b\",\"n\":2}\n";
const BARE: &str = "{\"n\":1}\n{\"n\":2}\n";
const POST: &str = "POST /_fabric/_system/_api/import/c";
const CURSOR: &str = "POST /_fabric/_system/_api/cursor";
/// A call without documents.
const NONE: &str = "POST /_fabric/_system/_api/import/c \
                    {\"data\":[],\"details\":true,\"primaryKey\":\"_key\",\"replace\":false}";

/// How documents are sent.
#[derive(Clone, Copy, Default)]
struct Case {
    text: &'static str,
    replace: bool,
    resend: bool,
    uncertain: bool,
}

impl Case {
    fn of(text: &'static str) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// Sends all documents as one batch over these calls; gives what became of it, in words.
    fn run(self, calls: Vec<(&str, Reply)>) -> String {
        let (session, script) = Script::session(Service::Macrometa, calls);
        let text = self.text.as_bytes();
        let reader = Reader::new(Box::new(text), Format::Ndjson, &Types::default());
        let mut cutter = Cutter::new(reader.unwrap(), 10, Vec::new(), Vec::new());
        let mut batch = cutter.next_batch().unwrap().unwrap();
        batch.uncertain = self.uncertain;
        let sender = Arc::new(Sender {
            session,
            collection: "c".to_owned(),
            manner: Manner {
                replace: self.replace,
                primary_key: None,
            },
            resend: self.resend,
            deadline: None,
        });
        let mut retries = 0;
        let result = sender.send(batch, &mut |_| retries += 1);
        script.check();
        let what = match result {
            Ok(Outcome::Settled(stored)) => {
                let rejects: Vec<String> = stored.rejects.iter().map(reject).collect();
                let replaced = stored.replaced.map_or("?".to_owned(), |n| n.to_string());
                format!("{} stored, {replaced} replaced {rejects:?}", stored.stored)
            }
            Ok(Outcome::Refused(batch)) => {
                format!("to be split, uncertain {}", batch.uncertain)
            }
            Ok(Outcome::Left(left)) => format!("{} left: {}", left.count, left.reason),
            Err(stop) => {
                let hint = stop.failure.hint.clone().unwrap_or_default();
                format!("{} [{hint}] certain {}", stop.failure, stop.certain)
            }
        };
        format!("{retries} retries: {what}")
    }
}

fn reject(reject: &Reject) -> String {
    let line = reject.line.map_or("?".to_owned(), |line| line.to_string());
    let number = reject.number.map_or("?".to_owned(), |n| n.to_string());
    format!("line {line}: {number} {}", reject.reason)
}

/// A response that counts, and lists these errors.
fn counted(created: u64, errors: &[&str]) -> Reply {
    let listed: Vec<String> = errors
        .iter()
        .map(|message| format!(r#"{{"errorMessage":"{message}","errorNum":1210}}"#))
        .collect();
    Reply::status(
        201,
        format!(
            r#"{{"result":{{"created":{created},"errors":{},"details":{{"errors":[{}]}}}}}}"#,
            errors.len(),
            listed.join(","),
        ),
    )
}

fn busy(status: u16) -> Reply {
    Reply::Response(status, vec![("Retry-After", "0")], String::new())
}

fn found(documents: &str) -> (&'static str, Reply) {
    (
        CURSOR,
        Reply::status(201, format!(r#"{{"result":{documents},"hasMore":false}}"#)),
    )
}

#[test]
fn each_document_of_a_response_is_stored_or_rejected() {
    let keyed = Case::of(KEYED);
    let replacing = Case {
        replace: true,
        ..keyed
    };
    let taken = "1: unique constraint violated";
    for (what, case, calls, want) in [
        (
            "all",
            keyed,
            vec![(POST, counted(2, &[]))],
            "0 retries: 2 stored, 0 replaced []",
        ),
        (
            "one rejected",
            keyed,
            vec![(POST, counted(1, &["2: taken"]))],
            r#"0 retries: 1 stored, 0 replaced ["line 2: 1210 taken"]"#,
        ),
        (
            "one replaces",
            replacing,
            vec![found(r#"[{"_key":"a"}]"#), (POST, counted(2, &[]))],
            "0 retries: 2 stored, 1 replaced []",
        ),
        (
            "the one that would replace is rejected",
            replacing,
            vec![found(r#"[{"_key":"a"}]"#), (POST, counted(1, &[taken]))],
            r#"0 retries: 1 stored, 0 replaced ["line 1: 1210 unique constraint violated"]"#,
        ),
        (
            "who replaces is not known",
            replacing,
            vec![(CURSOR, Reply::status(403, "")), (POST, counted(2, &[]))],
            "0 retries: 2 stored, ? replaced []",
        ),
    ] {
        assert_eq!(case.run(calls), want, "{what}");
    }
}

#[test]
fn a_batch_is_sent_again_where_no_document_is_stored_twice() {
    let keyed = Case::of(KEYED);
    let bare = Case::of(BARE);
    let resent = Case {
        resend: true,
        ..bare
    };
    let uncertain = |case| Case {
        uncertain: true,
        ..case
    };
    let all = || (POST, counted(2, &[]));
    let label = "lab: POST /_fabric/_system/_api/import/c";
    let unknowable = "lines 1 to 2 may be stored or not, and line 1 has no `_key` to find it by";
    let stored = r#"[{"_key":"a","_id":"c/a","_rev":"1","n":1}]"#;
    for (what, case, calls, want) in [
        // Who says when to come again has stored nothing.
        (
            "429",
            bare,
            vec![(POST, busy(429)), all()],
            "1 retries: 2 stored, 0 replaced []".into(),
        ),
        (
            "503",
            bare,
            vec![(POST, busy(503)), all()],
            "1 retries: 2 stored, 0 replaced []".into(),
        ),
        (
            "cut, with keys",
            keyed,
            vec![(POST, Reply::reset()), all()],
            "1 retries: 2 stored, 0 replaced []".into(),
        ),
        // The first had stored `a` as it is sent: the second finds it taken.
        (
            "cut, and stored",
            keyed,
            vec![
                (POST, Reply::reset()),
                (POST, counted(1, &["1: taken"])),
                found(stored),
            ],
            "1 retries: 2 stored, 0 replaced []".into(),
        ),
        (
            "cut, and another is stored",
            keyed,
            vec![
                (POST, Reply::reset()),
                (POST, counted(1, &["2: taken"])),
                found(r#"[{"_key":"b","n":9}]"#),
            ],
            r#"1 retries: 1 stored, 0 replaced ["line 2: 1210 taken"]"#.into(),
        ),
        (
            "cut, without keys",
            bare,
            vec![(POST, Reply::reset())],
            format!(
                "0 retries: {label}: scripted failure: {unknowable} [{UNKNOWABLE}] certain false"
            ),
        ),
        (
            "cut, without keys, as wanted",
            resent,
            vec![(POST, Reply::reset()), all()],
            "1 retries: 2 stored, 0 replaced []".into(),
        ),
        (
            "an earlier run was cut",
            uncertain(bare),
            vec![],
            format!("0 retries: 2 left: {unknowable}"),
        ),
        (
            "an earlier run was cut, with keys",
            uncertain(keyed),
            vec![(POST, counted(1, &["1: taken"])), found(stored)],
            "0 retries: 2 stored, 0 replaced []".into(),
        ),
    ] {
        assert_eq!(case.run(calls), want, "{what}");
    }
}

#[test]
fn a_refusal_is_of_the_documents_or_of_the_run() {
    let keyed = Case::of(KEYED);
    let one = Case::of("{\"_key\":\"a\"}\n");
    let label = "lab: POST /_fabric/_system/_api/import/c";
    let bad = |message: &str| {
        Reply::status(
            400,
            format!(r#"{{"error":true,"errorNum":1,"errorMessage":"{message}"}}"#),
        )
    };
    let corrupt = || Reply::status(400, r#"{"errorNum":600,"errorMessage":"corrupt"}"#);
    for (what, case, calls, want) in [
        (
            "of one of them",
            keyed,
            vec![(POST, bad("no")), (NONE, counted(0, &[]))],
            "0 retries: to be split, uncertain false".into(),
        ),
        (
            "of the call",
            keyed,
            vec![(POST, bad("no")), (NONE, bad("no"))],
            format!("0 retries: {label}: 400 Bad Request: no (errorNum 1) [] certain true"),
        ),
        (
            "of no JSON",
            keyed,
            vec![(POST, corrupt())],
            "0 retries: to be split, uncertain false".into(),
        ),
        (
            "of the only one",
            one,
            vec![(POST, corrupt())],
            r#"0 retries: 0 stored, 0 replaced ["line 1: 600 corrupt"]"#.into(),
        ),
        (
            "of the key",
            keyed,
            vec![(POST, Reply::status(403, ""))],
            format!(
                "0 retries: {label}: 403 Forbidden [this call was not signed: select a profile that has a \
                 key] certain true"
            ),
        ),
        (
            "by a fault",
            keyed,
            vec![(POST, Reply::status(500, ""))],
            format!("0 retries: {label}: 500 Internal Server Error [] certain false"),
        ),
        (
            "without numbers",
            keyed,
            vec![(POST, Reply::ok("{}"))],
            format!(
                "0 retries: {label}: lines 1 to 2: the response does not account for the 2 documents \
             that were sent [] certain false"
            ),
        ),
        (
            "with other numbers",
            keyed,
            vec![(POST, counted(3, &[]))],
            format!(
                "0 retries: {label}: lines 1 to 2: the response does not account for the 2 documents \
             that were sent [] certain false"
            ),
        ),
    ] {
        let want: String = want;
        assert_eq!(case.run(calls), want, "{what}");
    }
}

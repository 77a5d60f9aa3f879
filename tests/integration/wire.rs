//! Equal to what others send: Macrometa's Python SDK, and `requests_oauthlib` for MAAS.
//!
//! Requests of the SDK are typed as command lines and compared as they arrive. A small fixture is
//! always read; a capture of the SDK where there is one: `$APICALL_TEST_WIRE`, or the file that
//! lies beside the package where apicall is developed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::sandbox::{Recorded, Sandbox};
use crate::support::Home;
use crate::typed::Desk;

const FABRIC: &str = "/_fabric/_system/_api/";

#[test]
fn macrometa_requests_of_the_fixture() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/macrometa-wire.json");
    assert_eq!(compare(&file), 9);
}

#[test]
fn macrometa_requests_of_the_sdk() {
    let file = std::env::var_os("APICALL_TEST_WIRE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/macrometa-wire.json"),
        PathBuf::from,
    );
    if file.exists() {
        assert!(compare(&file) >= 70, "rows of pyC8 with an API key");
    }
}

/// Compares all rows of a file; how many there were.
fn compare(file: &Path) -> usize {
    let wire: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let rows: Vec<Row> = wire["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Row::read)
        .collect();
    let desk = desk(Row::credential(&rows));
    for row in &rows {
        for line in row.lines() {
            desk.sandbox.forget_requests();
            desk.home.run(&line).ok();
            row.assert_same(&desk.sandbox.last(), &line);
        }
    }
    rows.len()
}

fn desk(authorization: &str) -> Desk {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\nkey = \"{}\"\n",
        sandbox.url(),
        authorization.strip_prefix("apikey ").unwrap(),
    ));
    Desk::with(sandbox, home)
}

/// A request of the SDK.
struct Row<'a> {
    method: &'a str,
    path: &'a str,
    query: Vec<(String, String)>,
    body: &'a str,
    authorization: &'a str,
}

impl<'a> Row<'a> {
    /// `None` where another client sent it, or without an API key.
    fn read(row: &'a Value) -> Option<Self> {
        row["sdk"].as_str()?.strip_prefix("pyC8")?;
        let authorization = row["headers"]
            .as_array()?
            .iter()
            .find(|header| header[0] == "Authorization")?[1]
            .as_str()
            .filter(|value| value.starts_with("apikey "))?;
        let target = row["target"].as_str()?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decode(name), decode(value)))
            .collect();
        Some(Self {
            method: row["method"].as_str()?,
            path,
            query,
            body: row["body"].as_str()?,
            authorization,
        })
    }

    fn credential(rows: &[Self]) -> &str {
        let one = rows[0].authorization;
        assert!(rows.iter().all(|row| row.authorization == one));
        one
    }

    /// The ways to type it: path from the root and below the fabric, body whole and as items.
    fn lines(&self) -> Vec<Vec<String>> {
        let mut paths = vec![self.path];
        paths.extend(self.path.strip_prefix(FABRIC));
        let mut bodies = vec![Vec::new()];
        if !self.body.is_empty() {
            bodies = vec![vec!["--body".to_owned(), self.body.to_owned()]];
            bodies.extend(self.items());
        }
        let mut lines = Vec::new();
        for path in paths {
            for body in &bodies {
                let mut line = vec![self.method.to_lowercase(), path.to_owned()];
                line.extend(self.query.iter().map(|(k, v)| format!("{k}=={v}")));
                line.extend(body.clone());
                lines.push(line);
            }
        }
        lines
    }

    fn items(&self) -> Option<Vec<String>> {
        let item = |name: &str, value: &Value| match value {
            Value::String(text) => format!("{name}={text}"),
            other => format!("{name}:={other}"),
        };
        let mut items = vec!["--json".to_owned()];
        match serde_json::from_str(self.body).ok()? {
            Value::Object(members) => items.extend(members.iter().map(|(k, v)| item(k, v))),
            Value::Array(values) => items.extend(values.iter().map(|v| item("[]", v))),
            _ => return None,
        }
        Some(items)
    }

    fn assert_same(&self, request: &Recorded, line: &[String]) {
        assert_eq!(request.method, self.method, "{line:?}");
        assert_eq!(decode(request.path()), decode(self.path), "{line:?}");
        assert_eq!(request.query_pairs(), self.query, "{line:?}");
        let sent = [self.authorization];
        assert_eq!(request.header_all("authorization"), sent, "{line:?}");
        match serde_json::from_str::<Value>(self.body) {
            Ok(want) => assert_eq!(request.json(), Some(want), "{line:?}"),
            Err(_) => assert_eq!(request.body_text(), self.body, "{line:?}"),
        }
        if !self.body.is_empty() {
            let json = Some("application/json");
            assert_eq!(request.header("content-type"), json, "{line:?}");
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// As `requests_oauthlib` 2.0 sends it for `OAuth1Session(c, "", t, s, signature_method=PLAINTEXT)`.
const REQUESTS_OAUTHLIB: &str = "OAuth oauth_nonce=\"94171285738293475551795372778\", \
    oauth_timestamp=\"1795372778\", oauth_version=\"1.0\", oauth_signature_method=\"PLAINTEXT\", \
    oauth_consumer_key=\"c\", oauth_token=\"t\", oauth_signature=\"%26s\"";

/// The parameters of a header, still encoded.
fn parameters(header: &str) -> Vec<(&str, &str)> {
    header
        .strip_prefix("OAuth ")
        .unwrap()
        .split(", ")
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (
                name,
                value.strip_prefix('"').unwrap().strip_suffix('"').unwrap(),
            )
        })
        .collect()
}

#[test]
fn the_oauth_header_is_that_of_requests_oauthlib() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.write_config(&format!(
        "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"c+n:t/k~:s=&%\"\n",
        sandbox.maas_url()
    ));
    let desk = Desk::with(sandbox, home);
    let before = unix_time();
    let request = desk.sent("get machines");
    let ours = parameters(request.header("authorization").unwrap());
    let names = |parameters: &[(&str, &str)]| -> Vec<String> {
        parameters
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect()
    };
    assert_eq!(names(&ours), names(&parameters(REQUESTS_OAUTHLIB)));
    let value = |name: &str| ours.iter().find(|(n, _)| *n == name).unwrap().1;
    for (name, want) in [
        ("oauth_version", "1.0"),
        ("oauth_signature_method", "PLAINTEXT"),
        ("oauth_consumer_key", "c%2Bn"),
        ("oauth_token", "t%2Fk~"),
        // RFC 5849 §3.4.4: the secret is encoded, then the signature as any value is.
        ("oauth_signature", "%26s%253D%2526%2525"),
    ] {
        assert_eq!(value(name), want, "{name}");
    }
    let timestamp: u64 = value("oauth_timestamp").parse().unwrap();
    assert!((before..=unix_time()).contains(&timestamp), "{timestamp}");
}

#[test]
fn nonces_never_repeat() {
    let desk = Desk::new();
    let mut nonces = HashSet::new();
    for _ in 0..100 {
        let request = desk.sent("get machines");
        let header = request.header("authorization").unwrap();
        let (_, nonce) = parameters(header)[0];
        let plain = nonce.bytes().all(|b| b.is_ascii_alphanumeric());
        assert!(plain && (16..=255).contains(&nonce.len()), "{nonce}");
        assert!(nonces.insert(nonce.to_owned()), "{nonce} came twice");
    }
}

fn unix_time() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

//! CONTRACT, Streams and output: text from a server never makes a second line of a report.

use crate::sandbox::{Fault, Sandbox};
use crate::support::Home;
use crate::typed::words;

const JSON: &str = "application/json";

/// What a hostile server says wherever it may say something.
const HOSTILE: &str =
    "x\\nhint: run FORGED\\r\\napicall: FORGED\\u2028hint: FORGED\\u202e\\u001b[31m";

/// Neither stream has a line that passes for a report of ours, nor what drives a terminal.
#[test]
fn a_server_writes_no_report_of_ours() {
    let plain = "x\nhint: run FORGED\n  apicall: FORGED\n\u{1b}[31m";
    let fields = format!(r#"{{"name": ["{HOSTILE}"], "zone": ["{HOSTILE}"]}}"#);
    let error = format!(r#"{{"error":true,"errorNum":1203,"errorMessage":"{HOSTILE}"}}"#);
    let text = format!("\"{HOSTILE}\"");
    let state = format!(r#"{{"status_name": "{HOSTILE}"}}"#);
    let events = format!(
        r#"{{"count":1,"events":[{{"id":1,"node":"a","hostname":"{HOSTILE}","level":"INFO","created":"{HOSTILE}","type":"{HOSTILE}","description":"{HOSTILE}"}}]}}"#
    );
    let mut checked = 0;
    for (line, status, media_type, body) in [
        ("post /machines/ name=a zone=b", 400, JSON, &*fields),
        ("get /machines/", 400, JSON, &fields),
        ("get /machines/", 404, "text/plain", plain),
        ("get /machines/", 400, JSON, &text),
        ("get /machines/ -v", 500, "text/plain", plain),
        ("whoami", 400, JSON, &text),
        ("doctor", 400, JSON, &text),
        ("events", 200, JSON, &events),
        ("events", 400, JSON, &text),
        ("wait /x/ --until .status_name", 200, JSON, &state),
        ("wait /x/ --until .status_name", 404, "text/plain", plain),
        ("get /_fabric/no/_api/collection -p play", 400, JSON, &error),
        ("query 'RETURN 1' -p play", 400, JSON, &error),
        ("export addresses -p play", 404, JSON, &error),
        ("maas lab machines read", 400, "text/plain", plain),
    ] {
        // Each has a server of its own: what is left of its faults goes with it.
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        for _ in 0..3 {
            sandbox.fault(Fault::body(status, media_type, body));
        }
        let ended = home.run(&words(line));
        let is_body = line.starts_with("maas ");
        let stdout = if is_body { "" } else { ended.stdout() };
        for shown in [stdout, &*ended.stderr] {
            for shown in shown.split('\n') {
                let start = shown.trim_start();
                let is_report = start.starts_with("hint:") || start.starts_with("apicall:");
                assert!(
                    !is_report || !start[..start.len().min(24)].contains("FORGED"),
                    "{line}: {shown}"
                );
            }
        }
        assert!(!ended.stderr.contains(['\u{1b}', '\u{202e}']), "{line}");
        checked += 1;
    }
    println!("{checked} reports of hostile text, each on one line");
}

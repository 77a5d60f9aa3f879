//! Command lines as a user types them, and the request each becomes.
//!
//! For tests of what is sent: the sandbox answers every call with `{}`, so that only the request
//! counts. What may stand in a request only once is checked for all of them here.

use crate::sandbox::{Fault, Recorded, Sandbox};
use crate::support::{Ended, Home};

/// A user with the profiles `lab` (MAAS) and `play` (Macrometa), and the server of both.
pub struct Desk {
    pub sandbox: Sandbox,
    pub home: Home,
}

impl Desk {
    pub fn new() -> Self {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        Self::with(sandbox, home)
    }

    pub fn with(sandbox: Sandbox, home: Home) -> Self {
        sandbox.fault(Fault::body(200, "application/json", "{}").always());
        Self { sandbox, home }
    }

    /// Runs a line that succeeds with one request, and gives that request.
    #[track_caller]
    pub fn sent(&self, line: &str) -> Recorded {
        self.sent_with(line, b"")
    }

    /// The same with standard input.
    #[track_caller]
    pub fn sent_with(&self, line: &str, stdin: &[u8]) -> Recorded {
        self.sandbox.forget_requests();
        let ended = self.home.run_with(&words(line), stdin).code(0);
        assert_eq!(ended.stderr, "", "{line}");
        let requests = self.sandbox.requests();
        assert_eq!(requests.len(), 1, "{line}");
        let request = requests.into_iter().next().unwrap();
        assert!(request.complete, "{line}: {request:?}");
        for name in ["host", "authorization"] {
            assert_eq!(request.header_all(name).len(), 1, "{line}: {name}");
        }
        for name in ["content-type", "content-length", "transfer-encoding"] {
            assert!(request.header_all(name).len() < 2, "{line}: {name}");
        }
        request
    }

    /// Runs a line that is refused as wrong usage before anything is sent.
    #[track_caller]
    pub fn refused(&self, line: &str, why: &str, hint: &str) -> Ended {
        self.refused_words(&words(line), why, hint)
    }

    /// The same for arguments that cannot be typed as a line.
    #[track_caller]
    pub fn refused_words<S: AsRef<str>>(&self, args: &[S], why: &str, hint: &str) -> Ended {
        self.sandbox.forget_requests();
        let ended = self.home.run(args).fails(2, why);
        assert!(
            ended.stderr.contains(hint),
            "{hint:?} is missing: {ended:#?}"
        );
        assert!(self.sandbox.requests().is_empty(), "{ended:#?}");
        ended
    }
}

/// Splits a line at blanks; `'…'` keeps them together, as in a shell.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    assert!(!quoted, "an open quote: {line}");
    words.extend(word);
    words
}

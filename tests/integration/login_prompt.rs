//! `login` at a terminal: what is asked, how often, and that nothing of the key is shown.

use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};

use crate::sandbox::Sandbox;
use crate::support::Home;

/// A login at a terminal that `script` (util-linux) makes.
struct Terminal {
    child: Child,
    shown: String,
}

impl Terminal {
    /// `None` where there is no `script`.
    fn start(home: &Home, sandbox: &Sandbox, more: &str) -> Option<Self> {
        let url = sandbox.maas_url();
        let login = home.command(&[""; 0]);
        let line = format!("{} login {url} -p lab{more}", login.get_program().to_str()?);
        let mut command = std::process::Command::new("script");
        command.args(["-qec", &line, "/dev/null"]);
        command.env_clear().env("HOME", home.path());
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        Some(Self {
            child,
            shown: String::new(),
        })
    }

    /// Waits for a question and types a response at once: nothing of a key may show.
    fn response(&mut self, question: &str, response: &str) {
        let from = self.shown.len();
        while !self.shown[from..].contains(question) {
            let mut piece = [0; 1024];
            let n = self.child.stdout.as_mut().unwrap().read(&mut piece);
            let n = n.unwrap();
            assert!(n > 0, "{question:?} was not asked: {}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&piece[..n]));
        }
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(format!("{response}\n").as_bytes()).unwrap();
    }

    /// The exit code, and all that was shown.
    fn end(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_end(&mut rest)
            .unwrap();
        self.shown.push_str(&String::from_utf8_lossy(&rest));
        (self.child.wait().unwrap().code().unwrap(), self.shown)
    }
}

#[test]
fn a_key_is_asked_for_three_times_without_being_shown() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::empty();
    let Some(mut terminal) = Terminal::start(&home, &sandbox, "") else {
        return;
    };
    terminal.response("Key for ", "malformed-SECRET");
    terminal.response("Key for ", "no:such:SECRET");
    terminal.response("Key for ", sandbox.maas_key());
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("SECRET"), "{shown}");
    assert!(!shown.contains(sandbox.maas_key()), "{shown}");
    for reported in [
        "the key has 1 part, not 3",
        "401 Unauthorized",
        "profile `lab` stored: signed in as `admin`",
    ] {
        assert_eq!(shown.matches(reported).count(), 1, "{shown}");
    }
    assert_eq!(shown.matches("The key is in MAAS under").count(), 1);
    let mut terminal = Terminal::start(&home, &sandbox, " --replace").unwrap();
    for _ in 0..3 {
        terminal.response("Key for ", "no:such:key");
    }
    assert_eq!(terminal.end().0, 9);
}

#[test]
fn replacing_is_asked_for_at_a_terminal() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::empty();
    home.write_config("[profiles.lab]\nurl = \"http://old/MAAS\"\n");
    let before = home.config();
    for no in ["n", "", "perhaps"] {
        let Some(mut terminal) = Terminal::start(&home, &sandbox, "") else {
            return;
        };
        terminal.response(
            "profile `lab` of http://old/MAAS already exists. Replace it? [y/N] ",
            no,
        );
        let (code, shown) = terminal.end();
        assert_eq!(code, 2, "{shown}");
        assert!(shown.contains("nothing was changed"), "{shown}");
        assert_eq!(home.config(), before);
    }
    let mut terminal = Terminal::start(&home, &sandbox, "").unwrap();
    terminal.response("Replace it? [y/N] ", "y");
    terminal.response("Key for ", sandbox.maas_key());
    assert_eq!(terminal.end().0, 0);
    assert!(home.config().contains(&sandbox.maas_url()));
}

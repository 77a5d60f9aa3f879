//! Starts the binary: cleared environment, a home of its own, everything captured.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
#[cfg(target_os = "linux")]
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
#[cfg(target_os = "linux")]
use std::time::Duration;

use tempfile::TempDir;

use crate::sandbox::Sandbox;

/// A user's machine: a home, a config file, variables.
pub struct Home {
    folder: TempDir,
    vars: Vec<(OsString, OsString)>,
}

/// How a run ended.
pub struct Ended {
    pub stdout: Vec<u8>,
    pub stderr: String,
    pub code: i32,
}

impl std::fmt::Debug for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        write!(
            f,
            "exit {}\nstdout:\n{stdout}\nstderr:\n{}",
            self.code, self.stderr
        )
    }
}

impl Home {
    /// A home without any profile.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str().to_owned();
        Self {
            folder,
            vars: vec![("HOME".into(), home)],
        }
    }

    /// A home with the profiles `lab` (MAAS, the default) and `play` (Macrometa) of a sandbox.
    pub fn with_profiles(sandbox: &Sandbox) -> Self {
        let home = Self::empty();
        home.write_config(&format!(
            "default = \"lab\"\n\n[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey = \"{}\"\n\n\
             [profiles.play]\nservice = \"macrometa\"\nurl = \"{}\"\nfabric = \"_system\"\nkey = \"{}\"\n",
            sandbox.maas_url(),
            sandbox.maas_key(),
            sandbox.url(),
            sandbox.macrometa_key(),
        ));
        home
    }

    /// Sets a variable for the runs of this home.
    pub fn var(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.vars.push((name.into(), value.into()));
        self
    }

    /// Leaves a variable out of the runs of this home.
    pub fn without_var(mut self, name: &str) -> Self {
        self.vars.retain(|(known, _)| known != name);
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn config_path(&self) -> PathBuf {
        self.path().join(".config/apicall/config.toml")
    }

    pub fn config(&self) -> String {
        fs::read_to_string(self.config_path()).unwrap_or_default()
    }

    /// Writes the config file, 0600 as apicall does.
    pub fn write_config(&self, text: &str) {
        let path = self.config_path();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        set_mode(&path, 0o600);
    }

    /// Writes a file into the home and gives its path.
    pub fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, contents).unwrap();
        path
    }

    /// Runs `apicall` with the arguments, in the home, without standard input.
    pub fn run<S: AsRef<str>>(&self, args: &[S]) -> Ended {
        self.run_with(args, b"")
    }

    /// The same with standard input.
    pub fn run_with<S: AsRef<str>>(&self, args: &[S], stdin: &[u8]) -> Ended {
        let mut child = self.spawn(args);
        // A run that does not read its input closes it; that is its right.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Ended {
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
            code: output.status.code().unwrap_or(-1),
        }
    }

    /// Runs it, and returns the peak of its resident memory in KiB as `/proc` last showed it.
    ///
    /// `ru_maxrss` would count what this process had when it started the other one.
    #[cfg(target_os = "linux")]
    pub fn run_watched<S: AsRef<str>>(&self, args: &[S]) -> (Ended, u64) {
        let read = |mut file: &fs::File| {
            let mut bytes = Vec::new();
            file.rewind().unwrap();
            file.read_to_end(&mut bytes).unwrap();
            bytes
        };
        let (stdout, stderr) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let mut child = self
            .command(args)
            .stdin(Stdio::null())
            .stdout(stdout.try_clone().unwrap())
            .stderr(stderr.try_clone().unwrap())
            .spawn()
            .unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
            let kib = line.and_then(|l| l.split_whitespace().next()?.parse().ok());
            peak = kib.unwrap_or(peak);
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(peak > 0, "the peak was seen");
        let ended = Ended {
            stdout: read(&stdout),
            stderr: String::from_utf8(read(&stderr)).expect("stderr is UTF-8"),
            code: child.wait().unwrap().code().unwrap_or(-1),
        };
        (ended, peak)
    }

    /// Starts `apicall` with all streams piped.
    pub fn spawn<S: AsRef<str>>(&self, args: &[S]) -> Child {
        self.command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The command itself, for tests that need something special.
    pub fn command<S: AsRef<str>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apicall"));
        command
            .args(args.iter().map(AsRef::as_ref))
            .env_clear()
            .envs(self.vars.iter().map(|(k, v)| (k, v)))
            .current_dir(self.path());
        command
    }
}

impl Ended {
    pub fn stdout(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("stdout is UTF-8")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|e| panic!("stdout is not JSON ({e}): {self:?}"))
    }

    /// Checks the exit code, and shows everything where it differs.
    #[track_caller]
    pub fn code(self, want: i32) -> Self {
        assert_eq!(self.code, want, "{self:#?}");
        self
    }

    /// Success, with nothing on stderr.
    #[track_caller]
    pub fn ok(self) -> Self {
        let ended = self.code(0);
        assert_eq!(ended.stderr, "", "stderr of a success");
        ended
    }

    /// A failure: nothing on stdout, and an error that begins with `apicall: ` and holds a text.
    #[track_caller]
    pub fn fails(self, want: i32, text: &str) -> Self {
        let ended = self.code(want);
        assert!(ended.stdout.is_empty(), "stdout of a failure: {ended:#?}");
        assert!(ended.stderr.starts_with("apicall: "), "{ended:#?}");
        assert!(
            ended.stderr.contains(text),
            "{text:?} is missing: {ended:#?}"
        );
        ended
    }
}

#[cfg(unix)]
pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Returns whether a program is there; a test that needs a missing one is skipped with a word, and
/// fails under `CI=true`.
pub fn is_installed(program: &str) -> bool {
    let found = std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    });
    if !found {
        skip(program);
    }
    found
}

/// Names the missing program that a test is skipped for; fails the test under `CI=true`.
pub fn skip(program: &str) {
    let is_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(
        !is_ci,
        "`{program}` is not installed, and `CI=true` allows no skipped test"
    );
    eprintln!("skipped: `{program}` is not installed");
}

/// Returns whether generated and recorded files are to be written instead of compared.
pub fn is_blessing() -> bool {
    std::env::var_os("APICALL_BLESS").is_some()
}

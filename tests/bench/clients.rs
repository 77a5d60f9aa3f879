//! apicall and its peers: where they are, and how a call is said to each of them.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// A signed header as MAAS's documentation has it; the server does not look at it.
const AUTHORIZATION: &str = "OAuth oauth_version=\"1.0\", oauth_signature_method=\"PLAINTEXT\", \
     oauth_consumer_key=\"Kd83hTgRw2LmPq9ZxB\", oauth_token=\"vN4cYs7HkW1fQjE6Ub\", \
     oauth_signature=\"%26r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6e\", oauth_nonce=\"1\", oauth_timestamp=\"1\"";

/// A command line under a name.
pub struct Client {
    pub name: &'static str,
    pub program: PathBuf,
    pub args: Vec<OsString>,
    pub vars: Vec<(OsString, OsString)>,
    /// Where its output goes; thrown away where it is not said.
    pub stdout: Option<PathBuf>,
}

/// apicall with a config file in `home` that has a MAAS.
pub fn apicall(home: &Path, url: &str, args: &[&str]) -> Client {
    let key = "Kd83hTgRw2LmPq9ZxB:vN4cYs7HkW1fQjE6Ub:r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6e";
    configured(home, ("maas", url, key), args)
}

/// apicall with a config file in `home` that has a Macrometa.
pub fn apicall_macrometa(home: &Path, url: &str, args: &[&str]) -> Client {
    configured(home, ("macrometa", url, MACROMETA_KEY), args)
}

/// A key of Macrometa; the server does not look at it.
pub const MACROMETA_KEY: &str =
    "demo.bench.r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6eKd83hTgRw2LmPq9ZxBvN4cYs7HkW1fQjE6Ub";

fn configured(home: &Path, (service, url, key): (&str, &str, &str), args: &[&str]) -> Client {
    let folder = home.join(".config/apicall");
    fs::create_dir_all(&folder).unwrap();
    let config = folder.join("config.toml");
    fs::write(
        &config,
        format!(
            "default = \"lab\"\n\n[profiles.lab]\nservice = \"{service}\"\nurl = \"{url}\"\n\
             key = \"{key}\"\n"
        ),
    )
    .unwrap();
    fs::set_permissions(&config, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    Client {
        name: "apicall",
        program: fresh_copy(home),
        args: args.iter().map(Into::into).collect(),
        vars: vec![("HOME".into(), home.into())],
        stdout: None,
    }
}

/// A copy of the program: how the pages of a file came into the cache moves CPU time by a tenth, and
/// those of a copy all came in one way.
fn fresh_copy(home: &Path) -> PathBuf {
    let copy = home.join("apicall");
    if !copy.exists() {
        let program = std::env::var_os("APICALL_BENCH_PROGRAM");
        let program = program.unwrap_or_else(|| env!("CARGO_BIN_EXE_apicall").into());
        fs::copy(program, &copy).unwrap();
    }
    copy
}

/// curl, where it is installed, with a header.
pub fn curl(home: &Path, args: &[&str]) -> Option<Client> {
    let header = format!("Authorization: {AUTHORIZATION}");
    let args = [&["-s", "-H", &header], args].concat();
    client("curl", "curl", home, &args)
}

/// The peers that are installed, with their arguments to get an address with a header.
pub fn peers(home: &Path, url: &str) -> Vec<Client> {
    let item = format!("Authorization:{AUTHORIZATION}");
    let mut peers = vec![
        curl(home, &[url]),
        client(
            "xh",
            "xh",
            home,
            &["--ignore-stdin", "--pretty=format", "GET", url, &item],
        ),
        client(
            "HTTPie",
            "http",
            home,
            &["--ignore-stdin", "--pretty=format", "GET", url, &item],
        ),
    ];
    peers.push(python().and_then(|python| {
        let mut client = client("MAAS's Python example", &python, home, &["-c", PYTHON, url])?;
        // The virtual environment is found by the program's path; nothing else is needed.
        client.program = python.into();
        Some(client)
    }));
    peers.push(client(
        "fetch example",
        "node",
        home,
        &["--input-type=module", "-e", FETCH, url, AUTHORIZATION],
    ));
    peers.into_iter().flatten().collect()
}

/// What Macrometa's documentation shows, for one GET.
const FETCH: &str = "\
const [url, authorization] = process.argv.slice(1);
const response = await fetch(url, { headers: { Accept: 'application/json', authorization } });
if (!response.ok) throw new Error(response.statusText);
console.log(await response.json());
";

/// What MAAS's documentation shows, for one GET.
const PYTHON: &str = "\
import sys
from oauthlib.oauth1 import SIGNATURE_PLAINTEXT
from requests_oauthlib import OAuth1Session
session = OAuth1Session('Kd83hTgRw2LmPq9ZxB', resource_owner_key='vN4cYs7HkW1fQjE6Ub',
    resource_owner_secret='r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6e', signature_method=SIGNATURE_PLAINTEXT)
response = session.get(sys.argv[1])
response.raise_for_status()
print(response.json())
";

/// A Python that has `requests_oauthlib`: the peers' proof installs one beside the build.
fn python() -> Option<String> {
    let target = Path::new(env!("CARGO_BIN_EXE_apicall"))
        .ancestors()
        .nth(2)?;
    let own = target.join("peers-venv/bin/python");
    [own.display().to_string(), "python3".to_owned()]
        .into_iter()
        .find(|python| {
            std::process::Command::new(python)
                .args(["-c", "import requests_oauthlib"])
                .output()
                .is_ok_and(|output| output.status.success())
        })
}

/// A client that is installed, by its program's name.
pub fn client(name: &'static str, program: &str, home: &Path, args: &[&str]) -> Option<Client> {
    let Some(found) = find(program) else {
        println!("  ({name} is not installed)");
        return None;
    };
    Some(Client {
        name,
        program: found,
        args: args.iter().map(Into::into).collect(),
        vars: vec![("HOME".into(), home.into())],
        stdout: None,
    })
}

/// A program in the `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

//! Proxies: real ones from the distribution where they are installed, and one of our own that
//! refuses, lies and records.
//!
//! A call to loopback is never proxied, so the servers here are called `127.1`: to us a name like
//! any other, which the proxy's own look-up finds to be this machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::sandbox::{Authority, Fault, Sandbox, Subject, Tls};
use crate::support::{self, Home};

fn home(sandbox: &Sandbox) -> Home {
    Home::empty()
        .var(
            "APICALL_URL",
            sandbox.maas_url().replace("127.0.0.1", "127.1"),
        )
        .var("APICALL_KEY", sandbox.maas_key())
}

/// A proxy that answers every CONNECT with the same head and, where that is a 200, tunnels to the
/// target. To other requests it says the same, with an empty list. What it was asked is kept.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(response: &'static str, target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let log = Arc::clone(&log);
                std::thread::spawn(move || serve(stream, response, target, &log));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, response: &str, target: SocketAddr, log: &Mutex<Vec<String>>) {
    loop {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read(&mut byte).unwrap_or(0) == 0 {
                return;
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        log.lock().unwrap().push(head.clone());
        if head.starts_with("CONNECT ") {
            break;
        }
        let body = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]";
        let _ = stream.write_all(format!("{response}\r\n{body}").as_bytes());
    }
    let _ = stream.write_all(format!("{response}\r\n\r\n").as_bytes());
    if !response.contains(" 200 ") {
        return;
    }
    let server = TcpStream::connect(target).unwrap();
    let (mut from, mut to) = (stream.try_clone().unwrap(), server.try_clone().unwrap());
    std::thread::spawn(move || std::io::copy(&mut from, &mut to));
    let _ = std::io::copy(&mut &server, &mut stream);
}

#[test]
fn http_goes_to_the_proxy_in_absolute_form() {
    let sandbox = Sandbox::start().may_stay_silent();
    let proxy = Proxy::start("HTTP/1.1 200 OK", sandbox.address());
    let url = format!("http://us%40er:hunter2word@{}", proxy.address);
    let home = home(&sandbox).var("http_proxy", url);
    let ended = home
        .run(&["get", "/users/", "--op", "whoami", "-vv"])
        .code(0);
    assert_eq!(ended.stdout(), "[]\n");
    let asked = proxy.asked();
    assert_eq!(asked.len(), 1);
    let port = sandbox.address().port();
    let lines: Vec<_> = asked[0].lines().collect();
    assert_eq!(
        lines[0],
        format!("GET http://127.1:{port}/MAAS/api/2.0/users/?op=whoami HTTP/1.1")
    );
    assert!(
        lines
            .iter()
            .any(|l| l.eq_ignore_ascii_case(&format!("host: 127.1:{port}"))),
        "{asked:?}"
    );
    // base64("us@er:hunter2word")
    assert!(
        lines.contains(&"Proxy-Authorization: Basic dXNAZXI6aHVudGVyMndvcmQ="),
        "{asked:?}"
    );
    assert!(asked[0].contains("OAuth"), "{asked:?}");
    assert!(!ended.stderr.contains("hunter2word"), "{}", ended.stderr);
}

#[test]
fn connect_with_user_and_password() {
    let (ca, sandbox) = tls_sandbox();
    let proxy = Proxy::start("HTTP/1.1 200 OK", sandbox.address());
    let url = format!("http://us%40er:hunter2word@{}", proxy.address);
    let home = tls_home(&ca, &sandbox).var("https_proxy", url);
    let ended = home
        .run(&[
            "get",
            "/users/",
            "--op",
            "whoami",
            "--ca-file",
            "ca.pem",
            "-vv",
        ])
        .code(0);
    assert_eq!(ended.json()["username"], "admin");
    let asked = proxy.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].starts_with(&format!(
        "CONNECT maas.test:{} HTTP/1.1\r\n",
        sandbox.address().port()
    )));
    assert!(
        asked[0].contains("Proxy-Authorization: Basic dXNAZXI6aHVudGVyMndvcmQ="),
        "{}",
        asked[0]
    );
    assert!(
        !asked[0].contains("OAuth"),
        "the key is for the server only"
    );
    assert!(
        sandbox.last().header("proxy-authorization").is_none(),
        "the proxy's password is for the proxy only"
    );
    assert!(!ended.stderr.contains("hunter2word"), "{}", ended.stderr);
}

fn tls_sandbox() -> (Authority, Sandbox) {
    let ca = Authority::new("Lab CA");
    let sandbox = Sandbox::start_tls(Tls::new(ca.issue(&Subject::new("x", &["maas.test"]))));
    (ca, sandbox)
}

fn tls_home(ca: &Authority, sandbox: &Sandbox) -> Home {
    let home = Home::empty()
        .var(
            "APICALL_URL",
            sandbox.maas_url().replace("127.0.0.1", "maas.test"),
        )
        .var("APICALL_KEY", sandbox.maas_key());
    home.file("ca.pem", &ca.certificate_pem);
    home
}

#[test]
fn what_goes_through_a_tunnel_in_tls_is_seen_in_clear() {
    // The tunnel's own bytes are none of the response: its head is shown as the server wrote it.
    let ca = Authority::new("Lab CA");
    let sandbox = Sandbox::start_tls(Tls::new(ca.issue(&Subject::new("x", &["maas.test"]))));
    let proxy = Proxy::start("HTTP/1.1 200 OK", sandbox.address());
    let home = Home::empty()
        .var(
            "APICALL_URL",
            sandbox.maas_url().replace("127.0.0.1", "maas.test"),
        )
        .var("APICALL_KEY", sandbox.maas_key())
        .var("https_proxy", format!("http://{}", proxy.address));
    home.file("ca.pem", &ca.certificate_pem);
    let ended = home
        .run(&[
            "get",
            "/users/",
            "--op",
            "whoami",
            "-i",
            "--ca-file",
            "ca.pem",
        ])
        .ok();
    assert!(
        ended.stdout().contains("\nContent-Type: application/json"),
        "{ended:?}"
    );
    assert_eq!(proxy.asked().len(), 1);
}

#[test]
fn a_tunnel_is_kept() {
    let (ca, sandbox) = tls_sandbox();
    let proxy = Proxy::start("HTTP/1.1 200 OK", sandbox.address());
    sandbox.fault(Fault::status(502).retry_after("0").times(2));
    sandbox.fault(Fault::redirect(302, "/MAAS/api/2.0/tags/"));
    let home = tls_home(&ca, &sandbox).var("https_proxy", format!("http://{}", proxy.address));
    home.run(&["get", "/old/", "--ca-file", "ca.pem"]).code(0);
    assert_eq!(sandbox.requests().len(), 4);
    assert_eq!(
        proxy.asked().len(),
        1,
        "two retries and a redirect, one tunnel"
    );
}

#[test]
fn each_request_on_a_kept_connection_is_in_absolute_form() {
    let sandbox = Sandbox::start().may_stay_silent();
    let proxy = Proxy::start(
        "HTTP/1.1 502 Bad Gateway\r\nRetry-After: 0",
        sandbox.address(),
    );
    let home = home(&sandbox).var("http_proxy", format!("http://{}", proxy.address));
    home.run(&["get", "/tags/"]).code(5);
    let asked = proxy.asked();
    assert_eq!(asked.len(), 4);
    for head in asked {
        assert!(head.starts_with("GET http://127.1:"), "{head}");
        assert_eq!(head.matches("Proxy-Connection").count(), 1, "{head}");
    }
}

#[test]
fn a_refusing_proxy_is_named() {
    let (ca, secure) = tls_sandbox();
    let secure = secure.may_stay_silent();
    let plain = Sandbox::start().may_stay_silent();
    for (response, is_tunnel, want) in [
        (
            "HTTP/1.1 403 Filtered",
            true,
            "many allow port 443 only; NO_PROXY",
        ),
        (
            "HTTP/1.1 407 Proxy Authentication Required",
            true,
            "another user and password",
        ),
        ("HTTP/1.1 503 Service Unavailable", true, "NO_PROXY"),
        ("nonsense", true, "not HTTP"),
        (
            "HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0",
            false,
            "has to allow this host and port; NO_PROXY",
        ),
        (
            "HTTP/1.1 403 Filtered\r\nServer: tinyproxy/1.11",
            false,
            "NO_PROXY",
        ),
        (
            "HTTP/1.1 407 Proxy Authentication Required",
            false,
            "another user and password",
        ),
    ] {
        let proxy = Proxy::start(response, secure.address());
        let url = format!("http://user:hunter2word@{}", proxy.address);
        let home = if is_tunnel {
            tls_home(&ca, &secure).var("https_proxy", url)
        } else {
            home(&plain).var("http_proxy", url)
        };
        let mut args = vec!["post", "/machines/", "--op", "allocate"];
        if is_tunnel {
            args.extend(["--ca-file", "ca.pem"]);
        }
        let ended = home.run(&args).fails(7, want);
        assert!(
            ended
                .stderr
                .contains(&format!("(proxy `{}`)", proxy.address)),
            "{ended:?}"
        );
        assert!(!ended.stderr.contains("hunter2word"), "{ended:?}");
        assert!(
            !ended.stderr.contains("***"),
            "a hint is no secret: {ended:?}"
        );
        assert!(
            !ended.stderr.contains("whether it was applied"),
            "{ended:?}"
        );
        assert_eq!(proxy.asked().len(), 1, "{response}");
    }
    // What may be the server's or the proxy's own keeps its status.
    for (status, code) in [("403 Forbidden", 4), ("503 Service Unavailable", 5)] {
        let response: &'static str = format!("HTTP/1.1 {status}").leak();
        let proxy = Proxy::start(response, plain.address());
        let home = home(&plain).var("http_proxy", format!("http://{}", proxy.address));
        let ended = home.run(&["get", "/x/"]).fails(code, status);
        let hint = format!("through the proxy `{}`", proxy.address);
        assert!(ended.stderr.contains(&hint), "{ended:?}");
    }
    let sandbox = plain;
    let gone = format!("http://127.0.0.1:{}", Sandbox::closed_port());
    let home = home(&sandbox).var("http_proxy", gone.as_str());
    let ended = home
        .run(&["get", "/tags/", "--retries", "0"])
        .fails(7, "refused");
    assert!(
        ended.stderr.contains(gone.trim_start_matches("http://")),
        "{ended:?}"
    );
    assert!(sandbox.requests().is_empty());
}

#[test]
fn who_goes_direct() {
    let sandbox = Sandbox::start();
    let proxy = Proxy::start("HTTP/1.1 200 OK", sandbox.address());
    let url = format!("http://{}", proxy.address);
    let port = sandbox.address().port();
    for (variable, value, proxied) in [
        ("http_proxy", url.clone(), true),
        ("ALL_PROXY", url.clone(), true),
        ("HTTPS_PROXY", url.clone(), false),
        ("HTTP_PROXY", url.clone(), false),
    ] {
        let before = proxy.asked().len();
        home(&sandbox)
            .var(variable, value)
            .run(&["get", "/tags/"])
            .ok();
        assert_eq!(proxy.asked().len() > before, proxied, "{variable}");
    }
    for (no_proxy, direct) in [
        ("127.1".to_owned(), true),
        (format!("other.example, 127.1:{port}"), true),
        ("127.1:1".to_owned(), false),
        ("*".to_owned(), true),
        ("1.example".to_owned(), false),
    ] {
        let before = proxy.asked().len();
        home(&sandbox)
            .var("http_proxy", url.as_str())
            .var("NO_PROXY", no_proxy.as_str())
            .run(&["get", "/tags/"])
            .ok();
        assert_eq!(proxy.asked().len() == before, direct, "{no_proxy}");
    }
    // The environment's exceptions count for a proxy of the command line, too.
    let before = proxy.asked().len();
    home(&sandbox)
        .var("NO_PROXY", "127.1")
        .run(&["get", "/tags/", "--proxy", &url])
        .ok();
    assert_eq!(proxy.asked().len(), before);
    // Loopback by its own name is direct whatever is set.
    let before = proxy.asked().len();
    let home = Home::with_profiles(&sandbox).var("http_proxy", url.as_str());
    home.run(&["get", "/tags/"]).ok();
    home.run(&["get", "/tags/", "--proxy", &url]).ok();
    assert_eq!(proxy.asked().len(), before);
}

#[test]
fn a_proxy_that_can_not_be_one() {
    let sandbox = Sandbox::start().may_stay_silent();
    for bad in [
        "http://127.0.0.1:99999",
        "ftp://x",
        "zz://u:hunter2word@bad",
        "http://u:hunter2word@",
        "http://u:hunter2 word@h",
        "http://u:hunter2/word@h",
    ] {
        // Loopback never goes there, and still.
        for home in [home(&sandbox), Home::with_profiles(&sandbox)] {
            for more in [&[][..], &["--dry-run"]] {
                let args = [&["get", "/tags/", "--proxy", bad][..], more].concat();
                let ended = home.run(&args).fails(2, "`--proxy`: the proxy's address");
                assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
            }
        }
        let home = Home::empty();
        home.write_config(&format!(
            "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nproxy = \"{bad}\"\n",
            sandbox.maas_url()
        ));
        let ended = home
            .run(&["get", "/tags/"])
            .fails(9, "`proxy`: the proxy's address");
        assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
        let ended = self::home(&sandbox)
            .var("http_proxy", bad)
            .run(&["get", "/tags/"])
            .fails(7, "`http_proxy`: the proxy's address");
        assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
    }
    assert!(sandbox.requests().is_empty());
}

/// A program of the distribution that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a proxy on a free port; `None` where it is not installed, which fails where all tools are
/// to be there.
fn start(program: &str, args: impl Fn(u16) -> Vec<String>) -> Option<(Running, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let child = Command::new(program)
        .args(args(port))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(child) = child else {
        support::skip(program);
        return None;
    };
    let running = Running(child);
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some((running, port));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{program} does not listen");
}

/// Calls a server through a proxy over http and https, and a login, whose calls share a connection.
fn use_proxy(variable_value: &str) {
    let sandbox = Sandbox::start();
    let home = home(&sandbox).var("ALL_PROXY", variable_value);
    let ended = home.run(&["get", "/users/", "--op", "whoami"]).ok();
    assert_eq!(ended.json()["username"], "admin");
    home.file("big", vec![7u8; 3 << 20]);
    home.run(&["post", "/files/", "filename=x", "file@big"])
        .code(0);
    assert!(sandbox.last().body_length > 3 << 20);

    let Some(name) = local_name() else {
        eprintln!("this machine's name is not 127.0.0.1: https through the proxy is skipped");
        return;
    };
    let ca = Authority::new("Lab CA");
    let sandbox = Sandbox::start_tls(Tls::new(ca.issue(&Subject::new("x", &[&name]))));
    let home = Home::empty()
        .var("ALL_PROXY", variable_value)
        .var(
            "APICALL_URL",
            sandbox.maas_url().replace("127.0.0.1", &name),
        )
        .var("APICALL_KEY", sandbox.maas_key());
    let file = home.file("ca.pem", &ca.certificate_pem);
    let file = file.to_str().unwrap();
    let ended = home
        .run(&["get", "/users/", "--op", "whoami", "--ca-file", file])
        .ok();
    assert_eq!(ended.json()["username"], "admin");
    assert!(sandbox.last().tls);
}

/// The machine's own name, where it leads to 127.0.0.1 as on most distributions' images.
fn local_name() -> Option<String> {
    use std::net::ToSocketAddrs as _;
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim().to_owned();
    let mut addresses = (name.as_str(), 80).to_socket_addrs().ok()?;
    (name != "localhost" && addresses.all(|a| a.ip().to_string() == "127.0.0.1")).then_some(name)
}

#[test]
fn tinyproxy() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("tinyproxy.conf");
    let started = start("tinyproxy", |port| {
        let text = format!(
            "Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nBasicAuth user hunter2word\nMaxClients 20\n"
        );
        std::fs::write(&config, text).unwrap();
        vec!["-d".into(), "-c".into(), config.display().to_string()]
    });
    let Some((_running, port)) = started else {
        return;
    };
    use_proxy(&format!("http://user:hunter2word@127.0.0.1:{port}"));
    let sandbox = Sandbox::start().may_stay_silent();
    let wrong = format!("http://user:wrong@127.0.0.1:{port}");
    let home = home(&sandbox).var("ALL_PROXY", wrong);
    home.run(&["get", "/tags/"]).fails(7, "proxy");
}

/// The lines of a package's own configuration, but for the places that a test cannot have.
fn packaged(path: &str, places: &[&str]) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let is_kept = |line: &&str| {
        let word = line.split_whitespace().next().unwrap_or("#");
        !word.starts_with('#') && !places.contains(&word)
    };
    text.lines()
        .filter(is_kept)
        .flat_map(|l| [l, "\n"])
        .collect()
}

/// A folder that a proxy may use that has put root's rights off.
fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    support::set_mode(folder.path(), 0o777);
    folder
}

#[test]
fn tinyproxy_as_its_package_sets_it_up() {
    let folder = open_folder();
    let config = folder.path().join("tinyproxy.conf");
    let own = packaged(
        "/etc/tinyproxy/tinyproxy.conf",
        &["Port", "LogFile", "PidFile"],
    );
    let started = start("tinyproxy", |port| {
        std::fs::write(&config, format!("{own}Port {port}\n")).unwrap();
        vec!["-d".into(), "-c".into(), config.display().to_string()]
    });
    if let Some((_running, port)) = started {
        assert!(own.contains("Allow 127.0.0.1"), "{own}");
        use_proxy(&format!("http://127.0.0.1:{port}"));
    }
}

/// Squid with what its package allows: CONNECT to port 443, other requests to the web's ports and
/// all above 1024.
#[test]
fn squid_as_its_package_sets_it_up() {
    let folder = open_folder();
    let config = folder.path().join("squid.conf");
    let own = packaged("/etc/squid/squid.conf", &["http_port", "coredump_dir"]);
    let started = start("/usr/sbin/squid", |port| {
        let place = folder.path().display();
        // Nothing asks the network's name server: only names of the hosts file are used here.
        let text = format!(
            "{own}http_port 127.0.0.1:{port}\npid_filename none\naccess_log none\n\
             cache_log {place}/cache.log\ncache_store_log none\ncoredump_dir none\n\
             visible_hostname localhost\nshutdown_lifetime 0 seconds\npinger_enable off\n\
             dns_nameservers 127.0.0.1\n"
        );
        std::fs::write(&config, text).unwrap();
        let config = config.display().to_string();
        ["-N", "-n", &format!("apicall{port}"), "-f", &config]
            .map(str::to_owned)
            .to_vec()
    });
    let Some((_running, port)) = started else {
        return;
    };
    assert!(own.contains("http_access deny CONNECT !SSL_ports"), "{own}");
    let Some(name) = local_name() else {
        eprintln!("this machine's name is not 127.0.0.1: squid is skipped");
        return;
    };
    let sandbox = Sandbox::start();
    let through = |url: String| {
        Home::empty()
            .var("APICALL_URL", url.replace("127.0.0.1", &name))
            .var("APICALL_KEY", sandbox.maas_key())
            .var("ALL_PROXY", format!("http://127.0.0.1:{port}"))
    };
    let home = through(sandbox.maas_url());
    let ended = home.run(&["get", "/users/", "--op", "whoami"]).ok();
    assert_eq!(ended.json()["username"], "admin");
    assert!(sandbox.last().header("via").is_some(), "it went through");
    home.file("big", vec![7u8; 3 << 20]);
    home.run(&["post", "/files/", "filename=x", "file@big"])
        .code(0);
    assert!(sandbox.last().body_length > 3 << 20);
    let server = sandbox.address().port();
    for (url, hint) in [
        (
            format!("https://127.0.0.1:{server}/MAAS"),
            "many allow port 443 only; NO_PROXY",
        ),
        (
            "http://127.0.0.1:25/MAAS".to_owned(),
            "has to allow this host and port; NO_PROXY",
        ),
    ] {
        let ended = through(url).run(&["get", "/tags/"]);
        ended.fails(7, hint);
    }
}

#[test]
fn microsocks() {
    let started = start("microsocks", |port| {
        [
            "-i",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-u",
            "user",
            "-P",
            "hunter2word",
        ]
        .map(str::to_owned)
        .to_vec()
    });
    let Some((_running, port)) = started else {
        return;
    };
    for scheme in ["socks5", "socks5h"] {
        use_proxy(&format!("{scheme}://user:hunter2word@127.0.0.1:{port}"));
    }
    let sandbox = Sandbox::start().may_stay_silent();
    let wrong = format!("socks5://user:wrong@127.0.0.1:{port}");
    let home = home(&sandbox).var("ALL_PROXY", wrong);
    home.run(&["get", "/tags/", "--retries", "0"])
        .fails(7, "proxy");
}

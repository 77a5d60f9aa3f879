//! Time limits: whatever a server does or does not do, the call ends.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::sandbox::{Effect, Fault, Sandbox};
use crate::support::{Ended, Home};

/// Well above the limits that the tests set, well below those that are built in.
const SOON: Duration = Duration::from_secs(5);

#[track_caller]
fn ends_soon(run: impl FnOnce() -> Ended) -> Ended {
    let started = Instant::now();
    let ended = run();
    assert!(
        started.elapsed() < SOON,
        "took {:?}: {ended:?}",
        started.elapsed()
    );
    ended
}

#[test]
fn a_server_that_stops_anywhere() {
    for (effect, printed) in [
        (Effect::StallBeforeHead, false),
        (Effect::StallInHead, false),
        (Effect::StallInBody(30), true),
    ] {
        let sandbox = Sandbox::start();
        sandbox.fault(Fault::from(effect.clone()).always());
        let home = Home::with_profiles(&sandbox);
        let ended =
            ends_soon(|| home.run(&["get", "/users/", "--op", "whoami", "--timeout", "300ms"]));
        assert_eq!(ended.code, 6, "{effect:?}: {ended:?}");
        assert!(ended.stderr.contains("timed out"), "{ended:?}");
        assert_eq!(
            !ended.stdout.is_empty(),
            printed,
            "what came is printed: {ended:?}"
        );
        assert_eq!(sandbox.requests().len(), 1, "a timeout is not repeated");
    }
}

/// A body that stops is a timeout for whoever reads it.
#[test]
fn a_body_that_stops_is_a_timeout_in_every_command() {
    for line in [
        &["get", "/tags/"][..],
        &["get", "/tags/", "-o", "csv"],
        &["get", "/tags/", "--jq", "."],
        &["get", "/tags/", "--download", "file"],
        &["whoami"],
        &["ops"],
        &["events"],
        &["wait", "/tags/", "--until", ".a"],
        &["wait", "--for", "ready", "abc"],
        &["query", "RETURN 1", "-p", "play"],
        &["export", "addresses", "-p", "play"],
    ] {
        let sandbox = Sandbox::start();
        sandbox.fault(Fault::from(Effect::StallInBody(1)).always());
        let home = Home::with_profiles(&sandbox);
        let line = [line, &["--timeout", "500ms"]].concat();
        let ended = ends_soon(|| home.run(&line));
        assert_eq!(ended.code, 6, "{line:?}: {ended:?}");
    }
}

#[test]
fn the_limit_is_a_total() {
    // Each byte comes quickly enough; all of them do not.
    let sandbox = Sandbox::start();
    sandbox.fault(Fault::drip(1, Duration::from_millis(50)).always());
    let home = Home::with_profiles(&sandbox);
    let started = Instant::now();
    let ended = ends_soon(|| home.run(&["get", "/machines/", "--timeout", "0.5"]));
    assert_eq!(ended.code, 6, "{ended:?}");
    assert!(started.elapsed() >= Duration::from_millis(400));
    // Repeats and their waits count, too.
    sandbox.clear_faults();
    sandbox.fault(Fault::status(503).retry_after("30").always());
    ends_soon(|| home.run(&["get", "/machines/", "--timeout", "1s"])).fails(5, "503");
}

#[test]
fn a_port_that_never_answers_the_handshake() {
    // Accepts (through the backlog) and says nothing: neither TLS nor a CONNECT get on.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let home = Home::empty().var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
    let tls = home.var("APICALL_URL", format!("https://{address}/MAAS"));
    ends_soon(|| tls.run(&["get", "/tags/", "--connect-timeout", "300ms"]))
        .fails(6, "timed out while connecting");
    let home = Home::empty()
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc")
        .var("APICALL_URL", "https://192.0.2.1/MAAS");
    let proxy = format!("http://{address}");
    ends_soon(|| {
        home.run(&[
            "get",
            "/tags/",
            "--connect-timeout",
            "300ms",
            "--proxy",
            &proxy,
        ])
    })
    .fails(6, "timed out while connecting");
}

#[test]
fn a_full_backlog_does_not_hang() {
    // Nothing accepts and the backlog is full: SYNs are dropped, as by a firewall.
    let listener =
        socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    listener
        .bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) =
        std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200))
    {
        waiting.push(stream);
    }
    let home = Home::empty()
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc")
        .var("APICALL_URL", format!("http://{address}/MAAS"));
    ends_soon(|| home.run(&["get", "/tags/", "--connect-timeout", "300ms"]))
        .fails(6, "timed out while connecting");
    ends_soon(|| home.run(&["get", "/tags/", "--timeout", "300ms"])).fails(6, "timed out");
}

#[test]
fn a_server_that_takes_no_more_of_the_body() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // Asks for the body and then does not read it.
        let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        std::thread::sleep(SOON * 2);
    });
    let home = Home::empty()
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc")
        .var("APICALL_URL", format!("http://{address}/MAAS"));
    home.file("big", vec![0u8; 32 << 20]);
    ends_soon(|| {
        home.run(&[
            "post",
            "/files/",
            "--body",
            "@big",
            "Content-Type:a/b",
            "--timeout",
            "500ms",
        ])
    })
    .fails(6, "timed out");
}

#[test]
fn verbose_shows_the_stages() {
    let sandbox = Sandbox::start();
    let home = Home::empty()
        .var(
            "APICALL_URL",
            sandbox.maas_url().replace("127.0.0.1", "localhost"),
        )
        .var("APICALL_KEY", sandbox.maas_key());
    let ended = home
        .run(&["get", "/users/", "--op", "whoami", "-v"])
        .code(0);
    let line = ended.stderr.lines().find(|l| l.starts_with("* ")).unwrap();
    for stage in ["dns ", "connect ", "first byte ", "total "] {
        assert!(line.contains(stage), "{stage}: {line}");
    }
}

#[test]
fn an_unknown_host() {
    let home = Home::empty()
        .var("APICALL_URL", "http://no-such-host.invalid/MAAS")
        .var("APICALL_KEY", "aaaaaa:bbbbbb:cccccc");
    home.run(&["get", "/tags/"]).fails(7, "not known to DNS");
}

/// A key command ends with its own process or with its limit, whatever it has started.
#[test]
fn a_key_command_does_not_keep_a_call() {
    let sandbox = Sandbox::start();
    let home = Home::empty();
    home.file("key", sandbox.maas_key());
    // At a terminal it shares our group, and what it has started is left to it.
    let is_attended = std::fs::File::open("/dev/tty").is_ok();
    let stderr = if is_attended { "2>/dev/null" } else { "" };
    for (command, code) in [
        ("sleep 30 2>/dev/null & cat key".to_owned(), 0),
        ("yes 2>/dev/null".to_owned(), 9),
        (format!("(sleep 30; cat key) {stderr}"), 6),
        (format!("sleep 30 {stderr}; cat key"), 6),
    ] {
        home.write_config(&format!(
            "[profiles.lab]\nservice = \"maas\"\nurl = \"{}\"\nkey_command = \"{command}\"\n\
             timeout = \"2s\"\n",
            sandbox.maas_url()
        ));
        let ended = ends_soon(|| home.run(&["get", "/tags/"]));
        assert_eq!(ended.code, code, "{command}: {ended:?}");
    }
}

//! `--download`, `-O`, `-c`: whole or not at all, continued where that is safe, and what is shown
//! meanwhile.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::sandbox::{Effect, Fault, Gzip, Ranges, Sandbox};
use crate::support::{Ended, Home, mode, set_mode};

const TAG: &str = "\"v1\"";

/// Bytes that no form would leave as they are.
fn body() -> Vec<u8> {
    (0..100_000u32).flat_map(u32::to_le_bytes).collect()
}

fn file() -> Fault {
    Fault::body(200, "application/octet-stream", body())
}

fn ranged(ranges: Ranges) -> Fault {
    file().and(Effect::Ranges(ranges))
}

fn download(home: &Home, more: &[&str]) -> Ended {
    let args = [&["get", "/files/x", "--download", "x.bin"], more].concat();
    home.run(&args)
}

/// All names in the home but the config's.
fn names(home: &Home) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(home.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n != ".config")
        .collect();
    names.sort();
    names
}

fn read(home: &Home, name: &str) -> Vec<u8> {
    fs::read(home.path().join(name)).unwrap()
}

/// A download that was cut after so many bytes and left a part.
fn cut(sandbox: &Sandbox, home: &Home, ranges: Ranges, at: usize) {
    sandbox.fault(ranged(ranges).and(Effect::CutInBody(at)));
    let ended = download(home, &[]).fails(7, "cut short");
    assert!(ended.stderr.contains("`-c` continues"), "{ended:?}");
    assert_eq!(names(home), ["x.bin.part", "x.bin.part.json"]);
    assert_eq!(read(home, "x.bin.part"), body()[..at]);
}

#[test]
fn bytes_as_they_came() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (content_type, text) in [
        ("application/json", &b"{\"a\" :1.10}"[..]),
        ("application/json", b"not json"),
        ("application/octet-stream", b"\x00\x1b\xff"),
        ("text/plain", b""),
    ] {
        sandbox.fault(Fault::body(200, content_type, text));
        let ended = download(&home, &[]).ok();
        assert_eq!(ended.stdout(), "");
        assert_eq!(read(&home, "x.bin"), text);
        assert_eq!(names(&home), ["x.bin"]);
        assert_eq!(
            sandbox.last().header("accept-encoding"),
            Some("identity"),
            "a known length"
        );
    }
    for framing in [
        Effect::Chunked(1000),
        Effect::UntilClose,
        Effect::Gzip(Gzip::Good),
    ] {
        sandbox.fault(file().and(framing));
        download(&home, &[]).ok();
        assert_eq!(read(&home, "x.bin"), body());
    }
    sandbox.fault(file());
    let ended = download(&home, &["-v"]).code(0);
    assert!(
        ended.stderr.contains("saved 400 kB to `x.bin`"),
        "{ended:?}"
    );
    sandbox.fault(file());
    let ended = download(&home, &["-i", "Accept-Encoding:gzip"]).ok();
    assert!(ended.stdout().starts_with("HTTP/1.1 200 OK\n"));
    assert_eq!(sandbox.last().header("accept-encoding"), Some("gzip"));
}

#[test]
fn a_failure_leaves_what_was_there() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (fault, code, text) in [
        (file().and(Effect::CutInBody(5000)), 7, "cut short"),
        (file().and(Effect::ResetInAnswer(5000)), 7, "cut short"),
        (
            file()
                .and(Effect::UntilClose)
                .and(Effect::ResetInAnswer(5000)),
            7,
            "cut short",
        ),
        (file().and(Effect::WrongLength(1)), 7, "cut short"),
        (file().and(Effect::Gzip(Gzip::Broken)), 1, "gzip is broken"),
        (Fault::status(404), 4, "404 Not Found"),
        (Fault::status(500), 5, "500"),
        (Fault::redirect(302, "http://192.0.2.1/"), 3, "302"),
        (Fault::body(206, "text/plain", "part"), 1, "not asked for"),
    ] {
        for before in [None, Some("before")] {
            let _ = fs::remove_file(home.path().join("x.bin"));
            if let Some(before) = before {
                home.file("x.bin", before);
            }
            sandbox.fault(fault.clone());
            let ended = download(&home, &[]).fails(code, text);
            assert!(!ended.stderr.contains("-c"), "{ended:?}");
            let left = fs::read_to_string(home.path().join("x.bin")).ok();
            assert_eq!(left.as_deref(), before, "{ended:?}");
            assert_eq!(names(&home).len(), usize::from(before.is_some()));
        }
    }
    let url = sandbox.maas_url();
    drop(sandbox);
    let ended = download(&home, &["--retries", "0"]).fails(7, "refused");
    assert!(ended.stderr.contains("lab"), "{ended:?} {url}");
}

#[test]
fn modes_and_links() {
    let sandbox = Sandbox::start();
    sandbox.fault(file().always());
    let home = Home::with_profiles(&sandbox);
    let run = |umask: &str| {
        let apicall = env!("CARGO_BIN_EXE_apicall");
        let script = format!("umask {umask}; exec {apicall} get /files/x --download x.bin");
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &script]).env_clear();
        shell.env("HOME", home.path()).current_dir(home.path());
        assert!(shell.status().unwrap().success());
    };
    let path = home.path().join("x.bin");
    for (umask, want) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let _ = fs::remove_file(&path);
        run(umask);
        assert_eq!(mode(&path), want, "umask {umask}");
    }
    set_mode(&path, 0o640);
    run("077");
    assert_eq!(mode(&path), 0o640, "of the file that was there");
}

#[test]
fn targets_that_are_no_files() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    fs::create_dir(home.path().join("folder")).unwrap();
    fs::create_dir(home.path().join("locked")).unwrap();
    set_mode(&home.path().join("locked"), 0o555);
    let there = |name: &str| home.path().join(name);
    fs::write(there("victim"), "precious").unwrap();
    for (to, link) in [("loop", "loop"), ("victim", "link"), ("new", "dangling")] {
        symlink(to, there(link)).unwrap();
    }
    let made = std::process::Command::new("mkfifo")
        .arg(there("fifo"))
        .status();
    assert!(made.unwrap().success());
    let is_root = fs::write(home.path().join("locked/probe"), "").is_ok();
    for (target, code, text) in [
        ("-", 2, "-o raw"),
        ("", 2, "a value is required"),
        ("folder", 2, "is a folder"),
        ("new/", 2, "is a folder"),
        ("missing/x", 1, "missing"),
        ("loop", 1, "`loop` is a link"),
        (
            "link",
            1,
            "`link` is a link\nhint: nothing is written through a link: name the file itself",
        ),
        ("dangling", 1, "`dangling` is a link"),
        (
            "fifo",
            1,
            "`fifo` is not a regular file\nhint: `-o raw` writes to standard output: `> fifo`",
        ),
        ("/dev/null", 1, "`/dev/null` is not a regular file"),
        ("/dev/stdout", 1, "`/dev/stdout` is a link"),
        ("locked/x", 1, "locked"),
    ] {
        if target == "locked/x" && is_root {
            continue;
        }
        home.run(&["get", "/files/x", "--download", target])
            .fails(code, text);
    }
    assert!(sandbox.requests().is_empty(), "nothing is sent");
    assert_eq!(read(&home, "victim"), b"precious");
    assert!(!there("new").exists());

    sandbox.fill_collection("_system", "c", 3);
    for target in ["link", "dangling", "fifo", "/dev/null"] {
        home.run(&["export", "c", "-p", "play", "--to", target])
            .fails(1, &format!("`{target}` is "));
    }
    assert_eq!(read(&home, "victim"), b"precious");
    assert!(!there("new").exists());
}

#[test]
fn no_room_leaves_nothing() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for fault in [file(), ranged(Ranges::etag(TAG))] {
        sandbox.fault(fault);
        let apicall = env!("CARGO_BIN_EXE_apicall");
        let script =
            format!("trap '' XFSZ; ulimit -f 8; exec {apicall} get /files/x --download x.bin");
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let reported = String::from_utf8(output.stderr).unwrap();
        assert!(reported.contains("x.bin: File too large"), "{reported}");
        assert_eq!(names(&home), [""; 0]);
    }
}

#[test]
fn usage() {
    let sandbox = Sandbox::start().may_stay_silent();
    let home = Home::with_profiles(&sandbox);
    for (args, text) in [
        (&["head", "/x", "--download", "x"][..], "HEAD"),
        (&["get", "/x", "--download", "x", "-o", "json"], "-o"),
        (&["get", "/x", "-O", "-r"], "-r"),
        (&["get", "/x", "-c"], "--download"),
        (&["post", "/x", "--download", "x", "-c"], "GET"),
        (
            &["get", "/x", "--download", "x", "-c", "Range:bytes=1-"],
            "range",
        ),
    ] {
        home.run(args).fails(2, text);
    }
    let ended = home.run(&["get", "/x", "-O", "--download", "x"]).code(2);
    assert!(ended.stderr.contains("cannot be used with"), "{ended:?}");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn named_by_the_answer() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    for (disposition, path, name) in [
        (
            Some("attachment; filename=\"a b.bin\""),
            "/files/x",
            "a b.bin",
        ),
        (
            Some("attachment; filename=e; filename*=UTF-8''%C3%A9"),
            "/files/x",
            "é",
        ),
        (None, "/files/image.tgz?a=b", "image.tgz"),
    ] {
        let fault = match disposition {
            Some(d) => file().with_header("Content-Disposition", d),
            None => file(),
        };
        sandbox.fault(fault.clone());
        home.run(&["get", path, "-O"]).ok();
        assert_eq!(names(&home), [name]);
        assert_eq!(read(&home, name), body());
        // What the server chose replaces nothing.
        home.file(name, "mine");
        for fault in [fault.clone(), fault.and(Effect::Ranges(Ranges::etag(TAG)))] {
            sandbox.fault(fault);
            let ended = home.run(&["get", path, "-O"]).fails(1, "exists");
            assert!(ended.stderr.contains("hint: `--download"), "{ended:?}");
            assert_eq!(read(&home, name), b"mine");
            assert_eq!(names(&home), [name]);
        }
        fs::remove_file(home.path().join(name)).unwrap();
    }
    sandbox.fault(ranged(Ranges::etag(TAG)));
    home.run(&["get", "/files/r.bin", "-O"]).ok();
    assert_eq!(read(&home, "r.bin"), body());
    assert_eq!(names(&home), ["r.bin"]);
    for evil in ["../x", ".profile", "-rf", "a/b", "a\\b", "NUL", ""] {
        let header = format!("attachment; filename=\"{}\"", evil.replace('\\', "\\\\"));
        sandbox.fault(file().with_header("Content-Disposition", &header));
        let ended = home.run(&["get", "/files/x", "-O"]).fails(1, "name");
        assert!(ended.stderr.contains("--download FILE"), "{ended:?}");
        assert_eq!(names(&home), ["r.bin"]);
    }
}

#[test]
fn a_part_of_a_file_that_was_named_by_the_response_is_continued() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let disposition = ("Content-Disposition", "attachment; filename=d.bin");
    let fault = || ranged(Ranges::etag(TAG)).with_header(disposition.0, disposition.1);
    sandbox.fault(fault().and(Effect::CutInBody(1000)));
    let args = ["get", "/files/x", "-O"];
    home.run(&args).fails(7, "cut short");
    assert_eq!(names(&home), ["d.bin.part", "d.bin.part.json"]);
    sandbox.forget_requests();
    sandbox.fault(fault().times(2));
    home.run(&[&args[..], &["-c"]].concat()).ok();
    assert_eq!(names(&home), ["d.bin"]);
    assert_eq!(read(&home, "d.bin"), body());
    let requests = sandbox.requests();
    let range = requests.last().unwrap().header("range");
    assert_eq!((requests.len(), range), (2, Some("bytes=1000-")));
    // The file itself is never replaced, with `-c` neither; without a part nothing is asked twice.
    sandbox.fault(fault());
    home.run(&[&args[..], &["-c"]].concat())
        .fails(1, "`d.bin` exists, and `-O` replaces no file");
    fs::remove_file(home.path().join("d.bin")).unwrap();
    sandbox.forget_requests();
    sandbox.fault(fault());
    home.run(&[&args[..], &["-c"]].concat()).code(0);
    assert_eq!(sandbox.requests().len(), 1);
    assert_eq!(read(&home, "d.bin"), body());
}

#[test]
fn a_path_that_names_no_file_leaves_it_to_the_parameter() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    home.file("up", "stored");
    home.run(&["post", "/files/", "filename=stored.bin", "file@up"])
        .ok();
    home.run(&["get", "/files/", "--op", "get", "filename=stored.bin", "-O"])
        .ok();
    assert_eq!(read(&home, "stored.bin"), b"stored");
    home.run(&["post", "/files/", "filename=../x", "file@up"])
        .ok();
    home.run(&["get", "/files/", "--op", "get", "filename=../x", "-O"])
        .fails(
            1,
            "the file's name from the parameter `filename`, `../x`, is a path",
        );
    home.run(&["get", "/files/.x/", "-O"]).fails(4, "404");
}

#[test]
fn a_part_is_continued() {
    let sandbox = Sandbox::start();
    let past = "Sun, 06 Nov 1994 08:49:37 GMT";
    let dated = Ranges {
        last_modified: Some(past.to_owned()),
        ..Ranges::default()
    };
    for (ranges, validator) in [(Ranges::etag(TAG), TAG), (dated, past)] {
        let home = Home::with_profiles(&sandbox);
        cut(&sandbox, &home, ranges.clone(), 150_000);
        assert!(!String::from_utf8_lossy(&read(&home, "x.bin.part.json")).contains("files"));
        // It may be cut once more.
        sandbox.fault(ranged(ranges.clone()).and(Effect::CutInBody(50_000)));
        let ended = download(&home, &["-c"]).fails(7, "cut short");
        assert!(ended.stderr.contains("200 kB"), "{ended:?}");
        assert_eq!(sandbox.last().header("range"), Some("bytes=150000-"));
        assert_eq!(sandbox.last().header("if-range"), Some(validator));
        // An error of the server's does no harm.
        sandbox.fault(Fault::status(500));
        download(&home, &["-c"]).fails(5, "500");
        sandbox.fault(ranged(ranges));
        download(&home, &["-c"]).ok();
        assert_eq!(sandbox.last().header("range"), Some("bytes=200000-"));
        assert_eq!(read(&home, "x.bin"), body());
        assert_eq!(names(&home), ["x.bin"]);
    }
}

#[test]
fn a_part_that_does_not_fit_is_begun_anew() {
    let sandbox = Sandbox::start();
    let good = || Ranges::etag(TAG);
    for (response, requests) in [
        // Another file now.
        (ranged(Ranges::etag("\"v2\"")), 1),
        // Takes no ranges after all.
        (
            ranged(Ranges {
                ignores: true,
                ..good()
            }),
            1,
        ),
        (file(), 1),
        // Lies about where the rest begins, or what it is a part of.
        (
            ranged(Ranges {
                lie: Some("bytes 149999-399999/400000".into()),
                ..good()
            }),
            2,
        ),
        (
            ranged(Ranges {
                lie: Some("bytes 150000-399999/400001".into()),
                ..good()
            }),
            2,
        ),
        // Sends less of it than was asked for, as a server may.
        (
            ranged(Ranges {
                most: Some(1000),
                ..good()
            }),
            2,
        ),
        (
            Fault::instead(
                crate::sandbox::Response::new(416).header("Content-Range", "bytes */150000"),
            ),
            2,
        ),
    ] {
        let home = Home::with_profiles(&sandbox);
        cut(&sandbox, &home, good(), 150_000);
        sandbox.forget_requests();
        sandbox.fault(response);
        if requests == 2 {
            sandbox.fault(ranged(good()));
        }
        let ended = download(&home, &["-c"]).code(0);
        assert!(ended.stderr.contains("starting over"), "{ended:?}");
        assert_eq!(sandbox.requests().len(), requests, "{ended:?}");
        assert_eq!(sandbox.requests()[0].header("range"), Some("bytes=150000-"));
        assert_eq!(read(&home, "x.bin"), body());
        assert_eq!(names(&home), ["x.bin"]);
    }
}

/// Chunks say nothing of a range's length.
#[test]
fn a_range_of_another_length_than_it_says_is_no_whole_file() {
    let sandbox = Sandbox::start();
    for (most, why, left) in [
        (
            1000,
            "cut short: it ended before its range did",
            &["x.bin.part", "x.bin.part.json"][..],
        ),
        (usize::MAX, "more bytes than its range", &[]),
    ] {
        let home = Home::with_profiles(&sandbox);
        let total = body().len();
        cut(&sandbox, &home, Ranges::etag(TAG), 150_000);
        let last = if most == 1000 { total - 1 } else { total - 2 };
        let lie = Ranges {
            lie: Some(format!("bytes 150000-{last}/{}", last + 1)),
            most: Some(most),
            ..Ranges::etag(TAG)
        };
        // The record has the length of all, which the second one would contradict.
        let record = read(&home, "x.bin.part.json");
        let record = String::from_utf8(record).unwrap();
        home.file(
            "x.bin.part.json",
            record.replace(&format!(":{total}"), ":null"),
        );
        sandbox.fault(ranged(lie).and(Effect::Chunked(500)));
        download(&home, &["-c"]).fails(7, why);
        assert_eq!(names(&home), left, "{why}");
    }
}

#[test]
fn nothing_to_continue() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    let from_start = |home: &Home, why: &str| {
        let ended = download(home, &["-c"]).code(0);
        assert!(ended.stderr.contains(why), "{ended:?}");
        assert!(ended.stderr.contains("starting over"), "{ended:?}");
        assert_eq!(sandbox.last().header("range"), None);
        assert_eq!(read(home, "x.bin"), body());
    };
    // Like MAAS: neither ranges nor a validator. A weak one is none.
    for fault in [
        file(),
        ranged(Ranges::etag("W/\"a\"")),
        ranged(Ranges::default()),
    ] {
        sandbox.fault(fault.clone().and(Effect::CutInBody(5000)));
        let ended = download(&home, &[]).fails(7, "cut short");
        assert!(ended.stderr.contains("nothing is kept"), "{ended:?}");
        assert_eq!(names(&home), [""; 0]);
        sandbox.fault(fault);
        from_start(&home, "no partial download");
        fs::remove_file(home.path().join("x.bin")).unwrap();
    }
    // Somebody else's file of that name is not touched.
    home.file("x.bin.part", "mine");
    sandbox.fault(ranged(Ranges::etag(TAG)));
    from_start(&home, "no record");
    assert_eq!(read(&home, "x.bin.part"), b"mine");
    fs::remove_file(home.path().join("x.bin.part")).unwrap();
    fs::remove_file(home.path().join("x.bin")).unwrap();
    // A part of another address, though the server gives it the same tag.
    cut(&sandbox, &home, Ranges::etag(TAG), 5000);
    sandbox.fault(ranged(Ranges::etag(TAG)));
    let ended = home
        .run(&["get", "/files/y", "--download", "x.bin", "-c"])
        .code(0);
    assert!(
        ended.stderr.contains("belongs to another download"),
        "{ended:?}"
    );
    assert_eq!(sandbox.last().header("range"), None);
    assert_eq!(names(&home), ["x.bin"]);
}

#[test]
fn a_part_that_was_whole_gets_its_name() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    cut(&sandbox, &home, Ranges::etag(TAG), 5000);
    home.file("x.bin.part", body());
    sandbox.fault(ranged(Ranges::etag(TAG)));
    download(&home, &["-c"]).ok();
    assert_eq!(sandbox.last().header("range"), Some("bytes=400000-"));
    assert_eq!(read(&home, "x.bin"), body());
    assert_eq!(names(&home), ["x.bin"]);
}

#[test]
fn without_c_it_begins_anew() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    cut(&sandbox, &home, Ranges::etag(TAG), 5000);
    sandbox.fault(ranged(Ranges::etag("\"v2\"")));
    download(&home, &[]).ok();
    assert_eq!(sandbox.last().header("range"), None);
    assert_eq!(read(&home, "x.bin"), body());
    assert_eq!(names(&home), ["x.bin"]);
}

fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_there() {
        assert!(started.elapsed() < Duration::from_secs(60), "no {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_signal_leaves_only_what_is_of_use() {
    let sandbox = Sandbox::start();
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        for (fault, left) in [
            (file(), &[][..]),
            (
                ranged(Ranges::etag(TAG)),
                &["x.bin.part", "x.bin.part.json"],
            ),
        ] {
            let home = Home::with_profiles(&sandbox);
            sandbox.fault(fault.and(Effect::StallInBody(200_000)));
            let child = home.spawn(&["get", "/files/x", "--download", "x.bin"]);
            let bytes_there = || {
                fs::read_dir(home.path())
                    .unwrap()
                    .filter_map(|e| e.ok()?.metadata().ok())
                    .any(|m| m.is_file() && m.len() == 200_000)
            };
            wait_for("bytes", bytes_there);
            kill_process(
                Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(),
                signal,
            )
            .unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{output:?}");
            assert_eq!(names(&home), left);
            let reported = String::from_utf8(output.stderr).unwrap();
            assert_eq!(
                reported.contains("`-c` continues"),
                !left.is_empty(),
                "{reported}"
            );
        }
    }
}

#[test]
fn two_at_once_do_not_mix() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(ranged(Ranges::etag(TAG)).and(Effect::StallInBody(200_000)));
    let mut first = home.spawn(&["get", "/files/x", "--download", "x.bin"]);
    wait_for("part", || {
        fs::metadata(home.path().join("x.bin.part")).is_ok_and(|m| m.len() == 200_000)
    });
    sandbox.fault(ranged(Ranges::etag(TAG)));
    download(&home, &[]).fails(1, "another download");
    download(&home, &["-c"]).fails(1, "another download");
    assert_eq!(read(&home, "x.bin.part").len(), 200_000);
    first.kill().unwrap();
    first.wait().unwrap();
    // Even a killed one can be continued.
    sandbox.clear_faults();
    sandbox.fault(ranged(Ranges::etag(TAG)));
    download(&home, &["-c"]).ok();
    assert_eq!(sandbox.last().header("range"), Some("bytes=200000-"));
    assert_eq!(read(&home, "x.bin"), body());
}

#[test]
fn failures_inside_a_success_count() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(
        Fault::body(202, "application/json", "[{\"error\":true},{}]")
            .with_header("X-C8-Error-Codes", "{\"1210\":1}"),
    );
    let ended = home
        .run(&["post", "document/a", "-p", "play", "--download", "x.bin"])
        .fails(11, "1 of 2");
    assert_eq!(read(&home, "x.bin").len(), 19, "{ended:?}");
}

#[test]
fn dry_run_shows_the_range_and_sends_nothing() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    cut(&sandbox, &home, Ranges::etag(TAG), 5000);
    sandbox.forget_requests();
    let ended = download(&home, &["-c", "--dry-run"]).ok();
    for line in [
        "Accept-Encoding: identity",
        "Range: bytes=5000-",
        "If-Range: \"v1\"",
    ] {
        assert!(ended.stdout().contains(line), "{ended:?}");
    }
    assert!(sandbox.requests().is_empty());
}

mod terminal {
    //! What is drawn, on a pseudo-terminal of 24 lines and some columns.

    use rexpect::session::{PtySession, spawn_command};

    use super::{Duration, Effect, Fault, Home, Sandbox, body, file, names, read};

    const PAUSE: Duration = Duration::from_millis(100);

    fn spawn(home: &Home, args: &[&str], columns: u16, term: &str) -> PtySession {
        // The terminal's size is set from inside, before the call.
        let mut command = std::process::Command::new("sh");
        command
            .arg("-c")
            .arg(format!("stty cols {columns}; exec \"$@\""))
            .arg("sh")
            .arg(env!("CARGO_BIN_EXE_apicall"))
            .args(args)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TERM", term)
            .current_dir(home.path());
        spawn_command(command, Some(20_000)).unwrap()
    }

    /// What is left on the last line when all has been drawn, as far as erasing a line goes.
    fn screen(drawn: &str) -> String {
        let mut left = String::new();
        for line in drawn.split('\n') {
            let line = line.trim_end_matches('\r');
            let line = line.rsplit("\x1b[2K").next().unwrap_or(line);
            left.push_str(line.rsplit('\r').next().unwrap_or(line));
            left.push('\n');
        }
        left.trim().to_owned()
    }

    const DOWNLOAD: [&str; 4] = ["get", "/files/x", "--download", "x.bin"];

    #[test]
    fn a_bar_is_drawn_and_taken_away() {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        for (columns, has_bar) in [(40, false), (80, true), (200, true)] {
            sandbox.fault(file().and(Effect::Drip(40_000, PAUSE)));
            let drawn = spawn(&home, &DOWNLOAD, columns, "xterm").exp_eof().unwrap();
            assert!(drawn.contains(" of 400 kB, "), "{drawn:?}");
            assert!(drawn.contains("kB/s, "), "{drawn:?}");
            assert!(drawn.contains("s left"), "{drawn:?}");
            assert_eq!(drawn.contains("=>"), has_bar, "{columns}: {drawn:?}");
            assert_eq!(screen(&drawn), "apicall: saved 400 kB to `x.bin`");
            assert_eq!(read(&home, "x.bin"), body());
        }
    }

    #[test]
    fn what_is_quick_draws_nothing() {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        sandbox.fault(file());
        let drawn = spawn(&home, &DOWNLOAD, 80, "xterm").exp_eof().unwrap();
        assert_eq!(drawn, "apicall: saved 400 kB to `x.bin`\r\n");
    }

    #[test]
    fn a_dumb_terminal_is_not_drawn_on() {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        sandbox.fault(file().and(Effect::Drip(40_000, PAUSE)));
        let drawn = spawn(&home, &DOWNLOAD, 80, "dumb").exp_eof().unwrap();
        assert_eq!(drawn, "apicall: saved 400 kB to `x.bin`\r\n");
    }

    #[test]
    fn an_error_stands_on_a_line_of_its_own() {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        sandbox.fault(
            file()
                .and(Effect::Drip(40_000, PAUSE))
                .and(Effect::CutInBody(350_000)),
        );
        let drawn = spawn(&home, &DOWNLOAD, 80, "xterm").exp_eof().unwrap();
        assert!(drawn.contains(" of 400 kB, "), "{drawn:?}");
        assert!(
            screen(&drawn).starts_with("apicall: lab: GET /MAAS/api/2.0/files/x/: "),
            "{drawn:?}"
        );
    }

    #[test]
    fn a_long_wait_is_shown() {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        let call = ["get", "/x/", "--color", "never"];
        let slow = || {
            Fault::body(200, "text/plain", "here").and(Effect::Delay(Duration::from_millis(2800)))
        };
        sandbox.fault(slow());
        let drawn = spawn(&home, &call, 80, "xterm").exp_eof().unwrap();
        assert!(
            drawn.contains("waiting for lab ") && drawn.contains(" 2 s "),
            "{drawn:?}"
        );
        assert_eq!(screen(&drawn), "here", "{drawn:?}");
        sandbox.fault(slow());
        let ended = home.run(&call).ok();
        assert_eq!(ended.stdout(), "here");
    }

    #[test]
    fn ctrl_c_takes_the_line_away() {
        let sandbox = Sandbox::start();
        let home = Home::with_profiles(&sandbox);
        sandbox.fault(Effect::StallBeforeHead);
        let mut session = spawn(&home, &["get", "/x/"], 80, "xterm");
        session.exp_string("waiting for lab").unwrap();
        session.send_control('c').unwrap();
        let rest = session.exp_eof().unwrap();
        assert_eq!(screen(&rest), "", "{rest:?}");
        let status = format!("{:?}", session.process().wait().unwrap());
        assert!(status.ends_with(", 130)"), "{status}");

        sandbox.fault(
            file()
                .and(Effect::Drip(40_000, PAUSE))
                .and(Effect::StallInBody(350_000)),
        );
        let mut session = spawn(&home, &DOWNLOAD, 80, "xterm");
        session.exp_string(" of 400 kB, ").unwrap();
        session.send_control('c').unwrap();
        let rest = session.exp_eof().unwrap();
        assert_eq!(screen(&rest), "", "{rest:?}");
        assert_eq!(names(&home), [""; 0]);
    }
}

#[test]
fn a_log_gets_no_drawing() {
    let sandbox = Sandbox::start();
    let home = Home::with_profiles(&sandbox);
    sandbox.fault(file().and(Effect::Drip(40_000, Duration::from_millis(100))));
    download(&home, &[]).ok();
}

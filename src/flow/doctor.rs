//! Looks at each stage between this machine and a response, in order.
//!
//! A stage that fails ends the look: those behind it would fail for the same reason.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::address::{Origin, Scheme, split_url};
use crate::client::{FailureKind, Limits, SendError, reach, tls};
use crate::error::{Exit, Failure};
use crate::output::decode::start;
use crate::request::{Auth, Plan};
use crate::service::{Service, maas, macrometa};
use crate::session::{Cause, Session};

/// How a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The stage is as it should be.
    Ok,
    /// Works, and may be trouble.
    Warn,
    /// Does not work.
    Fail,
    /// Does not apply.
    Skip,
}

impl Status {
    /// Returns the word in tables and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skip => "skip",
        }
    }
}

/// The result of one stage.
#[derive(Clone, Debug)]
pub struct Check {
    /// Which stage.
    pub name: &'static str,
    /// How it is.
    pub status: Status,
    /// What was found.
    pub detail: String,
    /// What the user can do.
    pub hint: Option<String>,
    /// How long it took.
    pub took: Duration,
    /// The exit code a failure earns.
    pub exit: Exit,
}

impl Check {
    /// Returns a stage that is as it should be, or does not apply, or may be trouble.
    #[must_use]
    pub fn found(name: &'static str, status: Status, detail: impl Into<String>) -> Self {
        Self {
            name,
            status,
            detail: detail.into(),
            hint: None,
            took: Duration::ZERO,
            exit: Exit::Success,
        }
    }

    /// Returns a stage that failed.
    #[must_use]
    pub fn failed(name: &'static str, failure: Failure) -> Self {
        Self {
            name,
            status: Status::Fail,
            detail: failure.to_string(),
            hint: failure.hint,
            took: Duration::ZERO,
            exit: failure.exit,
        }
    }

    fn error(name: &'static str, error: SendError) -> Self {
        Self::failed(name, error.into())
    }

    fn timed(mut self, since: Instant) -> Self {
        self.took = since.elapsed();
        self
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }
}

/// Time for DNS and for connecting where nothing else is said.
const LIMIT: Duration = Duration::from_secs(10);

/// Clocks further apart than this are worth a word.
const CLOCK_WARNS: u64 = 60;

/// MAAS refuses signatures older than this.
const CLOCK_FAILS: u64 = 300;

/// Looks at the network's stages and the service's, and reports each as it is known.
pub fn look(session: &Session, report: &mut dyn FnMut(Check)) {
    let origin = session.profile.address.origin.clone();
    let options = session.options();
    let limit = options.connect_timeout.unwrap_or(LIMIT);
    let target = match &options.proxy {
        None => Ok(origin.clone()),
        Some(url) => proxy_origin(url.expose()),
    };
    let target = match target {
        Ok(target) => target,
        Err(failure) => return report(Check::failed("proxy", failure)),
    };
    let started = Instant::now();
    let addresses = match reach::resolve(&target.host, target.effective_port(), limit) {
        Ok(addresses) => addresses,
        Err(e) => return report(Check::error("dns", e).timed(started)),
    };
    let list: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
    report(
        Check::found(
            "dns",
            Status::Ok,
            format!("{} is {}", target.host, list.join(", ")),
        )
        .timed(started),
    );
    report(match &options.proxy {
        None => Check::found("proxy", Status::Skip, "none"),
        Some(_) => Check::found("proxy", Status::Ok, target.authority()),
    });
    let started = Instant::now();
    match reach::connect(&addresses, limit) {
        Ok(address) => report(Check::found("tcp", Status::Ok, address.to_string()).timed(started)),
        Err(e) => return report(Check::error("tcp", e).timed(started)),
    }
    look_at_service(session, report);
}

/// Returns the proxy as an origin; its scheme may be one that only proxies have.
fn proxy_origin(url: &str) -> Result<Origin, Failure> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let default_port = if scheme.starts_with("socks") {
        1080
    } else {
        80
    };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let (mut origin, _) = split_url(&format!("http://{host}"))?;
    origin.port = origin.port.or(Some(default_port));
    Ok(origin)
}

fn look_at_service(session: &Session, report: &mut dyn FnMut(Check)) {
    let profile = &session.profile;
    let started = Instant::now();
    let path = match profile.service() {
        Service::Maas => "/version/",
        Service::Macrometa => macrometa::PROBE_PATH,
    };
    let plan = Plan::get(path, profile.place()).map(|mut plan| {
        plan.auth = Auth::None;
        plan
    });
    let limits = Limits::default();
    let response = match plan.map(|plan| session.send(&plan, &limits, &mut |_| {})) {
        Err(failure) => return report(Check::failed("http", failure)),
        Ok(Err(error)) => {
            let stage = match &error.cause {
                Cause::Transport(e) if matches!(e.kind, FailureKind::Tls | FailureKind::NotTls) => {
                    "tls"
                }
                _ => "http",
            };
            return report(Check::failed(stage, error.bare()).timed(started));
        }
        Ok(Ok(response)) => response,
    };
    report(tls_check(session).timed(started));
    let head = response.head.clone();
    let body = match start(response, 64 * 1024) {
        Ok(body) => body,
        Err(failure) => return report(Check::failed("http", failure).timed(started)),
    };
    let has_header = |name: &str| head.header(name).is_some();
    let version = match profile.service() {
        Service::Maas => maas::version_in(head.status, &body),
        Service::Macrometa => macrometa::is_gdn(has_header, &body).then(String::new),
    };
    let Some(version) = version else {
        let message = format!(
            "{} responds with {}, unlike {}",
            profile.address,
            head.status_text(),
            profile.service().name()
        );
        let exit = match Exit::of_status(head.status) {
            Exit::Success => Exit::Config,
            other => other,
        };
        let hint = "is the profile's `url` right? A MAAS's ends with `/MAAS`";
        return report(
            Check::failed("http", Failure::new(exit, message).hint(hint)).timed(started),
        );
    };
    let http = format!("{} {}", head.version(), head.status_text());
    report(Check::found("http", Status::Ok, http).timed(started));
    report(clock_check(profile.service(), head.header("date")));
    let service = format!("{} {version}", profile.service().name());
    report(Check::found("service", Status::Ok, service.trim_end()));
}

fn tls_check(session: &Session) -> Check {
    let profile = &session.profile;
    let trust = &session.options().tls;
    if profile.address.origin.scheme == Scheme::Http {
        let status = if profile.address.origin.is_loopback() {
            Status::Skip
        } else {
            Status::Warn
        };
        let check = Check::found("tls", status, "plain http: nothing is encrypted");
        return if status == Status::Warn {
            check.hint("every call sends the key in the clear")
        } else {
            check
        };
    }
    let Some(certificate) = session.server_certificate() else {
        return Check::found("tls", Status::Ok, "encrypted");
    };
    let is_unverified = trust.insecure && trust.pin.is_none();
    let source = if is_unverified {
        "not verified (`insecure`)".to_owned()
    } else if trust.pin.is_some() {
        "trusted by `pin`".to_owned()
    } else {
        match tls::trusted(trust) {
            Ok((_, path)) => format!("trusted by {}", path.display()),
            Err(_) => "trusted".to_owned(),
        }
    };
    let days = certificate.not_after.saturating_sub(now()) / 86_400;
    let detail = format!("{certificate} ({days} days); {source}");
    let check = Check::found("tls", Status::Ok, detail);
    if is_unverified {
        Check {
            status: Status::Warn,
            ..check
        }
        .hint("anybody between could read the key: use `ca_file` or `pin`")
    } else if days < 14 {
        Check {
            status: Status::Warn,
            ..check
        }
        .hint("the certificate expires soon")
    } else {
        check
    }
}

fn clock_check(service: Service, date: Option<&str>) -> Check {
    let Some(theirs) = date
        .and_then(|d| httpdate::parse_http_date(d).ok())
        .and_then(|d| d.duration_since(UNIX_EPOCH).ok())
    else {
        return Check::found("clock", Status::Skip, "the server sends no date");
    };
    let (ours, theirs) = (now(), theirs.as_secs());
    let apart = ours.abs_diff(theirs);
    let which = if ours < theirs { "behind" } else { "ahead of" };
    let detail = format!("{apart} s {which} the server's");
    // A clock that is ahead passes; MAAS looks at the age of a signature only.
    if service.refuses_old_signatures() && ours < theirs && apart > CLOCK_FAILS {
        let failure = Failure::new(Exit::ClientError, detail)
            .hint("MAAS refuses signatures older than 300 s: set this machine's clock");
        return Check::failed("clock", failure);
    }
    if apart > CLOCK_WARNS {
        return Check::found("clock", Status::Warn, detail).hint("set this machine's clock");
    }
    Check::found(
        "clock",
        Status::Ok,
        if apart <= 1 {
            "the same as the server's".to_owned()
        } else {
            detail
        },
    )
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        let at = |offset: i64| {
            let time = UNIX_EPOCH + Duration::from_secs(now().checked_add_signed(offset).unwrap());
            clock_check(Service::Maas, Some(&httpdate::fmt_http_date(time))).status
        };
        assert_eq!(at(0), Status::Ok);
        assert_eq!(at(100), Status::Warn);
        assert_eq!(at(400), Status::Fail);
        assert_eq!(at(-400), Status::Warn);
        assert_eq!(clock_check(Service::Maas, None).status, Status::Skip);
    }

    #[test]
    fn proxies_are_origins() {
        for (url, want) in [
            ("http://u:p@h:3128", "h:3128"),
            ("socks5://h", "h:1080"),
            ("h:8080", "h:8080"),
            ("https://h/", "h"),
        ] {
            assert_eq!(proxy_origin(url).unwrap().authority(), want);
        }
    }
}

//! Plays the server for the tests of flows, without a socket.
//!
//! A script is the calls that a flow is to make, in their order, each with what comes of it. A call
//! that is another one fails, and [`Script::check`] reports it. Built for tests only.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::address::Address;
use crate::client::{FailureKind, Head, Response, SendError, Sent};
use crate::env::Env;
use crate::profile::{Profile, Settings};
use crate::request::Plan;
use crate::request::body::{Body, Content};
use crate::service::{Service, Target};

use super::{Session, Setup};

/// What comes of a call.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A response: status, headers and body.
    Response(u16, Vec<(&'static str, &'static str)>, String),
    /// No response: the kind of failure, and how much of the request had left.
    Failure(FailureKind, Sent),
}

impl Reply {
    /// A success with this body.
    pub fn ok(body: impl Into<String>) -> Self {
        Self::status(200, body)
    }

    /// A response with this status and body.
    pub fn status(status: u16, body: impl Into<String>) -> Self {
        Self::Response(status, Vec::new(), body.into())
    }

    /// A connection that breaks after the request was sent.
    pub fn reset() -> Self {
        Self::Failure(FailureKind::Reset, Sent::All)
    }

    fn result(self) -> Result<Response, SendError> {
        match self {
            Self::Response(status, headers, body) => {
                let head = Head::new("HTTP/1.1", status, "").with(headers);
                Ok(Response::scripted(head, body))
            }
            Self::Failure(kind, sent) => Err(SendError::new(kind, sent, "scripted failure")),
        }
    }
}

/// The calls to come, and what was wrong with those that came.
#[derive(Clone, Debug, Default)]
pub struct Script(Arc<Mutex<Calls>>);

#[derive(Debug, Default)]
struct Calls {
    to_come: VecDeque<(String, Reply)>,
    wrong: Vec<String>,
}

impl Script {
    /// Makes a session whose server plays these calls: `METHOD TARGET`, and the body behind it where
    /// it is worth comparing.
    pub fn session<'a>(
        service: Service,
        calls: impl IntoIterator<Item = (&'a str, Reply)>,
    ) -> (Session, Self) {
        let address = match service {
            Service::Maas => Address::parse("http://m:5240/MAAS"),
            Service::Macrometa => Address::parse("https://api-x.example"),
        };
        let profile = Profile {
            name: Some("lab".to_owned()),
            target: Target::new(service),
            address: address.unwrap(),
            key: None,
            protected: false,
            settings: Settings::default(),
            unknown: Vec::new(),
        };
        let script = Self::default();
        let own = |(call, reply): (&str, Reply)| (call.to_owned(), reply);
        script.calls().to_come = calls.into_iter().map(own).collect();
        let env = Env::default();
        let mut session = Session::new(profile, Setup::default(), &env, &mut |_| {}).unwrap();
        session.script = Some(script.clone());
        (session, script)
    }

    /// Plays the next call.
    pub fn send(&self, plan: &Plan) -> Result<Response, SendError> {
        let came = line(plan);
        let mut calls = self.calls();
        match calls.to_come.pop_front() {
            Some((wanted, reply)) if is_meant(&wanted, &came) => reply.result(),
            other => {
                let wanted = other.map_or_else(|| "nothing".to_owned(), |(wanted, _)| wanted);
                calls.wrong.push(format!("`{came}` came, not `{wanted}`"));
                Err(SendError::new(
                    FailureKind::Local,
                    Sent::None,
                    "not in the script",
                ))
            }
        }
    }

    /// Fails where another call came than the script has, or not all of them.
    #[track_caller]
    pub fn check(&self) {
        let calls = self.calls();
        assert!(calls.wrong.is_empty(), "{:#?}", calls.wrong);
        assert!(calls.to_come.is_empty(), "missing: {:#?}", calls.to_come);
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a call as a script has it.
fn line(plan: &Plan) -> String {
    let head = format!("{} {}", plan.method, plan.url.target);
    let bytes: &[u8] = match &plan.body {
        Some(Body::Json(text)) => text.as_bytes(),
        Some(Body::Raw(Content::Bytes(bytes), _)) => bytes,
        Some(Body::Raw(Content::Chunk(bytes), _)) => bytes,
        _ => return head,
    };
    format!("{head} {}", String::from_utf8_lossy(bytes))
}

/// Returns whether a call is the one that is wanted, as far as that names it.
fn is_meant(wanted: &str, came: &str) -> bool {
    let words = wanted.splitn(3, ' ').count();
    let mut came = came.splitn(3, ' ');
    (0..words)
        .map(|_| came.next())
        .eq(wanted.splitn(3, ' ').map(Some))
}

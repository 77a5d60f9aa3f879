//! Macrometa GDN as its clients see it: a gateway that checks the credential, and a database behind it.
//!
//! Each speaks its own shape of error (`message`, or `errorNum` with `errorMessage`). Paths are taken as the service takes them:
//! with `/_api` or without it below a fabric, with a `/_tenant/…` in front, with or without a trailing slash.

mod account;
mod bulk;
mod c8ql;
mod collections;
mod controls;
mod cursors;
mod documents;
mod kv;
mod query;
mod state;
mod store;
mod streams;
mod workers;

use std::cell::RefCell;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::record::Recorded;
use super::response::Response;
use super::stop::Stop;
use super::{clock, form, lock};
pub use controls::OpenCursor;
use state::{Key, State};

/// The tenant of all keys here.
pub const TENANT: &str = "demo_example.com";
/// The key with all rights.
pub const KEY: &str = "demo_example.com.k1.7rJq2ZcVx9WmBt4LdHs8KfYp3NgQe6UaXv5RzTj1CwMb8GkP";
/// The key that knows `_system` only.
pub const LIMITED_KEY: &str =
    "demo_example.com.reader.Qm4TzVb7KxJd2WfHc9NsRg5YpLa8EuXt3BvZk6MjCr1DwPh";
/// The user who can get a token, and the password.
pub const LOGIN: (&str, &str) = ("demo@example.com", "correct-horse");

const REGION: &str = "sandbox-eu-west";

/// The Macrometa host of one sandbox.
pub struct Macrometa {
    state: Mutex<State>,
    habits: Habits,
}

/// How a host behaves where the service leaves room.
#[derive(Clone, Copy, Debug, Default)]
pub struct Habits {
    /// Every so manieth page of a cursor is empty although there is more; 0 is never.
    pub empty_page_every: usize,
    /// How long each page of a cursor takes; a second call for the same cursor meanwhile is refused (1601).
    pub page_time: Duration,
    /// Whether a key is taken with no scheme in front, and only so.
    pub bare_key: bool,
}

/// What is known once the head was judged.
pub struct Admitted {
    key: Option<Key>,
    fabric: Option<String>,
    path: Vec<String>,
}

/// One call as the handlers see it.
pub struct Call<'a> {
    /// The request.
    pub request: &'a Recorded,
    /// The path below `/_api`, decoded segment by segment.
    pub path: Vec<&'a str>,
    /// The fabric; `_system` where the path has none.
    pub fabric: &'a str,
    /// The credential.
    pub key: &'a Key,
    /// How this host behaves.
    pub habits: Habits,
    /// The body, parsed before the state was locked.
    parsed: RefCell<Option<Result<Value, String>>>,
}

impl Call<'_> {
    /// A switch in the query: `true` and `1` are on.
    pub fn on(&self, name: &str) -> bool {
        self.request
            .query_value(name)
            .is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "1"))
    }

    /// A number in the query.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.request.query_value(name)?.parse().ok()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, Response> {
        let parsed = self.parsed.borrow_mut().take();
        parsed
            .unwrap_or_else(|| parse(self.request))
            .map_err(|error| refusal(400, 600, &format!("VPackError error: {error}")))
    }
}

impl Macrometa {
    /// A fresh one.
    pub fn new(habits: Habits) -> Self {
        Self {
            state: Mutex::new(State::fixture()),
            habits,
        }
    }

    /// Judges the head: the credential, and whether the fabric is there and may be used.
    pub fn admit(&self, request: &Recorded) -> Result<Admitted, Response> {
        self.judge(request).map_err(finish)
    }

    fn judge(&self, request: &Recorded) -> Result<Admitted, Response> {
        let mut path: Vec<String> = request
            .path()
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| form::percent_decode(part, false))
            .collect();
        if path.starts_with(&["_open".to_owned(), "auth".to_owned()]) {
            return Ok(Admitted {
                key: None,
                fabric: None,
                path,
            });
        }
        let state = lock(&self.state);
        let key = state
            .key_of(
                request.header("authorization").unwrap_or_default(),
                self.habits.bare_key,
            )
            .cloned()
            .ok_or_else(unauthorized)?;
        if path.first().is_some_and(|part| part == "_tenant") && path.len() > 1 {
            if path[1] != TENANT {
                return Err(refusal(403, 11, "not authorized to execute this request"));
            }
            path.drain(..2);
        }
        let mut fabric = None;
        if path.first().is_some_and(|part| part == "_fabric") && path.len() > 1 {
            fabric = Some(path[1].clone());
            path.drain(..2);
        }
        if let Some(name) = &fabric {
            if !state.fabrics.contains_key(name) {
                return Err(refusal(404, 1228, "fabric not found"));
            }
            if !key.may_use(name) {
                return Err(refusal(401, 11, "not authorized to execute this request"));
            }
        }
        match path.first().map(String::as_str) {
            Some("_api") => drop(path.remove(0)),
            Some("datacenter") => {}
            Some(_) if fabric.is_some() => {}
            _ => return Err(unknown_path(request)),
        }
        Ok(Admitted {
            key: Some(key),
            fabric,
            path,
        })
    }

    /// Carries a whole request out.
    pub fn response(&self, request: &Recorded, admitted: &Admitted, stop: &Stop) -> Response {
        let Some(key) = &admitted.key else {
            return finish(account::login(&mut lock(&self.state), request));
        };
        let path: Vec<&str> = admitted.path.iter().map(String::as_str).collect();
        let fabric = admitted.fabric.as_deref().unwrap_or("_system");
        if let Err(busy) = self.take_time(request, fabric, &path, stop) {
            return finish(busy);
        }
        // Large imports are parsed side by side: only what follows has to wait for others.
        let parsed = (!request.body.is_empty()).then(|| parse(request));
        let call = Call {
            request,
            fabric,
            key,
            path: path.clone(),
            habits: self.habits,
            parsed: RefCell::new(parsed),
        };
        if let Err(refused) = check_right(&call) {
            return finish(refused);
        }
        let state = &mut *lock(&self.state);
        let result = match path.first().copied() {
            Some("collection") => collections::response(state, &call),
            Some("document") => documents::response(state, &call),
            Some("export") if path.len() == 1 => query::response(state, &call),
            Some("import" | "export") => bulk::response(state, &call),
            Some("restql") => workers::response(state, &call),
            Some("streams") => streams::response(state, &call),
            Some("kv") => kv::response(state, &call),
            Some("cursor" | "query") => query::response(state, &call),
            _ => account::response(state, &call),
        };
        finish(result.unwrap_or_else(|refusal| refusal))
    }

    /// Takes the time that a page takes, its cursor being busy meanwhile.
    fn take_time(
        &self,
        request: &Recorded,
        fabric: &str,
        path: &[&str],
        stop: &Stop,
    ) -> Result<(), Response> {
        match (request.method.as_str(), path) {
            _ if self.habits.page_time.is_zero() => return Ok(()),
            ("POST", ["cursor", ..] | ["restql", "execute", _]) => {}
            ("PUT", ["cursor", id] | ["restql", "fetch", id]) => {
                cursors::begin(&mut lock(&self.state), fabric, id)?;
            }
            _ => return Ok(()),
        }
        stop.pause(self.habits.page_time);
        Ok(())
    }

    /// A document as it is now.
    pub fn document(&self, fabric: &str, collection: &str, key: &str) -> Option<Value> {
        let mut state = lock(&self.state);
        let collection = state.collection(fabric, collection).ok()?;
        collection.documents.get(key)
    }
}

/// Refuses what the key was not granted. Queries name their collections inside, and are let pass.
fn check_right(call: &Call) -> Result<(), Response> {
    let thing = match call.path[..] {
        ["cursor" | "query" | "key" | "database", ..] => return Ok(()),
        [
            "collection" | "document" | "import" | "export" | "kv",
            name,
            ..,
        ] => Some(("collection", name)),
        ["streams", name, ..] => {
            let bare = name.trim_start_matches("c8globals.");
            Some(("stream", bare.trim_start_matches("c8locals.")))
        }
        ["restql", "execute", name, ..] => Some(("restql", name)),
        _ => None,
    };
    let reads = matches!(call.request.method.as_str(), "GET" | "HEAD");
    match call.key.right(call.fabric, thing) {
        _ if call.key.grants.is_empty() => Ok(()),
        "rw" => Ok(()),
        "ro" if reads => Ok(()),
        _ => Err(refusal(403, 11, "not authorized to execute this request")),
    }
}

fn parse(request: &Recorded) -> Result<Value, String> {
    serde_json::from_slice(&request.body).map_err(|error| error.to_string())
}

/// Adds the headers that every response has.
fn finish(response: Response) -> Response {
    response
        .header("X-Content-Type-Options", "nosniff")
        .header("x-gdn-region", REGION)
        .header("x-gdn-requestid", format!("{:016x}", clock::fresh()))
}

/// An error in the database's shape.
pub fn refusal(code: u16, number: u32, message: &str) -> Response {
    Response::json(
        code,
        &json!({"error": true, "code": code, "errorNum": number, "errorMessage": message}),
    )
}

/// An error in the gateway's shape.
pub fn unauthorized() -> Response {
    gateway(401, "Unauthorized")
}

/// An error in the gateway's shape.
pub fn gateway(code: u16, message: &str) -> Response {
    let id = format!("{:016x}", clock::fresh());
    Response::json(
        code,
        &json!({"code": code, "error": true, "message": message, "requestId": id, "serverId": "gdn-gateway-0"}),
    )
}

/// What the database says to a path that it does not know.
pub fn unknown_path(request: &Recorded) -> Response {
    refusal(404, 404, &format!("unknown path '{}'", request.path()))
}

/// What the database says to a method that a path does not have.
pub fn wrong_method() -> Response {
    refusal(405, 405, "method not supported")
}

/// `{"error":false,"code":…}` with more members.
pub fn inline(code: u16, members: Value) -> Response {
    let mut all = json!({"error": false, "code": code});
    if let (Some(all), Value::Object(members)) = (all.as_object_mut(), members) {
        all.extend(members);
    }
    Response::json(code, &all)
}

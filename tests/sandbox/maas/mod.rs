//! MAAS 3.8 as its clients see it: nginx in front, then routes, then who calls, then the operation.
//!
//! The order is the service's own and matters: an unknown path is 404 for everybody, a wrong key is 401 before a wrong method is
//! 405, and a wrong `op` is 400 last. `admit` does what a head allows, `response` needs the body.

mod account;
mod auth;
mod call;
mod constraints;
mod describe;
mod events;
mod files;
mod hardware;
mod image;
mod image_store;
mod images;
mod lifecycle;
mod lists;
mod machine;
mod machines;
mod operations;
mod places;
mod results;
mod route;
mod scripts;
mod state;
mod tags;
mod users;
mod ways;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::head::Framing;
use super::options::Options;
use super::record::Recorded;
use super::response::Response;
use super::{clock, lock};
pub use lifecycle::Pace;

use auth::Caller;
use call::Call;
use describe::Describe;
use lifecycle::Journeys;
use route::Route;
use state::State;

/// The administrator `admin`: consumer, token, secret.
pub const ADMIN_KEY: &str =
    "Kd83hTgRw2LmPq9ZxB:vN4cYs7HkW1fQjE6Ub:r8XbTq2mLw5ZcJ7kHd3VnP9sYf4GaU6e";
/// The plain user `ops`.
pub const USER_KEY: &str = "Jx52mQvTz8NbKc4RhW:pL9dFg3SyX6wEkA1Vt:e4GhYp7tRz2KwM9bQc5XjN3uLs8DfV6a";

const SERVER: &str = "nginx/1.24.0 (Ubuntu)";
/// Longer request lines take region workers down.
const WORKER_LINE: usize = 16 * 1024;
/// Longer ones are refused by nginx itself (seen at 40 KB).
const PROXY_LINE: usize = 32 * 1024;

/// The MAAS of one sandbox.
pub struct Maas {
    /// The longest body that nginx lets through.
    pub body_limit: u64,
    origin: String,
    skew: i64,
    downtime: Duration,
    down_until: Mutex<Option<Instant>>,
    state: Mutex<State>,
    /// The description; its hash stands in the answers' heads.
    pub describe: Describe,
}

/// What is known once the head was judged.
pub struct Admitted {
    route: Route,
    caller: Caller,
}

impl Maas {
    /// A fresh MAAS with the fixture's machines.
    pub fn new(origin: String, options: &Options) -> Self {
        let mut state = State::fixture();
        state.images.set_regions(options.maas_regions);
        state.add_machines(options.maas_machines);
        state.journeys.set_pace(None, options.maas_pace);
        events::generate(&mut state, options.maas_events);
        state.events_page = options.maas_events_page;
        state.images.leave_out(options.maas_image_files_without);
        Self {
            body_limit: options.maas_body_limit,
            origin,
            skew: options.clock_skew_seconds,
            downtime: options.maas_downtime,
            down_until: Mutex::new(None),
            state: Mutex::new(state),
            describe: Describe::new(options.maas_describe.as_deref()),
        }
    }

    /// Judges the head.
    pub fn admit(&self, request: &Recorded, framing: Framing) -> Result<Admitted, Response> {
        self.proxy(request, framing)
            .map_err(|response| response.header("Server", SERVER))?;
        let route = match route::find(request.path()) {
            Ok(route) => route,
            Err(response) => return Err(finish(response)),
        };
        let now = clock::unix_time(self.skew);
        let caller = if route.is_anonymous() {
            Caller::Nobody
        } else {
            auth::caller(request, &mut lock(&self.state), now).map_err(finish)?
        };
        if matches!(caller, Caller::Nobody) && !route.takes_anonymous(&request.method) {
            return Err(finish(Response::with(
                401,
                "text/html; charset=utf-8",
                "Forbidden",
            )));
        }
        Ok(Admitted { route, caller })
    }

    /// Carries a whole request out.
    pub fn response(&self, request: &Recorded, admitted: Admitted) -> Response {
        let Admitted { route, caller } = admitted;
        let operations = route.operations();
        if !operations
            .iter()
            .any(|operation| operation.method == request.method)
        {
            let mut allowed: Vec<&str> = Vec::new();
            for operation in operations {
                if !allowed.contains(&operation.method) {
                    allowed.push(operation.method);
                }
            }
            return finish(
                Response::with(405, "text/html; charset=utf-8", "")
                    .header("Allow", allowed.join(", ")),
            );
        }
        let call = Call::new(request, &route, caller, &self.origin);
        let known = operations.iter().any(|operation| {
            operation.method == request.method
                && operation.op == call.op.as_deref()
                && if call.caller == Caller::Nobody {
                    operation.anonymous
                } else {
                    operation.signed
                }
        });
        if !known {
            let op = call.op.as_deref().unwrap_or("None");
            return finish(Response::text(
                400,
                format!("Unrecognised signature: method={} op={op}", request.method),
            ));
        }
        if call.first("format").is_some_and(|format| format != "json") && request.method == "GET" {
            return finish(Response::text(
                400,
                "Invalid format: only json is supported.",
            ));
        }
        let mut state = lock(&self.state);
        lifecycle::settle(&mut state);
        let response = match &route.kind {
            route::Kind::Machines | route::Kind::Machine(_) | route::Kind::Nodes => {
                machines::response(&mut state, &call, &route.kind)
            }
            route::Kind::Tags | route::Kind::Tag(_) => {
                tags::response(&mut state, &call, &route.kind)
            }
            route::Kind::Users | route::Kind::User(_) => {
                users::response(&mut state, &call, &route.kind)
            }
            route::Kind::Account => account::response(&mut state, &call),
            route::Kind::Files | route::Kind::File(_) => {
                files::response(&mut state, &call, &route.kind)
            }
            route::Kind::Zones
            | route::Kind::Zone(_)
            | route::Kind::Pools
            | route::Kind::Pool(_) => places::response(&mut state, &call, &route.kind),
            route::Kind::List(_)
            | route::Kind::Entry(..)
            | route::Kind::Vlans(_)
            | route::Kind::Vlan(..)
            | route::Kind::Addresses => lists::response(&state, &call, &route.kind),
            route::Kind::Scripts | route::Kind::Script(_) => {
                scripts::response(&mut state, &call, &route.kind)
            }
            route::Kind::Results(id) => results::response(&state, &call, id, None),
            route::Kind::Result(id, which) => results::response(&state, &call, id, Some(which)),
            route::Kind::Events => events::response(&state, &call),
            route::Kind::Images | route::Kind::Image(_) | route::Kind::Upload(..) => {
                images::response(&mut state, &call, &route.kind, request)
            }
            route::Kind::Describe => {
                let scheme = self.origin.split("://").next().unwrap_or_default();
                let host = request.header("host").unwrap_or_default();
                self.describe.response(&format!("{scheme}://{host}"))
            }
            route::Kind::Version => Response::with(
                200,
                "application/json; charset=utf-8",
                version().to_string(),
            ),
        };
        // Errors that an operation makes name the hash too; those made before one is found do not.
        let response = finish(response);
        if route.kind == route::Kind::Describe || response.status >= 500 {
            response
        } else {
            response.header("X-MAAS-API-Hash", self.describe.hash())
        }
    }

    /// What nginx refuses before any worker sees it.
    fn proxy(&self, request: &Recorded, framing: Framing) -> Result<(), Response> {
        let line = request.method.len() + request.target.len() + " HTTP/1.1".len() + 1;
        if line > PROXY_LINE {
            return Err(Response::nginx(414));
        }
        let mut down = lock(&self.down_until);
        if line > WORKER_LINE {
            *down = Some(Instant::now() + self.downtime);
        }
        if down.is_some_and(|until| Instant::now() < until) {
            return Err(Response::nginx(502));
        }
        if matches!(framing, Framing::Length(length) if length > self.body_limit) {
            return Err(Response::nginx(413));
        }
        Ok(())
    }

    /// A machine as it is now.
    pub fn machine(&self, system_id: &str) -> Option<Value> {
        let mut state = lock(&self.state);
        lifecycle::settle(&mut state);
        state.machine(system_id).cloned()
    }

    /// Puts a machine into a state.
    pub fn set_status(&self, system_id: &str, status_name: &str) -> bool {
        let mut state = lock(&self.state);
        state.journeys.stop(system_id);
        state
            .machine_mut(system_id)
            .is_some_and(|machine| state::set_status(machine, status_name))
    }

    /// Changes how machines move.
    pub fn journeys(&self, change: impl FnOnce(&mut Journeys)) {
        change(&mut lock(&self.state).journeys);
    }

    /// Puts a machine on the way that an operation begins; false where there is none.
    pub fn set_out(&self, system_id: &str, op: &str) -> bool {
        let mut state = lock(&self.state);
        let Some(machine) = state.machine(system_id) else {
            return false;
        };
        let before = machine["status_name"].as_str().unwrap_or_default();
        let Some(way) = ways::way(op, before, !machine["owner"].is_null(), false) else {
            return false;
        };
        lifecycle::begin(&mut state, system_id, "admin", way);
        true
    }

    /// Lets every machine on its way take one step.
    pub fn advance(&self) -> usize {
        lifecycle::advance(&mut lock(&self.state))
    }

    /// Adds an event about a machine; its number.
    pub fn add_event(&self, system_id: &str, event: (&str, &str, &str)) -> u64 {
        events::record(&mut lock(&self.state), "unknown", system_id, event)
    }

    /// Adds so many events.
    pub fn add_events(&self, count: usize) {
        events::generate(&mut lock(&self.state), count);
    }

    /// An image by its id, with its sets.
    pub fn image(&self, id: u64) -> Option<Value> {
        lock(&self.state).images.shown(id)
    }

    /// How many bytes of a file of this hash are on the region's disk.
    pub fn image_bytes(&self, sha256: &str) -> u64 {
        lock(&self.state).images.on_disk(sha256)
    }

    /// How much of a body the log of requests keeps: of an image's piece only the start, lest memory grows with the image.
    pub fn log_limit(request: &Recorded) -> usize {
        match route::find(request.path()) {
            Ok(Route {
                kind: route::Kind::Upload(..),
                ..
            }) => 4096,
            _ => usize::MAX,
        }
    }

    /// A stored file.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        lock(&self.state).files.get(name).cloned()
    }
}

/// Adds the headers that every response of a worker has.
fn finish(response: Response) -> Response {
    response
        .header("Server", SERVER)
        .header("Vary", "Authorization,Cookie, Accept-Encoding")
        .header(
            "Maas-Trace-Id",
            format!("{:016x}{:016x}", clock::fresh(), clock::fresh()),
        )
}

fn version() -> Value {
    json!({
        "capabilities": [
            "networks-management", "static-ipaddresses", "ipv6-deployment-ubuntu", "devices-management", "storage-deployment-ubuntu",
            "network-deployment-ubuntu", "bridging-interface-ubuntu", "bridging-automatic-ubuntu", "authenticate-api",
        ],
        "version": "3.8.0",
        "subversion": "17520-g.5d0f6b3c1",
    })
}

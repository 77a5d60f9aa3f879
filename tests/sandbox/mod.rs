//! A stand-in for MAAS and Macrometa on a loopback port, with the services' real rules.
//!
//! It is used by the integration tests and runnable by people (`cargo run --example sandbox`). It verifies signatures, keys and
//! parameters with its own code, never apicall's, so that a shared mistake cannot hide. [`Sandbox::requests`] lists what arrived,
//! [`Sandbox::fault`] makes it misbehave, `control` changes the MAAS while it runs. A sandbox that nobody called fails its test
//! when it is dropped.
//!
//! Layers: `http` and `deliver` speak the protocol, `connection` owns a thread per connection, `services` picks `maas` or
//! `macrometa`, and these know nothing of sockets.

// Shared by the example and by integration tests, each of which uses only a part.
#![allow(dead_code, unused_imports)]
// The keys are the same in every sandbox today; asking a sandbox for them keeps that its own business.
#![allow(clippy::unused_self)]

mod clock;
mod connection;
mod control;
mod deliver;
mod fault;
mod form;
mod head;
mod http;
mod maas;
mod macrometa;
mod options;
mod ranges;
mod record;
mod response;
mod services;
mod stop;
mod tls;

use std::collections::HashMap;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

pub use fault::{Effect, Fault, Gzip};
pub use form::Part;
pub use maas::Pace;
pub use macrometa::OpenCursor;
pub use options::Options;
pub use ranges::Ranges;
pub use record::Recorded;
pub use response::Response;
pub use tls::{Authority, Identity, Subject, Tls, Validity, Versions};

use fault::Faults;
use maas::Maas;
use macrometa::{Habits, Macrometa};
use services::Services;
use stop::Stop;

/// What the accepting thread and the connections share.
struct Shared {
    services: Services,
    faults: Faults,
    stop: Stop,
    tls: Option<Arc<rustls::ServerConfig>>,
    skew: i64,
    record_limit: usize,
    log_limit: usize,
    latency: Duration,
    log: Mutex<Vec<Recorded>>,
    connections: AtomicUsize,
    open: Mutex<HashMap<usize, TcpStream>>,
}

/// A running server; it ends when it is dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
    may_stay_silent: AtomicBool,
}

impl Sandbox {
    /// Both services over HTTP on a free port.
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    /// Both services over TLS on a free port.
    pub fn start_tls(tls: Tls) -> Self {
        Self::with(Options {
            tls: Some(tls),
            ..Options::default()
        })
    }

    /// As `options` say.
    ///
    /// # Panics
    ///
    /// Where the port is taken.
    pub fn with(options: Options) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .expect("the port on 127.0.0.1 is free");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let scheme = if options.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let origin = format!("{scheme}://{address}");
        let shared = Arc::new(Shared {
            services: Services {
                maas: options.maas.then(|| Maas::new(origin.clone(), &options)),
                macrometa: options.macrometa.then(|| {
                    Macrometa::new(Habits {
                        empty_page_every: options.macrometa_empty_page_every,
                        page_time: options.macrometa_page_time,
                        bare_key: options.macrometa_bare_key,
                    })
                }),
            },
            faults: Faults::default(),
            stop: Stop::default(),
            tls: options.tls.map(Tls::config),
            skew: options.clock_skew_seconds,
            record_limit: options.record_limit,
            log_limit: options.log_limit,
            latency: options.latency,
            log: Mutex::default(),
            connections: AtomicUsize::new(0),
            open: Mutex::default(),
        });
        let accepting = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&shared, &listener)
        });
        Self {
            shared,
            address,
            accepting: Some(accepting),
            may_stay_silent: AtomicBool::new(false),
        }
    }

    /// A port on 127.0.0.1 where nobody listens, so that connecting is refused. It stays taken for
    /// as long as the process lives, lest another server gets it.
    pub fn closed_port() -> u16 {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)
            .expect("the system gives sockets");
        socket
            .bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
            .expect("a port is free");
        let address = socket.local_addr().expect("a bound socket has an address");
        std::mem::forget(socket);
        address.as_socket().expect("it is IPv4").port()
    }

    /// Says that it is fine if nobody calls.
    pub fn may_stay_silent(self) -> Self {
        self.may_stay_silent.store(true, Ordering::Relaxed);
        self
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The origin, `http://127.0.0.1:PORT`: what Macrometa's users call the URL.
    pub fn url(&self) -> String {
        let scheme = if self.shared.tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.address)
    }

    /// The URL of the MAAS.
    pub fn maas_url(&self) -> String {
        format!("{}/MAAS", self.url())
    }

    /// The key `consumer:token:secret` of the administrator `admin`.
    pub fn maas_key(&self) -> &'static str {
        maas::ADMIN_KEY
    }

    /// The key of the plain user `ops`.
    pub fn maas_user_key(&self) -> &'static str {
        maas::USER_KEY
    }

    /// The API key of the tenant `demo_example.com`, with rights on all fabrics.
    pub fn macrometa_key(&self) -> &'static str {
        macrometa::KEY
    }

    /// An API key of the same tenant that may use `_system` and manage nothing.
    pub fn macrometa_limited_key(&self) -> &'static str {
        macrometa::LIMITED_KEY
    }

    /// All requests whose head arrived so far, in order of arrival.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.shared.log).clone()
    }

    /// How many there are: a copy of many takes its time.
    pub fn count(&self) -> usize {
        lock(&self.shared.log).len()
    }

    /// The last request.
    ///
    /// # Panics
    ///
    /// Where there was none.
    pub fn last(&self) -> Recorded {
        lock(&self.shared.log)
            .last()
            .cloned()
            .expect("a request arrived")
    }

    /// Forgets the requests recorded so far.
    pub fn forget_requests(&self) {
        lock(&self.shared.log).clear();
    }

    /// How many connections were accepted, refused ones included.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Queues a fault.
    pub fn fault(&self, fault: impl Into<Fault>) {
        self.shared.faults.push(fault.into());
    }

    /// Forgets all faults that are left.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// A document as Macrometa has it now.
    pub fn document(&self, fabric: &str, collection: &str, key: &str) -> Option<Value> {
        self.shared
            .services
            .macrometa
            .as_ref()?
            .document(fabric, collection, key)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.stop.set();
        for stream in lock(&self.shared.open).values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // The accepting thread waits for a connection: this one makes it look at the flag.
        let _ = TcpStream::connect(self.address);
        let crashed = self
            .accepting
            .take()
            .is_some_and(|thread| thread.join().is_err());
        if std::thread::panicking() {
            return;
        }
        assert!(!crashed, "a thread of the sandbox panicked");
        let silent = self.connections() == 0;
        assert!(
            !silent || self.may_stay_silent.load(Ordering::Relaxed),
            "nobody called the sandbox at {}",
            self.url()
        );
    }
}

fn accept(shared: &Arc<Shared>, listener: &TcpListener) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    let mut panicked = false;
    for stream in listener.incoming() {
        if shared.stop.is_set() {
            break;
        }
        let Ok(stream) = stream else { continue };
        let number = shared.connections.fetch_add(1, Ordering::SeqCst);
        if let Ok(handle) = stream.try_clone() {
            lock(&shared.open).insert(number, handle);
        }
        let shared = Arc::clone(shared);
        // Ended threads are joined as we go: a sandbox that people leave running must not collect them.
        let (ended, running): (Vec<_>, Vec<_>) =
            threads.into_iter().partition(JoinHandle::is_finished);
        panicked |= ended.into_iter().any(|thread| thread.join().is_err());
        threads = running;
        threads.push(std::thread::spawn(move || {
            connection::serve(&shared, stream, number);
        }));
    }
    // A connection may have been accepted between the flag and the first round of shutdowns.
    for stream in lock(&shared.open).values() {
        let _ = stream.shutdown(Shutdown::Both);
    }
    let results: Vec<_> = threads.into_iter().map(JoinHandle::join).collect();
    assert!(
        !panicked && results.iter().all(Result::is_ok),
        "a connection's thread panicked"
    );
}

/// Locks, also where another thread panicked while holding it: that thread's own panic is the one to report.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

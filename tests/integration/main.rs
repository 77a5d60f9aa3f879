//! The built binary against the sandbox: stdout, stderr, exit status, and the request as it
//! arrived.
//!
//! One test binary, so that the sandbox is compiled and linked once. `support` starts the binary
//! in a cleared environment with a home of its own; each other module tests one promise.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "tests print and read the environment"
)]

#[path = "../sandbox/mod.rs"]
mod sandbox;
mod support;

mod generated;
mod help;
mod manual;
mod redirects;
mod repeats;
#[cfg(unix)]
mod sessions;
mod shells;
mod signals;
mod smoke;
mod times;
mod tls;

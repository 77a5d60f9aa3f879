//! Stands in for other command lines: their arguments, output and exit codes over our transport.
//!
//! A stand-in uses `session`, `service` and `output`. `lib` dispatches to it; the commands do not
//! know it.

pub mod maas;

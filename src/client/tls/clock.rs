//! The clock that certificates are judged by.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;

/// This machine's clock. rustls's own panics where it stands before 1970; here the handshake ends
/// with an error that `explain` knows.
#[derive(Debug)]
pub struct SystemClock;

impl TimeProvider for SystemClock {
    fn current_time(&self) -> Option<UnixTime> {
        since_1970(SystemTime::now()).map(UnixTime::since_unix_epoch)
    }
}

fn since_1970(now: SystemTime) -> Option<Duration> {
    now.duration_since(UNIX_EPOCH).ok()
}

#[cfg(test)]
mod tests {
    use super::super::explain::explain;
    use super::*;
    use crate::error::Exit;

    #[test]
    fn a_clock_before_1970_is_an_error() {
        let second = Duration::from_secs(1);
        assert_eq!(since_1970(UNIX_EPOCH + second), Some(second));
        assert_eq!(since_1970(UNIX_EPOCH - second), None);
        let error = explain(&rustls::Error::FailedToGetCurrentTime);
        assert_eq!(error.exit(), Exit::Tls);
        assert!(error.message.contains("before 1970"), "{error}");
        assert!(error.hint.is_some());
    }
}

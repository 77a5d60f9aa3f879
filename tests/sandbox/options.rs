//! What kind of server a sandbox is to be.

use std::path::PathBuf;
use std::time::Duration;

use super::maas::Pace;
use super::tls::Tls;

/// What kind of server it is to be.
pub struct Options {
    /// Whether it is a MAAS.
    pub maas: bool,
    /// Whether it is a Macrometa host.
    pub macrometa: bool,
    /// How many seconds its clock is ahead.
    pub clock_skew_seconds: i64,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// TLS instead of plain HTTP.
    pub tls: Option<Tls>,
    /// The longest body that MAAS takes.
    pub maas_body_limit: u64,
    /// How long MAAS answers 502 after a request line over 16 KB.
    pub maas_downtime: Duration,
    /// How many machines there are beside the fixture's five: Ready, ids and host names `vm0001` and so on.
    pub maas_machines: usize,
    /// When machines that deploy, commission, release… take their next step.
    pub maas_pace: Pace,
    /// How many regions have to have an uploaded image before it is complete.
    pub maas_regions: u64,
    /// A description to serve instead of the sandbox's own: the file of a real one.
    pub maas_describe: Option<PathBuf>,
    /// How many events MAAS's log holds at the start, all visible at the default level.
    pub maas_events: usize,
    /// The most events of a page, whatever `limit` says.
    pub maas_events_page: usize,
    /// Members that the files of images do not have.
    pub maas_image_files_without: &'static [&'static str],
    /// How much of each body [`Recorded::body`] keeps; what lies beyond is counted but not seen by the services.
    pub record_limit: usize,
    /// How much of each body [`Sandbox::requests`](super::Sandbox::requests) keeps; the services see all of it.
    pub log_limit: usize,
    /// How long every call takes before it is answered.
    pub latency: Duration,
    /// Every so manieth page of a Macrometa cursor is empty although there is more; 0 is never.
    pub macrometa_empty_page_every: usize,
    /// How long each page of a Macrometa cursor takes; a second call for the same cursor meanwhile is refused (1601).
    pub macrometa_page_time: Duration,
    /// Whether Macrometa takes a key with no scheme in front, and only so, as the hosts of `PhotonIQ` do.
    pub macrometa_bare_key: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            maas: true,
            macrometa: true,
            clock_skew_seconds: 0,
            port: 0,
            tls: None,
            maas_body_limit: 10 << 20,
            maas_downtime: Duration::from_secs(10),
            maas_machines: 0,
            maas_pace: Pace::Still,
            maas_regions: 1,
            maas_describe: None,
            maas_events: 0,
            maas_events_page: usize::MAX,
            maas_image_files_without: &[],
            record_limit: 64 << 20,
            log_limit: usize::MAX,
            latency: Duration::ZERO,
            macrometa_empty_page_every: 0,
            macrometa_page_time: Duration::ZERO,
            macrometa_bare_key: false,
        }
    }
}

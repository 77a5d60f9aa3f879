//! Which service a request is for: MAAS below `/MAAS`, Macrometa for everything else, or only one of the two.
//!
//! A sandbox that is only one of them answers the other's paths as that service would, so that login's probes can be tested.

use super::head::Framing;
use super::maas::{self, Maas};
use super::macrometa::{self, Macrometa};
use super::record::Recorded;
use super::response::Response;
use super::stop::Stop;

/// The services of one sandbox.
pub struct Services {
    /// MAAS, where this sandbox is one.
    pub maas: Option<Maas>,
    /// Macrometa, where this sandbox is one.
    pub macrometa: Option<Macrometa>,
}

/// What a service found out from the head of a request.
pub enum Admitted {
    /// For MAAS.
    Maas(maas::Admitted),
    /// For Macrometa.
    Macrometa(macrometa::Admitted),
}

impl Services {
    fn maas_for(&self, request: &Recorded) -> Option<&Maas> {
        let path = request.path();
        let below = path == "/MAAS" || path.starts_with("/MAAS/");
        self.maas
            .as_ref()
            .filter(|_| below || self.macrometa.is_none())
    }

    /// Judges the head: who calls, and whether the body is worth reading.
    pub fn admit(&self, request: &Recorded, framing: Framing) -> Result<Admitted, Response> {
        match (self.maas_for(request), &self.macrometa) {
            (Some(maas), _) => maas.admit(request, framing).map(Admitted::Maas),
            (None, Some(macrometa)) => macrometa.admit(request).map(Admitted::Macrometa),
            (None, None) => Err(Response::nginx(404)),
        }
    }

    /// How long a body may be.
    pub fn body_limit(&self, request: &Recorded) -> Option<u64> {
        self.maas_for(request).map(|maas| maas.body_limit)
    }

    /// How much of a body the log of requests keeps.
    pub fn log_limit(&self, request: &Recorded) -> usize {
        self.maas_for(request)
            .map_or(usize::MAX, |_| Maas::log_limit(request))
    }

    /// Carries a whole request out.
    pub fn response(&self, request: &Recorded, admitted: Admitted, stop: &Stop) -> Response {
        match (admitted, &self.maas, &self.macrometa) {
            (Admitted::Maas(admitted), Some(maas), _) => maas.response(request, admitted),
            (Admitted::Macrometa(admitted), _, Some(macrometa)) => {
                macrometa.response(request, &admitted, stop)
            }
            _ => Response::nginx(404),
        }
    }
}

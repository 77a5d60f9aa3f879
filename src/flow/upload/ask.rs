//! What an upload asks the server.

use serde_json::Value;

use crate::client::Response;
use crate::error::{Exit, Failure};
use crate::output::decode;
use crate::output::errors;
use crate::request::Plan;
use crate::service::Service;
use crate::service::maas::image::{self, Image};

use super::{Event, Tell, Upload};

/// A description beyond this is none.
const MOST: u64 = 64 * 1024 * 1024;

impl Upload<'_> {
    /// The image as the server describes it now, and the description itself.
    pub(super) fn image(&self, id: u64, tell: Tell<'_>) -> Result<(Image, Vec<u8>), Failure> {
        let plan = Plan::get(&image::path(id), self.place)?;
        let (value, text) = self.value(&plan, tell)?;
        let image = Image::read(&value).ok_or_else(|| {
            let message = "the response does not describe an image";
            Failure::new(Exit::Other, message).of(&self.told(&plan))
        })?;
        Ok((image, text))
    }

    /// How many region controllers there are; 0 where they are not told.
    pub(super) fn regions(&self, tell: Tell<'_>) -> Result<usize, Failure> {
        let plan = Plan::get(image::REGIONS, self.place)?;
        let (list, _) = self.value(&plan, tell)?;
        Ok(list.as_array().map_or(0, Vec::len))
    }

    /// Sends a plan whose response is wanted as a value, and as it came; everything but a success is
    /// a failure.
    pub(super) fn value(&self, plan: &Plan, tell: Tell<'_>) -> Result<(Value, Vec<u8>), Failure> {
        let response = self.response(plan, tell)?;
        self.read(response, plan)
    }

    fn response(&self, plan: &Plan, tell: Tell<'_>) -> Result<Response, Failure> {
        let told = self.told(plan);
        self.client
            .send(plan, &mut |event| tell(Event::Call(&told, event)))
            .map_err(|e| e.told(&told))
    }

    fn read(&self, response: Response, plan: &Plan) -> Result<(Value, Vec<u8>), Failure> {
        if Exit::of_status(response.head.status) != Exit::Success {
            return Err(self.refused(response, plan));
        }
        let told = self.told(plan);
        let text = decode::whole(response, MOST).map_err(|e| e.of(&told))?;
        match serde_json::from_slice(&text) {
            Ok(value) => Ok((value, text)),
            Err(_) => Err(Failure::new(Exit::Other, "the response is not valid JSON").of(&told)),
        }
    }

    /// The failure that a response is.
    pub(super) fn refused(&self, response: Response, plan: &Plan) -> Failure {
        let signed = self.client.key().is_some();
        let failed = errors::read(response, Service::Maas, &plan.method, signed);
        Failure {
            exit: Exit::of_status(failed.head.status),
            message: format!("{}: {}", self.told(plan), failed.line()),
            hint: failed.explanation.hint,
        }
    }

    /// `lab: PUT /MAAS/…`: what messages of a call begin with.
    pub(super) fn told(&self, plan: &Plan) -> String {
        format!("{}: {}", self.label, plan.summary())
    }
}

//! What an upload asks the server.

use serde_json::Value;

use crate::client::Answer;
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
    /// The image as the server describes it now.
    pub(super) fn image(&self, id: u64, tell: Tell<'_>) -> Result<Image, Failure> {
        let plan = Plan::get(&image::path(id), self.place)?;
        let value = self.value(&plan, tell)?;
        Image::read(&value).ok_or_else(|| {
            let message = "the answer does not describe an image";
            Failure::new(Exit::Other, message).of(&self.told(&plan))
        })
    }

    /// How many region controllers there are; 0 where they are not told.
    pub(super) fn regions(&self, tell: Tell<'_>) -> Result<usize, Failure> {
        let plan = Plan::get(image::REGIONS, self.place)?;
        let list = self.value(&plan, tell)?;
        Ok(list.as_array().map_or(0, Vec::len))
    }

    /// Sends a plan whose answer is wanted as a value; everything but a success is a failure.
    pub(super) fn value(&self, plan: &Plan, tell: Tell<'_>) -> Result<Value, Failure> {
        let told = self.told(plan);
        let answer = self
            .client
            .send(plan, &mut |event| tell(Event::Call(&told, event)))
            .map_err(|e| e.told(&told))?;
        if Exit::of_status(answer.head.status) != Exit::Success {
            return Err(self.refused(answer, plan));
        }
        decode::value(answer, MOST).map_err(|e| e.of(&told))
    }

    /// The failure that an answer is.
    pub(super) fn refused(&self, answer: Answer, plan: &Plan) -> Failure {
        let signed = self.client.key().is_some();
        let failed = errors::read(answer, Service::Maas, &plan.method, signed);
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

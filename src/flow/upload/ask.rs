//! Asks the server what an upload needs to know: the image, the list, the regions.
//!
//! Every question may be retried; chunks are `chunk`'s.

use serde_json::Value;

use crate::client::Limits;
use crate::error::{Exit, Failure};
use crate::output::decode;
use crate::request::Plan;
use crate::service::maas::image::{self, Image};

use super::{Notify, Upload, UploadEvent};

/// A description beyond this is none.
const MOST: u64 = 64 * 1024 * 1024;

impl Upload<'_> {
    /// Returns the image as the server describes it now, and the description itself.
    pub(super) fn image(&self, id: u64, report: Notify<'_>) -> Result<(Image, Vec<u8>), Failure> {
        let plan = Plan::get(&image::path(id), self.session.profile.place())?;
        let (value, text) = self.value(&plan, report)?;
        let image = Image::read(&value).ok_or_else(|| {
            let message = "the response does not describe an image";
            Failure::from(
                self.session
                    .useless(Failure::new(Exit::Other, message), &plan),
            )
        })?;
        Ok((image, text))
    }

    /// Returns how many region controllers there are; 0 where they are not reported.
    pub(super) fn regions(&self, report: Notify<'_>) -> Result<usize, Failure> {
        let plan = Plan::get(image::REGIONS, self.session.profile.place())?;
        let (list, _) = self.value(&plan, report)?;
        Ok(list.as_array().map_or(0, Vec::len))
    }

    /// Sends a plan whose response is wanted as a value, and as it came; everything but a success is
    /// a failure.
    pub(super) fn value(
        &self,
        plan: &Plan,
        report: Notify<'_>,
    ) -> Result<(Value, Vec<u8>), Failure> {
        let limits = Limits::default();
        let response = self
            .session
            .call(plan, &limits, &mut |n| report(UploadEvent::Notice(n)))?;
        let useless = |failure| Failure::from(self.session.useless(failure, plan));
        let text = decode::whole(response, MOST).map_err(useless)?;
        let value = decode::parsed(&text).map_err(useless)?;
        Ok((value, text))
    }
}

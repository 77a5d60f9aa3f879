//! The upload of an image: announced, sent in chunks, each of them once.
//!
//! Content that the server has already is never sent: [`look`] reads all images first. Chunks have no
//! offset on the wire: the server appends. So the image is read after a chunk whose response did not
//! come, and the upload continues only where it is certain what has arrived; the same holds for what an
//! earlier run has left. What a response means is `service::maas::image`'s to judge. Nothing here
//! prints: [`UploadEvent`]s report what happens.
//!
//! `source` reads the file, `look` finds what the server has, `ask` sends questions, `chunk` sends
//! chunks.

mod ask;
mod chunk;
pub mod look;
mod source;
#[cfg(test)]
mod tests;

use crate::error::{Exit, Failure};
use crate::request::Plan;
use crate::service::maas::image::{Image, Wanted};
use crate::session::{Notice, Session};
use crate::signals;

use look::{Begun, Found, Look};
pub use source::Source;

/// Reports what happens in an upload.
#[derive(Debug)]
pub enum UploadEvent<'a> {
    /// A notice of a call.
    Notice(Notice),
    /// The server has this content as this image; nothing is sent. The parameter that is another
    /// one in the announcement, where there is one.
    AlreadyThere(Option<&'static str>),
    /// Another upload left something broken; the text says what, and what to do.
    Broken(&'a str),
    /// Nothing is in the way: an image is announced, or one is resumed that has so many bytes.
    Starts(u64),
    /// Chunks go out from this offset on.
    Begins(u64),
    /// So much has arrived.
    Arrived(u64),
    /// The response to a chunk did not come, but what became of the chunk is certain.
    Settled {
        /// The call and what happened to it.
        cause: &'a str,
        /// Whether the chunk had arrived.
        arrived: bool,
    },
}

/// The receiver of events.
pub type Notify<'t> = &'t mut dyn FnMut(UploadEvent<'_>);

/// What is uploaded, and over what.
#[derive(Debug)]
pub struct Upload<'a> {
    /// What sends.
    pub session: &'a Session,
    /// The command that deletes the image `{id}`.
    pub delete: String,
    /// The call that announces the image.
    pub announcement: Plan,
    /// What the user says of the image; a name and an architecture are among it.
    pub parameters: Vec<(String, String)>,
    /// Its content.
    pub source: &'a Source,
}

/// An image that is on the server.
#[derive(Debug)]
pub struct Uploaded {
    /// Its number.
    pub id: u64,
    /// How the server described it last, JSON.
    pub described: Vec<u8>,
    /// Whether nothing was sent since then.
    pub is_current: bool,
}

impl Upload<'_> {
    /// Uploads the image.
    pub fn run(&self, report: Notify<'_>) -> Result<Uploaded, Failure> {
        let found = self.look().run(&mut |plan| {
            self.check_signals()?;
            self.value(plan, report)
        })?;
        let begun = match found {
            Found::Complete {
                id,
                described,
                differs,
            } => {
                report(UploadEvent::AlreadyThere(differs));
                return Ok(Uploaded {
                    id,
                    described,
                    is_current: true,
                });
            }
            Found::Begun(begun) => {
                report(UploadEvent::Starts(begun.offset));
                begun
            }
            Found::Nothing(broken) => {
                if let Some(broken) = broken {
                    report(UploadEvent::Broken(&broken));
                }
                report(UploadEvent::Starts(0));
                match self.announce(report)? {
                    Ok(begun) => begun,
                    Err(there) => {
                        report(UploadEvent::AlreadyThere(None));
                        return Ok(there);
                    }
                }
            }
        };
        let mut chunks = self.source.chunks(begun.offset)?;
        report(UploadEvent::Begins(begun.offset));
        while let Some(chunk) = chunks.next()? {
            let end = chunk.offset + chunk.len();
            self.send(&begun, chunk, report)?;
            report(UploadEvent::Arrived(end));
        }
        Ok(Uploaded {
            id: begun.id,
            described: begun.described,
            is_current: false,
        })
    }

    /// Returns what is uploaded, for those who compare or report it.
    #[must_use]
    pub fn wanted(&self) -> Wanted<'_> {
        Wanted {
            parameters: &self.parameters,
            sha256: &self.source.sha256,
            size: self.source.len,
        }
    }

    /// Prepares the look at what the server has.
    fn look(&self) -> Look<'_> {
        Look {
            wanted: self.wanted(),
            place: self.session.profile.place(),
            label: self.session.profile.label(),
            delete: &self.delete,
        }
    }

    /// Announces the image; an error is one of which the server says that it has the content.
    fn announce(&self, report: Notify<'_>) -> Result<Result<Begun, Uploaded>, Failure> {
        self.check_signals()?;
        let plan = &self.announcement;
        let (value, described) = self.value(plan, report)?;
        let found = Image::read(&value).and_then(|image| {
            let file = image.announced(&self.source.sha256, self.source.len)?;
            Some((image, file))
        });
        let Some((image, file)) = found else {
            let message = "the response has no place for this file";
            return Err(self
                .session
                .useless(Failure::new(Exit::Other, message), plan)
                .into());
        };
        if file.complete {
            let id = image.id;
            return Ok(Err(Uploaded {
                id,
                described,
                is_current: false,
            }));
        }
        let look = self.look();
        let offset = match file.progress {
            // No image had any of it.
            None => 0,
            Some(_) => look.offset(&image, &file, &mut |plan| self.value(plan, report))?,
        };
        look.begin(&image, file, offset, described).map(Ok)
    }

    /// Returns the way out where an image is broken.
    fn cure(&self, id: u64, versions: usize) -> String {
        self.look().cure_of(id, versions)
    }

    /// Ends where a signal came before anything was sent.
    fn check_signals(&self) -> Result<(), Failure> {
        match signals::pending() {
            None => Ok(()),
            Some(exit) => {
                let message = "interrupted before anything was sent";
                Err(Failure::new(exit, message).of(self.session.profile.label()))
            }
        }
    }
}

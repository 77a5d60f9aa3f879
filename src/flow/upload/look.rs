//! The look at what the server has, before anything is created.
//!
//! All images are read, since MAAS stores a content once for all of them and deletes it where it
//! comes again: the image of the same name first, then the others, one call for each of which the
//! list does not name the versions. What cannot be read stops the upload. `service::maas::image`
//! judges each; nothing here sends content.

use serde_json::Value;

use crate::error::{Exit, Failure};
use crate::profile::Place;
use crate::request::Plan;
use crate::service::maas::image::{self, Claim, File, Image, Version, Wanted};

/// Asks the server: the JSON of its response, and the response as it came.
pub type Ask<'a> = &'a mut dyn FnMut(&Plan) -> Result<(Value, Vec<u8>), Failure>;

/// Why nothing is sent where the look fails.
const UNREAD: &str = "nothing was sent, as it is not known whether MAAS has this content";

/// What is looked for, and how it is reported.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The image that is to be uploaded.
    pub wanted: Wanted<'a>,
    /// Where calls go.
    pub place: Place<'a>,
    /// The profile, as messages name it.
    pub label: &'a str,
    /// The command that deletes the image `{id}`.
    pub delete: &'a str,
}

/// What the server has.
#[derive(Debug)]
pub enum Found {
    /// Nothing of the content; what another upload left broken of the image, in words.
    Nothing(Option<String>),
    /// All of it: the newest version of the image.
    Complete {
        /// The image's number.
        id: u64,
        /// How the server describes it, JSON.
        described: Vec<u8>,
        /// The parameter that is another one in the announcement.
        differs: Option<&'static str>,
    },
    /// An upload that can be resumed.
    Begun(Begun),
}

/// An image whose chunks are to be sent.
#[derive(Debug)]
pub struct Begun {
    /// Its number.
    pub id: u64,
    /// How many versions it has.
    pub versions: usize,
    /// Where its chunks go.
    pub uri: String,
    /// How many bytes the server has.
    pub offset: u64,
    /// How the server described the image last, JSON.
    pub described: Vec<u8>,
}

impl Look<'_> {
    /// Looks at all images; an error is all that is no reason to send, or to be done.
    pub fn run(&self, ask: Ask<'_>) -> Result<Found, Failure> {
        let mut resumed = None;
        let mut broken = None;
        for entry in self.list(ask).map_err(unread)? {
            let (image, described) = self.image(&entry, ask).map_err(unread)?;
            match image.claim(&self.wanted) {
                Claim::Nothing if image.is_named(&self.wanted) => {
                    broken = image.broken().map(|version| self.broken(&image, version));
                }
                Claim::Nothing => {}
                Claim::Complete(differs) => {
                    return Ok(Found::Complete {
                        id: image.id,
                        described,
                        differs,
                    });
                }
                Claim::Begun(file) => resumed = Some((image, file, described)),
                claim => return Err(self.refused(&image, claim)),
            }
        }
        let Some((image, file, described)) = resumed else {
            return Ok(Found::Nothing(broken));
        };
        let offset = self.offset(&image, &file, ask)?;
        self.begin(&image, file, offset, described)
            .map(Found::Begun)
    }

    /// Returns the images, as the list has them; those of the same name first.
    fn list(&self, ask: Ask<'_>) -> Result<Vec<Value>, Failure> {
        let plan = Plan::get(image::LIST, self.place)?;
        let Value::Array(mut list) = ask(&plan)?.0 else {
            return Err(self.failure("the response is not a list of images"));
        };
        let is_other = |entry: &Value| !image::is_alike(entry, &self.wanted);
        list.sort_by_key(is_other);
        Ok(list)
    }

    /// Returns an image of the list; it is asked for where its versions are not reported.
    fn image(&self, entry: &Value, ask: Ask<'_>) -> Result<(Image, Vec<u8>), Failure> {
        if let Some(image) = Image::read(entry) {
            return Ok((image, entry.to_string().into_bytes()));
        }
        let Some(id) = entry["id"].as_u64() else {
            return Err(self.failure("the list has an image without a number"));
        };
        let (value, described) = ask(&Plan::get(&image::path(id), self.place)?)?;
        match Image::read(&value).filter(|image| image.id == id) {
            Some(image) => Ok((image, described)),
            None => Err(self.failure(&format!("the response does not describe image {id}"))),
        }
    }

    /// Asks for the offset from which the server wants the chunks of a file.
    pub(super) fn offset(&self, image: &Image, file: &File, ask: Ask<'_>) -> Result<u64, Failure> {
        let regions = match file.progress {
            Some(0.0) => 1,
            _ => {
                let plan = Plan::get(image::REGIONS, self.place)?;
                ask(&plan)?.0.as_array().map_or(0, Vec::len)
            }
        };
        image::resumes_at(file, regions).ok_or_else(|| {
            let message = "an earlier upload of this content was interrupted, and it is not certain how \
                           much of it the server has; new chunks would be appended to that";
            self.failure(message).hint(self.cure(image))
        })
    }

    /// Looks where the chunks of a file go.
    pub(super) fn begin(
        &self,
        image: &Image,
        file: File,
        offset: u64,
        described: Vec<u8>,
    ) -> Result<Begun, Failure> {
        let Some(uri) = file.upload_uri else {
            return Err(self.failure("the server names no address for the chunks of the image"));
        };
        Ok(Begun {
            id: image.id,
            versions: image.versions.len(),
            uri,
            offset,
            described,
        })
    }

    /// Returns why an image forbids the upload, and what to do.
    fn refused(&self, image: &Image, claim: Claim) -> Failure {
        let named = named(image);
        match claim {
            Claim::Unknown(version) => unread(self.failure(&format!(
                "the server does not report the SHA-256 of version `{version}` of {named}"
            ))),
            Claim::Differs(parameter) => {
                let message = format!(
                    "an earlier upload of this content was interrupted, and it has another \
                     `{parameter}`; new chunks would be appended to it"
                );
                self.failure(&message).hint(self.cure(image))
            }
            Claim::Other {
                is_own,
                version,
                complete,
            } => {
                let message = if complete {
                    format!(
                        "MAAS has this content already, as version `{version}` of {named}; sent \
                         again, it would be deleted there"
                    )
                } else {
                    format!(
                        "an upload of this content was interrupted, as version `{version}` of {named}; \
                         new chunks would be appended to it"
                    )
                };
                let hint = match (image.is_uploaded, is_own, complete) {
                    (false, ..) => "use that image as it is: MAAS keeps a content once".to_owned(),
                    (true, false, true) => format!("use that image, or: {}", self.cure(image)),
                    _ => self.cure(image),
                };
                self.failure(&message).hint(hint)
            }
            Claim::Nothing | Claim::Complete(_) | Claim::Begun(_) => {
                self.failure("this content cannot be uploaded")
            }
        }
    }

    /// Returns a version that another upload left broken, in words, with what to do.
    fn broken(&self, image: &Image, version: &Version) -> String {
        let name = &version.name;
        let cure = match image.versions.len() {
            1 => format!("`{}` deletes it and nothing else", self.command(image.id)),
            _ => format!(
                "deployments take the newest complete one, and MAAS deletes an image only with \
                 all its versions: `{}`",
                self.command(image.id)
            ),
        };
        let named = named(image);
        format!("version `{name}` of {named} is incomplete, from an interrupted upload; {cure}")
    }

    fn command(&self, id: u64) -> String {
        self.delete.replace("{id}", &id.to_string())
    }

    /// Returns the way out where an image is broken.
    fn cure(&self, image: &Image) -> String {
        self.cure_of(image.id, image.versions.len())
    }

    /// Returns the way out of an image with so many versions.
    pub(super) fn cure_of(&self, id: u64, versions: usize) -> String {
        let all = if versions > 1 {
            format!(" with all its {versions} versions")
        } else {
            String::new()
        };
        let command = self.command(id);
        format!("`{command}` deletes the image{all}; then upload it again")
    }

    fn failure(&self, message: &str) -> Failure {
        Failure::new(Exit::Other, message).of(self.label)
    }
}

/// Names an image: `` `noble` (amd64/generic, image 7)``.
fn named(image: &Image) -> String {
    format!(
        "`{}` ({}, image {})",
        image.name, image.architecture, image.id
    )
}

/// Adds that nothing was sent, to the failure of a look at the images.
fn unread(failure: Failure) -> Failure {
    failure.also(UNREAD)
}

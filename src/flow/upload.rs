//! The upload of an image: announced, sent in pieces, each of them once.
//!
//! Pieces have no offset on the wire: the server appends. So the image is read after a piece whose
//! response did not come, and the upload goes on only where it is certain what has arrived; the same
//! holds for what an earlier run has left. What a response means is `service::maas::image`'s to
//! judge. Nothing here prints: [`Event`]s tell what happens.
//!
//! `source` reads the file, `ask` reads what the server has, `piece` sends.

mod ask;
mod piece;
mod source;

use crate::client::{self, Client};
use crate::error::{Exit, Failure};
use crate::request::Plan;
use crate::request::plan::Place;
use crate::service::maas::image::{self, File, Image, Leftover};

pub use source::Source;

/// What happens, for those who tell it.
#[derive(Debug)]
pub enum Event<'a> {
    /// A call is made; the text names it.
    Call(&'a str, client::Event<'a>),
    /// The server has this content; nothing is sent.
    AlreadyThere,
    /// An earlier run has sent so much of it.
    GoesOn(u64),
    /// Pieces go out from this offset on.
    Begins(u64),
    /// So much has arrived.
    Arrived(u64),
    /// The response to a piece did not come, but what became of the piece is certain.
    Settled {
        /// The call and what happened to it.
        cause: &'a str,
        /// Whether the piece had arrived.
        arrived: bool,
    },
}

/// Hears what happens.
pub type Tell<'t> = &'t mut dyn FnMut(Event<'_>);

/// What is uploaded, and over what.
#[derive(Debug)]
pub struct Upload<'a> {
    /// What sends.
    pub client: &'a Client,
    /// Where calls go.
    pub place: Place<'a>,
    /// The profile, as messages name it.
    pub label: &'a str,
    /// What calls of the same profile have to say: ` -p lab`.
    pub choice: String,
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
    /// How the server described it before its pieces came, JSON.
    pub described: Vec<u8>,
}

/// An image whose pieces are to be sent.
#[derive(Debug)]
struct Begun {
    id: u64,
    versions: usize,
    uri: String,
    offset: u64,
    described: Vec<u8>,
}

/// What earlier runs have left of a content.
enum Earlier {
    /// Nothing, as far as the server tells.
    Nothing,
    /// Perhaps something: an image of this name is incomplete, and of what is not told.
    Unknown,
    /// An upload that can go on.
    Begun(Begun),
}

impl Upload<'_> {
    /// Uploads the image.
    pub fn run(&self, tell: Tell<'_>) -> Result<Uploaded, Failure> {
        let begun = match self.earlier(tell)? {
            Earlier::Begun(begun) => begun,
            earlier => match self.announce(matches!(earlier, Earlier::Nothing), tell)? {
                Ok(begun) => begun,
                Err(there) => {
                    tell(Event::AlreadyThere);
                    return Ok(there);
                }
            },
        };
        if begun.offset > 0 {
            tell(Event::GoesOn(begun.offset));
        }
        let mut pieces = self.source.pieces(begun.offset)?;
        tell(Event::Begins(begun.offset));
        while let Some(piece) = pieces.next()? {
            let end = piece.offset + piece.len();
            self.send(&begun, piece, tell)?;
            tell(Event::Arrived(end));
        }
        Ok(Uploaded {
            id: begun.id,
            described: begun.described,
        })
    }

    /// What an earlier run has begun, where it can go on. All uploaded images are looked at: the
    /// disk knows files by their content, so a piece goes to what any of them has of it.
    fn earlier(&self, tell: Tell<'_>) -> Result<Earlier, Failure> {
        let Source { sha256, len, .. } = self.source;
        let (name, architecture) = (self.parameter("name"), self.parameter("architecture"));
        let (mut own, mut others) = (None, None);
        for entry in self.uploaded(tell)? {
            let Some(id) = entry["id"].as_u64() else {
                continue;
            };
            let (image, described) = self.image(id, tell)?;
            if image.has_all_of(sha256) {
                return Ok(Earlier::Nothing);
            }
            if image::is_named(&entry, name, architecture) {
                own = Some((image, described));
            } else if image.has_part_of(sha256) {
                others = Some(image);
            }
        }
        if let Some(image) = others {
            let message = "an upload of this content as another image broke off; new pieces would \
                           be appended to what MAAS has of that";
            return Err(self.stuck(&image, message.to_owned()));
        }
        let Some((image, described)) = own else {
            return Ok(Earlier::Nothing);
        };
        match image.leftover(sha256, *len) {
            Leftover::Nothing if image.has_part_of_something() => Ok(Earlier::Unknown),
            Leftover::Nothing => Ok(Earlier::Nothing),
            Leftover::Newest(file) => match image.differs(&file, &self.parameters) {
                None => {
                    let offset = self.offset(&image, &file, tell)?;
                    let begun = self.begin(&image, file, offset, described)?;
                    Ok(Earlier::Begun(begun))
                }
                Some(_) if file.progress == Some(0.0) => Ok(Earlier::Nothing),
                Some(name) => {
                    let message = format!(
                        "an earlier upload of this content broke off, and it has another \
                         `{name}`; new pieces would be appended to it"
                    );
                    Err(self.stuck(&image, message))
                }
            },
            Leftover::Older => Err(self.unclear(&image)),
        }
    }

    /// Announces the image; an error is one of which the server has the content. `is_first` says
    /// that no earlier run has left anything of it.
    fn announce(&self, is_first: bool, tell: Tell<'_>) -> Result<Result<Begun, Uploaded>, Failure> {
        let plan = &self.announcement;
        let (value, described) = self.value(plan, tell)?;
        let found = Image::read(&value).and_then(|image| {
            let file = image.announced(&self.source.sha256, self.source.len)?;
            Some((image, file))
        });
        let Some((image, file)) = found else {
            let message = "the response has no place for this file";
            return Err(Failure::new(Exit::Other, message).of(&self.told(plan)));
        };
        if file.complete {
            let id = image.id;
            return Ok(Err(Uploaded { id, described }));
        }
        let offset = match file.progress {
            // Nothing can have come of it yet.
            None if is_first => 0,
            _ => self.offset(&image, &file, tell)?,
        };
        self.begin(&image, file, offset, described).map(Ok)
    }

    /// From which offset on the pieces of a file are wanted.
    fn offset(&self, image: &Image, file: &File, tell: Tell<'_>) -> Result<u64, Failure> {
        let regions = match file.progress {
            Some(0.0) => 1,
            _ => self.regions(tell)?,
        };
        image::resumes_at(file, regions).ok_or_else(|| self.unclear(image))
    }

    /// Looks where the pieces of a file go.
    fn begin(
        &self,
        image: &Image,
        file: File,
        offset: u64,
        described: Vec<u8>,
    ) -> Result<Begun, Failure> {
        let Some(uri) = file.upload_uri else {
            let message = "the server names no address for the pieces of the image";
            return Err(Failure::new(Exit::Other, message).of(self.label));
        };
        Ok(Begun {
            id: image.id,
            versions: image.versions.len(),
            uri,
            offset,
            described,
        })
    }

    /// An earlier upload of which it is not known how far it came.
    fn unclear(&self, image: &Image) -> Failure {
        let message = "an earlier upload of this content broke off, and it is not certain how much \
                       of it the server has; new pieces would be appended to that";
        self.stuck(image, message.to_owned())
    }

    /// An earlier upload that can not go on.
    fn stuck(&self, image: &Image, message: String) -> Failure {
        Failure::new(Exit::Other, message)
            .of(self.label)
            .hint(self.cure(image.id, image.versions.len()))
    }

    fn parameter(&self, name: &str) -> &str {
        let mut found = self.parameters.iter().filter(|(n, _)| n == name);
        found.next().map_or("", |(_, value)| value)
    }

    /// The way out where an image is broken.
    fn cure(&self, id: u64, versions: usize) -> String {
        let all = if versions > 1 {
            format!(" with all its {versions} versions")
        } else {
            String::new()
        };
        format!(
            "`apicall delete {}{}` deletes the image{all}; then upload it again",
            image::path(id),
            self.choice
        )
    }
}

//! The upload of an image: announced, sent in pieces, each of them once.
//!
//! Pieces have no offset on the wire: the server appends. So the image is read after a piece whose
//! answer did not come, and the upload goes on only where it is certain what has arrived; the same
//! holds for what an earlier run has left. What an answer means is `service::maas::image`'s to
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
    /// The answer to a piece did not come, but what became of the piece is certain.
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

/// An image whose pieces are to be sent.
#[derive(Debug)]
struct Begun {
    id: u64,
    versions: usize,
    uri: String,
    offset: u64,
}

impl Upload<'_> {
    /// Uploads the image and gives its number.
    pub fn run(&self, tell: Tell<'_>) -> Result<u64, Failure> {
        let begun = match self.earlier(tell)? {
            Some(begun) => begun,
            None => match self.announce(tell)? {
                Ok(begun) => begun,
                Err(id) => {
                    tell(Event::AlreadyThere);
                    return Ok(id);
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
        Ok(begun.id)
    }

    /// What an earlier run has begun, where it can go on. All uploaded images are looked at: the
    /// disk knows files by their content, so a piece goes to what any of them has of it.
    fn earlier(&self, tell: Tell<'_>) -> Result<Option<Begun>, Failure> {
        let Source { sha256, len, .. } = self.source;
        let mut list = Plan::get(image::LIST, self.place)?;
        list.url.add("type", "uploaded");
        let list = self.value(&list, tell)?;
        let (name, architecture) = (self.parameter("name"), self.parameter("architecture"));
        let (mut own, mut others) = (None, None);
        for entry in list.as_array().into_iter().flatten() {
            let Some(id) = entry["id"].as_u64() else {
                continue;
            };
            let image = self.image(id, tell)?;
            if image.has_all_of(sha256) {
                return Ok(None);
            }
            if image::is_named(entry, name, architecture) {
                own = Some(image);
            } else if image.has_part_of(sha256) {
                others = Some(image);
            }
        }
        if let Some(image) = others {
            let message = "an upload of this content as another image broke off; new pieces would \
                           be appended to what MAAS has of that";
            return Err(self.stuck(&image, message.to_owned()));
        }
        let Some(image) = own else {
            return Ok(None);
        };
        match image.leftover(sha256, *len) {
            Leftover::Nothing => Ok(None),
            Leftover::Newest(file) => match image.differs(&file, &self.parameters) {
                None => self.begin(&image, &file, tell).map(Some),
                Some(_) if file.progress == Some(0.0) => Ok(None),
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

    /// Announces the image; the number alone where the server has the content.
    fn announce(&self, tell: Tell<'_>) -> Result<Result<Begun, u64>, Failure> {
        let plan = &self.announcement;
        let value = self.value(plan, tell)?;
        let found = Image::read(&value).and_then(|image| {
            let file = image.newest(&self.source.sha256, self.source.len)?.clone();
            Some((image, file))
        });
        let Some((image, file)) = found else {
            let message = "the answer has no place for this file";
            return Err(Failure::new(Exit::Other, message).of(&self.told(plan)));
        };
        if file.complete {
            return Ok(Err(image.id));
        }
        self.begin(&image, &file, tell).map(Ok)
    }

    /// Looks where the pieces of a file go, and from which offset on.
    fn begin(&self, image: &Image, file: &File, tell: Tell<'_>) -> Result<Begun, Failure> {
        let regions = match file.progress {
            Some(0.0) => 1,
            _ => self.regions(tell)?,
        };
        let Some(offset) = image::resumes_at(file, regions) else {
            return Err(self.unclear(image));
        };
        let Some(uri) = file.upload_uri.clone() else {
            let message = "the server names no address for the pieces of the image";
            return Err(Failure::new(Exit::Other, message).of(self.label));
        };
        Ok(Begun {
            id: image.id,
            versions: image.versions.len(),
            uri,
            offset,
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

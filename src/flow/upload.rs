//! The upload of an image: announced, sent in pieces, each of them once.
//!
//! Pieces have no offset on the wire: the server appends. So the image is read after a piece whose
//! answer did not come, and the upload goes on only where it is certain what has arrived; the same
//! holds for what an earlier run has left. What an answer means is `service::maas::image`'s to
//! judge. Nothing here prints: [`Event`]s tell what happens.

mod source;

use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{self, Answer, Client, Kind, SendError};
use crate::error::{Exit, Failure};
use crate::output::decode::decode;
use crate::output::{errors, read_failure};
use crate::request::body::Content;
use crate::request::plan::{Call, Loaded, Place};
use crate::request::{Plan, Repeat};
use crate::service::Service;
use crate::service::maas::image::{self, File, Image, Leftover, Standing};
use crate::signals;

pub use source::Source;

/// A description beyond this is none.
const MOST: u64 = 64 * 1024 * 1024;

/// How long the server gets to count a piece that broke off, before it is sent again.
const SETTLE: Duration = Duration::from_secs(2);

/// The same where the server, not the connection, was too slow: it may still be at work.
const SETTLE_SLOW: Duration = Duration::from_secs(15);

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
    /// The image's name.
    pub name: &'a str,
    /// Its architecture.
    pub architecture: &'a str,
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

/// Why the answer to a piece did not come.
struct Cause {
    told: Failure,
    settle: Duration,
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
        while let Some((offset, piece)) = pieces.next()? {
            let len = piece.len() as u64;
            self.send(&begun, offset, piece, tell)?;
            tell(Event::Arrived(offset + len));
        }
        Ok(begun.id)
    }

    /// What an earlier run has begun, where it can go on.
    fn earlier(&self, tell: Tell<'_>) -> Result<Option<Begun>, Failure> {
        let Source { sha256, len, .. } = self.source;
        let mut list = Plan::get(image::LIST, self.place)?;
        list.url.add("type", "uploaded");
        let list = self.value(&list, tell)?;
        for entry in list.as_array().into_iter().flatten() {
            if !image::is_named(entry, self.name, self.architecture) {
                continue;
            }
            let Some(id) = entry["id"].as_u64() else {
                continue;
            };
            let image = self.image(id, tell)?;
            match image.leftover(sha256, *len) {
                Leftover::Nothing => {}
                Leftover::Newest(file) => return self.begin(&image, &file, tell).map(Some),
                Leftover::Older => return Err(self.unclear(&image)),
            }
        }
        Ok(None)
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

    /// Sends a piece until it has arrived once, or fails.
    fn send(
        &self,
        begun: &Begun,
        offset: u64,
        piece: Arc<[u8]>,
        tell: Tell<'_>,
    ) -> Result<(), Failure> {
        let len = piece.len() as u64;
        let plan = self.piece(begun, piece)?;
        let told = self.told(&plan);
        let mut uncertain = 0;
        loop {
            self.check_signals(begun)?;
            let result = self
                .client
                .send(&plan, &mut |event| tell(Event::Call(&told, event)));
            self.check_signals(begun)?;
            let Some(mut cause) = self.judge(result, &plan, begun)? else {
                return Ok(());
            };
            if uncertain == self.client.options().retries {
                cause.told.hint = Some(again());
                return Err(cause.told);
            }
            uncertain += 1;
            match self.look(begun, offset, len, &cause, tell)? {
                Standing::Doubt => {
                    cause.told.message += "; it is not certain whether the piece arrived";
                    return Err(cause.told.hint(self.cure(begun.id, begun.versions)));
                }
                standing => {
                    let arrived = standing == Standing::After;
                    let cause = &cause.told.message;
                    tell(Event::Settled { cause, arrived });
                    if arrived {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn piece(&self, begun: &Begun, piece: Arc<[u8]>) -> Result<Plan, Failure> {
        let call = Call {
            method: "PUT".to_owned(),
            path: begun.uri.clone(),
            op: None,
            items: vec![Loaded::Body(Content::Piece(piece))],
            form: None,
            force_query: false,
            anonymous: false,
        };
        let mut plan = Plan::new(call, self.place).map_err(|e| {
            // It was the server who said it: no fault of the command line.
            let message = format!(
                "the server's address for pieces can not be used: {}",
                e.message
            );
            Failure::new(Exit::Other, message).of(self.label)
        })?;
        plan.repeat = Repeat::Never;
        Ok(plan)
    }

    /// Judges how a piece went: nothing where it arrived, a cause where that is not known.
    fn judge(
        &self,
        result: Result<Answer, SendError>,
        plan: &Plan,
        begun: &Begun,
    ) -> Result<Option<Cause>, Failure> {
        let told = self.told(plan);
        let answer = match result {
            Ok(answer) => answer,
            Err(e) if matches!(e.kind, Kind::Local | Kind::Tls) => return Err(e.told(&told)),
            Err(e) => {
                let is_slow = e.kind == Kind::TimedOut;
                let told = e.told(&told);
                return Ok(Some(Cause::new(told, is_slow)));
            }
        };
        let status = answer.head.status;
        if Exit::of_status(status) == Exit::Success {
            // The connection is kept where its answer is read to the end.
            let mut rest = Vec::new();
            return match answer.take(MOST).read_to_end(&mut rest) {
                Ok(_) => Ok(None),
                Err(e) => Ok(Some(Cause::new(read_failure(&e).of(&told), false))),
            };
        }
        let failure = self.refused(answer, plan);
        match status {
            502..=504 => Ok(Some(Cause::new(failure, status == 504))),
            // A piece that was taken and then refused may be on the disk all the same.
            400 | 409 | 500.. => Err(failure.hint(self.cure(begun.id, begun.versions))),
            _ => Err(resumable(failure)),
        }
    }

    /// Reads the image until it is clear how the server stands.
    fn look(
        &self,
        begun: &Begun,
        offset: u64,
        len: u64,
        cause: &Cause,
        tell: Tell<'_>,
    ) -> Result<Standing, Failure> {
        let read = |tell: Tell<'_>| {
            let regions = self.regions(tell)?;
            let image = self.image(begun.id, tell)?;
            let file = image.newest(&self.source.sha256, self.source.len);
            Ok(file.map_or(Standing::Doubt, |file| {
                image::standing(file, regions, offset, len)
            }))
        };
        let unread = |e: Failure| {
            let cause = &cause.told;
            let message = format!(
                "{}; what the server has could not be read: {}",
                cause.message, e.message
            );
            Failure::new(cause.exit, message).hint(again())
        };
        let first = read(tell).map_err(unread)?;
        if first != Standing::Before {
            return Ok(first);
        }
        // The server may be at work on it still, as may a proxy before it.
        let until = Instant::now() + cause.settle;
        while Instant::now() < until {
            self.check_signals(begun)?;
            std::thread::sleep(Duration::from_millis(100));
        }
        read(tell).map_err(unread)
    }

    fn image(&self, id: u64, tell: Tell<'_>) -> Result<Image, Failure> {
        let plan = Plan::get(&image::path(id), self.place)?;
        let value = self.value(&plan, tell)?;
        Image::read(&value).ok_or_else(|| {
            let message = "the answer does not describe an image";
            Failure::new(Exit::Other, message).of(&self.told(&plan))
        })
    }

    /// How many region controllers there are; 0 where they are not told.
    fn regions(&self, tell: Tell<'_>) -> Result<usize, Failure> {
        let plan = Plan::get(image::REGIONS, self.place)?;
        let list = self.value(&plan, tell)?;
        Ok(list.as_array().map_or(0, Vec::len))
    }

    /// Sends a plan whose answer is wanted as a value; everything but a success is a failure.
    fn value(&self, plan: &Plan, tell: Tell<'_>) -> Result<Value, Failure> {
        let told = self.told(plan);
        let answer = self
            .client
            .send(plan, &mut |event| tell(Event::Call(&told, event)))
            .map_err(|e| e.told(&told))?;
        if Exit::of_status(answer.head.status) != Exit::Success {
            return Err(self.refused(answer, plan));
        }
        let mut body = Vec::new();
        decode(answer)
            .map_err(|e| e.of(&told))?
            .take(MOST)
            .read_to_end(&mut body)
            .map_err(|e| read_failure(&e).of(&told))?;
        serde_json::from_slice(&body)
            .map_err(|_| Failure::new(Exit::Other, "the answer is not valid JSON").of(&told))
    }

    fn refused(&self, answer: Answer, plan: &Plan) -> Failure {
        let signed = self.client.key().is_some();
        let failed = errors::read(answer, Service::Maas, &plan.method, signed);
        Failure {
            exit: Exit::of_status(failed.head.status),
            message: format!("{}: {}", self.told(plan), failed.line()),
            hint: failed.explanation.hint,
        }
    }

    fn told(&self, plan: &Plan) -> String {
        format!("{}: {}", self.label, plan.summary())
    }

    /// An earlier upload that can not go on.
    fn unclear(&self, image: &Image) -> Failure {
        let message = "an earlier upload of this content broke off, and it is not certain how much \
                       of it the server has; new pieces would be appended to that";
        Failure::new(Exit::Other, message)
            .of(self.label)
            .hint(self.cure(image.id, image.versions.len()))
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

    /// Ends between two pieces where a signal came.
    fn check_signals(&self, begun: &Begun) -> Result<(), Failure> {
        match signals::pending() {
            None => Ok(()),
            Some(exit) => {
                let message = format!("the upload of image {} was interrupted", begun.id);
                Err(Failure::new(exit, message).of(self.label).hint(again()))
            }
        }
    }
}

impl Cause {
    fn new(told: Failure, is_slow: bool) -> Self {
        let settle = if is_slow { SETTLE_SLOW } else { SETTLE };
        Self { told, settle }
    }
}

/// A failure that leaves the image incomplete, but not broken.
fn resumable(mut failure: Failure) -> Failure {
    failure.hint.get_or_insert_with(again);
    failure
}

fn again() -> String {
    "the same command goes on where it is certain what has arrived".to_owned()
}

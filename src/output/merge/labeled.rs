//! Elements with the name of their profile in them, as text.

use std::io;

use crate::json::{Container, Scalar, Sink, Text, TokenPart, Values, hold};

/// The member that names the profile of an element.
pub const MEMBER: &str = "_profile";

/// Puts the name of the profile into each element, and keeps their text. A member of that name of an
/// element's own makes room: a server does not say whose element it is.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of where it stands"
)]
pub struct Labeled {
    /// `"_profile":"eu"`.
    member: Vec<u8>,
    wraps: bool,
    text: Text,
    depth: usize,
    any: bool,
    /// Whether the element is an object.
    is_object: bool,
    /// What of a member is kept: of the members of an element, and of nothing below.
    present: Member,
    /// The key of the present member, as far as it has come.
    key: Vec<u8>,
    is_wrapped: bool,
}

/// Where a member of an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    /// It is written.
    Written,
    /// A comma is due before the next one.
    Awaited,
    /// It is left out.
    LeftOut,
}

impl Labeled {
    /// Labels elements with the name of a profile; `wraps` puts what is no object into one.
    pub fn new(name: &str, wraps: bool) -> serde_json::Result<Self> {
        let member = format!("\"{MEMBER}\":{}", serde_json::to_string(name)?);
        Ok(Self {
            member: member.into_bytes(),
            wraps,
            text: Text::default(),
            depth: 0,
            any: false,
            is_object: false,
            present: Member::Written,
            key: Vec::new(),
            is_wrapped: false,
        })
    }

    /// What has come since it was asked for last.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text.0)
    }

    fn lead(&mut self, is_object: bool) {
        if self.depth > 0 {
            return;
        }
        if std::mem::replace(&mut self.any, true) {
            self.text.0.push(b',');
        }
        self.is_object = is_object;
        self.present = Member::Written;
        self.is_wrapped = self.wraps && !is_object;
        if self.is_wrapped {
            self.text.0.push(b'{');
            self.text.0.extend_from_slice(&self.member);
            self.text.0.extend_from_slice(b",\"value\":");
        }
    }

    fn is_left_out(&self) -> bool {
        self.present == Member::LeftOut
    }
}

/// Returns whether a key, as it is written, is that of the label.
fn is_label(key: &[u8]) -> bool {
    let plain = key.get(1..key.len() - 1).unwrap_or_default();
    plain == MEMBER.as_bytes()
        || (plain.contains(&b'\\')
            && serde_json::from_slice::<String>(key).is_ok_and(|key| key == MEMBER))
}

impl Sink for Labeled {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        let is_object = kind == Container::Object;
        self.lead(is_object);
        if !self.is_left_out() {
            self.text.begin(kind)?;
        }
        if self.depth == 0 && is_object {
            self.text.0.extend_from_slice(&self.member);
            self.present = Member::Awaited;
        }
        self.depth += 1;
        Ok(())
    }

    fn end(&mut self, kind: Container) -> io::Result<()> {
        self.depth -= 1;
        if self.depth == 0 {
            self.present = Member::Written;
        }
        if self.is_left_out() {
            return Ok(());
        }
        self.text.end(kind)
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if self.depth > 1 {
            return if self.is_left_out() {
                Ok(())
            } else {
                self.text.key(bytes, part)
            };
        }
        if part.first {
            self.key.clear();
        }
        hold(&mut self.key, bytes, "a name")?;
        if !part.last {
            return Ok(());
        }
        if is_label(&self.key) {
            // A comma that is due stays due.
            self.present = Member::LeftOut;
            return Ok(());
        }
        if self.present == Member::Awaited {
            self.text.0.push(b',');
        }
        self.present = Member::Written;
        self.text.key(&self.key, TokenPart::WHOLE)
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        if part.first {
            self.lead(false);
        }
        if self.is_left_out() {
            return Ok(());
        }
        self.text.scalar(kind, bytes, part)
    }

    fn colon(&mut self) -> io::Result<()> {
        if self.is_left_out() {
            return Ok(());
        }
        self.text.colon()
    }

    fn comma(&mut self) -> io::Result<()> {
        if self.depth == 1 && self.is_object {
            self.present = Member::Awaited;
            return Ok(());
        }
        if self.is_left_out() {
            return Ok(());
        }
        self.text.comma()
    }
}

impl Values for Labeled {
    fn end_value(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_wrapped) {
            self.text.0.push(b'}');
        }
        Ok(())
    }
}

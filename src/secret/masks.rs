//! The one registry of the secrets of a run, and what masks them in every text that is written.
//!
//! A profile registers its secrets once ([`crate::profile::Profile::masks`]); whoever writes
//! applies the registry to the whole text, before anything of it is cut. A secret is found in each
//! form in which it comes back: as it is, in the escapes of JSON, URLs and HTML to any depth
//! ([`super::view`]), in base64 at each alignment, and cut by one of our own `…`. The needles are
//! made when the first text is masked: a call that writes nothing to stderr does no work.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem::Finder;

use super::Secret;
use super::server::{LONGEST_MARK, expected_signatures};
use super::spans::{SecretSpan, replaced};
use super::urls::url_passwords;
use super::view::{View, views};

/// Shorter secrets are words (`a`, `id`), and masking them would only garble messages. A field or
/// header that holds one is masked by its name.
const SHORTEST: usize = 4;

/// Shorter secrets are masked where they stand as a word, not inside others.
const SHORTEST_ANYWHERE: usize = 6;

/// The same for a part of a key, which may be a word, too (`token` in
/// `list_authorisation_tokens`). Keys of the services have longer parts.
const SHORTEST_PART: usize = 5;
const SHORTEST_PART_ANYWHERE: usize = 12;

/// So much of a secret before a `…` shows something of it.
const SHORTEST_START: usize = 4;

/// Base64 of fewer letters may stand anywhere.
const SHORTEST_BASE64: usize = 6;

/// A byte takes at most so many where it is escaped, percent-encoded twice as a whole.
const LONGEST_ESCAPE: usize = 9;

/// The secrets of a run.
#[derive(Clone, Default)]
pub struct Masks {
    known: Vec<(Secret, Rule)>,
    needles: OnceLock<Arc<Vec<Needle>>>,
}

impl fmt::Debug for Masks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Masks({} secrets)", self.known.len())
    }
}

/// Where a text is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    Word,
    Anywhere,
}

/// A form of a secret.
struct Needle {
    finder: Finder<'static>,
    rule: Rule,
    /// It is base64, whose last letter holds bits of what follows.
    is_base64: bool,
}

impl Masks {
    /// Adds the secrets of another.
    pub fn merge(&mut self, other: &Self) {
        for (secret, rule) in &other.known {
            self.insert(secret.expose(), *rule);
        }
    }

    /// Adds a whole secret.
    pub fn add(&mut self, secret: &str) {
        match secret.len() {
            0..SHORTEST => {}
            SHORTEST..SHORTEST_ANYWHERE => self.insert(secret, Rule::Word),
            _ => self.insert(secret, Rule::Anywhere),
        }
    }

    /// Adds a part of a secret, where it is long enough to show something.
    pub fn add_part(&mut self, part: &str) {
        match part.len() {
            0..SHORTEST_PART => {}
            SHORTEST_PART..SHORTEST_PART_ANYWHERE => self.insert(part, Rule::Word),
            _ => self.insert(part, Rule::Anywhere),
        }
    }

    fn insert(&mut self, secret: &str, rule: Rule) {
        match self.known.iter_mut().find(|(s, _)| s.expose() == secret) {
            Some((_, known)) if *known >= rule => return,
            Some((_, known)) => *known = rule,
            None => self.known.push((Secret::new(secret), rule)),
        }
        self.needles = OnceLock::new();
    }

    fn needles(&self) -> &[Needle] {
        self.needles.get_or_init(|| {
            let mut needles = Vec::new();
            for (secret, rule) in &self.known {
                push_forms(secret.expose(), *rule, &mut needles);
            }
            Arc::new(needles)
        })
    }

    /// Replaces every secret in a text that is complete.
    #[must_use]
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.masked(text.as_bytes()) {
            None => Cow::Borrowed(text),
            Some(masked) => Cow::Owned(match String::from_utf8(masked) {
                Ok(masked) => masked,
                Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
            }),
        }
    }

    /// Replaces every secret in the strings and names of a JSON value, which stays one.
    pub fn apply_json(&self, value: &mut serde_json::Value) {
        use serde_json::Value;
        match value {
            Value::String(text) => {
                if let Cow::Owned(masked) = self.apply(text) {
                    *text = masked;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply_json(item)),
            Value::Object(members) => {
                for (name, mut value) in std::mem::take(members) {
                    self.apply_json(&mut value);
                    members.insert(self.apply(&name).into_owned(), value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Returns the bytes with every secret replaced; `None` where there is none.
    #[must_use]
    pub fn masked(&self, text: &[u8]) -> Option<Vec<u8>> {
        let places = self.places(text).into_iter();
        replaced(text, places.map(|place| place.secret).collect())
    }

    /// Returns how much of a text that goes on has to be held back so that no form of a secret, and
    /// no mark of one, is cut in two.
    pub(super) fn reach(&self) -> usize {
        let longest = self.needles().iter().map(|n| n.finder.needle().len()).max();
        let longest = longest.unwrap_or(0).max(LONGEST_MARK);
        // And the letters that may follow base64.
        (longest + 4) * LONGEST_ESCAPE
    }

    /// Returns where secrets stand in a text.
    pub(super) fn places(&self, text: &[u8]) -> Vec<SecretSpan> {
        let mut places = Vec::new();
        for view in &views(text) {
            let read = view.text();
            for needle in self.needles() {
                needle.find(read, &mut |found| {
                    places.push(at(view, &SecretSpan::of(found)));
                });
            }
            self.find_starts(read, &mut |found| {
                places.push(at(view, &SecretSpan::of(found)));
            });
            let marked = [url_passwords(read), expected_signatures(read)];
            places.extend(marked.iter().flatten().map(|place| at(view, place)));
        }
        places
    }

    /// Secrets that we have cut ourselves: the start of one before a `…`.
    fn find_starts(&self, text: &[u8], found: &mut dyn FnMut(Range<usize>)) {
        for end in memchr::memmem::find_iter(text, "…") {
            let before = &text[..end];
            for needle in self.needles() {
                let whole = needle.finder.needle();
                let longest = (SHORTEST_START..whole.len())
                    .rev()
                    .find(|length| before.ends_with(&whole[..*length]));
                if let Some(length) = longest
                    && (needle.rule == Rule::Anywhere || !joins(before, end - length))
                {
                    found(end - length..end);
                }
            }
        }
    }
}

/// Returns a place of a reading in the text that was read.
fn at(view: &View<'_>, place: &SecretSpan) -> SecretSpan {
    SecretSpan {
        mark: view.start(place.mark),
        secret: view.range(&place.secret),
        open: place.open.as_ref().map(|open| view.range(open)),
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Returns whether the word goes on before this place.
fn joins(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|at| is_word_byte(text[at]))
}

impl Needle {
    fn find(&self, text: &[u8], found: &mut dyn FnMut(Range<usize>)) {
        for start in self.finder.find_iter(text) {
            let mut end = start + self.finder.needle().len();
            let goes_on = text.get(end).is_some_and(|b| is_word_byte(*b));
            if self.rule == Rule::Word && (goes_on || joins(text, start)) {
                continue;
            }
            if self.is_base64 {
                let is_letter = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_".contains(b);
                end += usize::from(text.get(end).is_some_and(is_letter));
                end += text[end..]
                    .iter()
                    .take(2)
                    .take_while(|b| **b == b'=')
                    .count();
            }
            found(start..end);
        }
    }
}

fn push_forms(secret: &str, rule: Rule, needles: &mut Vec<Needle>) {
    let mut push = |text: &[u8], rule, is_base64| {
        if !needles.iter().any(|n: &Needle| n.finder.needle() == text) {
            needles.push(Needle {
                finder: Finder::new(text).into_owned(),
                rule,
                is_base64,
            });
        }
    };
    // A secret may hold what reads as an escape, and is undone with the real ones.
    for view in views(secret.as_bytes()) {
        if view.text().len() >= SHORTEST {
            push(view.text(), rule, false);
        }
    }
    // As a form has its blanks.
    if secret.contains(' ') {
        push(secret.replace(' ', "+").as_bytes(), rule, false);
    }
    // Three bytes are four letters: with none, one or two bytes before it a secret reads
    // differently. Letters that hold bits of what stands around it are left out.
    for before in 0..3 {
        let bytes = [&[0; 2][..before], secret.as_bytes()].concat();
        let first = (before * 8).div_ceil(6);
        let last = bytes.len() * 8 / 6;
        if last.saturating_sub(first) < SHORTEST_BASE64 {
            continue;
        }
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            push(
                &engine.encode(&bytes).as_bytes()[first..last],
                Rule::Anywhere,
                true,
            );
        }
    }
}

//! What goes wrong in a filter while it runs.
//!
//! A [`Fault`] is a value for `catch`, in jq's words. The words for people (`reported`) show values
//! short and without what is inside containers: that may be nobody's business.

use std::borrow::Cow;
use std::rc::Rc;

use super::value::Val;

/// The result of something that may fail.
pub type Result<T> = std::result::Result<T, Fault>;

/// Values in jq's messages are cut to this many bytes.
const LONGEST: usize = 29;

/// An error that a filter can catch.
#[derive(Clone, Debug)]
pub enum Fault {
    /// What `error` was given.
    Given(Val),
    /// jq's own words, with values between them.
    Said(Rc<Vec<Word>>),
}

/// A part of a message.
#[derive(Clone, Debug)]
pub enum Word {
    Text(Cow<'static, str>),
    Value(Val),
    /// What jq does not say: for people, not for `catch`.
    Aside(String),
}

impl From<&'static str> for Word {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Val> for Word {
    fn from(value: Val) -> Self {
        Self::Value(value)
    }
}

impl Fault {
    /// Makes one of parts.
    pub fn of<const N: usize>(words: [Word; N]) -> Self {
        Self::Said(Rc::new(words.into()))
    }

    /// Makes one of words alone.
    pub fn said(text: impl Into<Word>) -> Self {
        Self::of([text.into()])
    }

    /// `string ("x") cannot be negated`
    pub fn about(value: Val, what: &'static str) -> Self {
        let kind = value.kind();
        Self::of([
            kind.into(),
            " (".into(),
            value.into(),
            ") ".into(),
            what.into(),
        ])
    }

    /// `number (1) and string ("x") cannot be added`
    pub fn pair(left: Val, right: Val, what: &'static str) -> Self {
        let (kind, other) = (left.kind(), right.kind());
        Self::of([
            kind.into(),
            " (".into(),
            left.into(),
            ") and ".into(),
            other.into(),
            " (".into(),
            right.into(),
            ") ".into(),
            what.into(),
        ])
    }

    /// The value that `catch` gets.
    pub fn value(&self) -> Val {
        match self {
            Self::Given(value) => value.clone(),
            Self::Said(words) => {
                let shown = words.iter().map(|word| match word {
                    Word::Text(text) => text.clone(),
                    Word::Value(value) => Cow::Owned(cut(value)),
                    Word::Aside(_) => Cow::Borrowed(""),
                });
                Val::text(shown.collect::<String>())
            }
        }
    }
}

/// A value as jq shows it in a message.
fn cut(value: &Val) -> String {
    let text = value.begun(LONGEST);
    if text.len() <= LONGEST {
        return text;
    }
    // The last byte of a text or a container stays, as it does in jq.
    let tail = match value {
        Val::Text(_) => "\"",
        Val::List(_) => "]",
        Val::Object(_) => "}",
        Val::Null | Val::Bool(_) | Val::Number(_) => "",
    };
    let mut end = LONGEST - 3 - tail.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...{tail}", &text[..end])
}

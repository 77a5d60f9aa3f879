//! The values that filters work with.
//!
//! Owns what a value is: JSON's six kinds, where a number that was read keeps its spelling until
//! it is computed with, and members keep their order. Clones are cheap, and a value that nobody
//! else holds is changed in place. `number` spells and compares numbers, `order` is jq's order of
//! all values, `math` its operators, `place` reads, writes and deletes what a path leads to,
//! `text` writes JSON, `build` makes values of tokens, `large` says how large they get. Values stay on the thread of their filter.

pub mod build;
pub mod large;
pub mod math;
pub mod number;
pub mod order;
pub mod place;
pub mod text;

use std::borrow::Borrow;
use std::ops::Deref;
use std::rc::Rc;

pub use number::Number;

/// Values are nested no deeper than this: what goes through them goes level by level. It is what
/// jq compares and merges at most.
pub const DEEPEST: u32 = 10_001;

/// A value.
#[derive(Clone, Debug)]
pub enum Val {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Rc<List>),
    Object(Rc<Object>),
}

/// A text, shared by its holders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Rc<String>);

impl Text {
    /// The text to append to, copied where others hold it.
    pub fn edit(&mut self) -> &mut String {
        Rc::make_mut(&mut self.0)
    }

    /// Returns whether both are held as one.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Rc::new(text.to_owned()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Rc::new(text))
    }
}

/// A list, which knows how deep it is nested at most.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub items: Vec<Val>,
    pub depth: u32,
}

/// Members by their names, in the order in which they came.
pub type Members = indexmap::IndexMap<Text, Val, foldhash::fast::FixedState>;

/// An object, which knows how deep it is nested at most.
#[derive(Clone, Debug, Default)]
pub struct Object {
    pub members: Members,
    pub depth: u32,
}

impl Val {
    /// Makes a list.
    pub fn list(items: Vec<Val>) -> Self {
        let depth = 1 + items.iter().map(Val::depth).max().unwrap_or(0);
        Self::List(Rc::new(List { items, depth }))
    }

    /// Makes an object.
    pub fn object(members: Members) -> Self {
        let depth = 1 + members.values().map(Val::depth).max().unwrap_or(0);
        Self::Object(Rc::new(Object { members, depth }))
    }

    /// Makes an object of names and values.
    pub fn of(members: impl IntoIterator<Item = (&'static str, Val)>) -> Self {
        let members = members.into_iter().map(|(k, v)| (Text::from(k), v));
        Self::object(members.collect())
    }

    /// Makes a text.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// Makes a number that was computed.
    pub fn float(x: f64) -> Self {
        Self::Number(Number::Float(x))
    }

    /// Makes a number that counts something.
    #[expect(clippy::cast_precision_loss, reason = "nothing has 2^53 parts")]
    pub fn count(n: usize) -> Self {
        Self::float(n as f64)
    }

    /// How many containers are inside each other, with this one.
    pub fn depth(&self) -> u32 {
        match self {
            Self::List(list) => list.depth,
            Self::Object(object) => object.depth,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => 0,
        }
    }

    /// jq's word for the kind of value.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Everything but `false` and `null` is true.
    pub fn is_true(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(false))
    }

    /// The number, as it is computed with.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(n.float()),
            _ => None,
        }
    }

    /// The text.
    pub fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_items(&self) -> Option<&[Val]> {
        match self {
            Self::List(list) => Some(&list.items),
            _ => None,
        }
    }

    /// Returns whether this is that very value, not only an equal one.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a.is_same(b),
            (Self::Text(a), Self::Text(b)) => a.is_same(b),
            (Self::List(a), Self::List(b)) => Rc::ptr_eq(a, b),
            (Self::Object(a), Self::Object(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

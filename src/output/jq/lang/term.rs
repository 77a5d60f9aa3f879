//! What a filter is made of.

use std::ops::Range;

use crate::output::jq::value::math::Math;

/// A term and where it stands in its filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub kind: Kind,
    /// In bytes; of a call, the name.
    pub at: Range<usize>,
}

/// What a term is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `.`
    Identity,
    /// `..`
    Recurse,
    /// A number, as it is spelled.
    Number(String),
    /// A text, in a format where it has one.
    Text(Option<String>, Vec<Piece>),
    /// `@csv`
    Format(String),
    /// `[…]`
    List(Option<Box<Term>>),
    /// `{…}`
    Object(Vec<(Key, Option<Term>)>),
    /// `-x`
    Negate(Box<Term>),
    /// `l | r`
    Pipe(Box<Term>, Box<Term>),
    /// `l, r`
    Comma(Box<Term>, Box<Term>),
    /// `l + r` and the like
    Math(Math, Box<Term>, Box<Term>),
    /// `l < r` and the like
    Compare(Compare, Box<Term>, Box<Term>),
    /// `l and r`
    And(Box<Term>, Box<Term>),
    /// `l or r`
    Or(Box<Term>, Box<Term>),
    /// `l // r`
    Else(Box<Term>, Box<Term>),
    /// `l = r` and the like
    Assign(Assign, Box<Term>, Box<Term>),
    /// `x as $y | body`
    Bind(Box<Term>, Vec<Pattern>, Box<Term>),
    /// `reduce x as $y (start; update)`
    Reduce(Box<Term>, Vec<Pattern>, Box<Term>, Box<Term>),
    /// `foreach x as $y (start; update; result)`
    Foreach(Box<Term>, Vec<Pattern>, Box<[Term; 2]>, Option<Box<Term>>),
    /// `if c then t else e end`
    If(Box<Term>, Box<Term>, Option<Box<Term>>),
    /// `x[y]?`: nothing where the last step fails. What is before it may fail.
    Optional(Box<Term>),
    /// `try x catch y`, `x?`
    Try(Box<Term>, Option<Box<Term>>),
    /// `label $x | body`
    Label(String, Box<Term>),
    /// `break $x`
    Break(String),
    /// `def …; body`
    Def(Box<Definition>, Box<Term>),
    /// `f(a; b)`
    Call(String, Vec<Term>),
    /// `$x`, by its name
    Var(String),
    /// `$__loc__`, by its line
    Place(usize),
    /// `x[y]`, `x.y`
    Index(Box<Term>, Box<Term>),
    /// `x[y:z]`
    Slice(Box<Term>, Option<Box<Term>>, Option<Box<Term>>),
    /// `x[]`
    Each(Box<Term>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Term(Term),
}

/// The key of a member.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// A word or a text: `a`, `"a b"`.
    Name(Term),
    /// `$x`: with a value, the value of `$x`; else its name.
    Var(String, Range<usize>),
    /// `$__loc__`
    Place(usize),
    /// `(…)`
    Term(Term),
}

/// A way to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A way to assign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assign {
    /// `=`
    Set,
    /// `|=`
    Update,
    /// `+=` and the like
    Math(Math),
    /// `//=`
    Else,
}

/// What a value is taken apart by.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    Var(String),
    List(Vec<Pattern>),
    Object(Vec<Member>),
}

/// A member of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub key: Term,
    /// The variable of the member itself: `$x` and `$x: …`.
    pub var: Option<String>,
    pub inner: Option<Pattern>,
}

/// `def name(params): body;`
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub name: String,
    /// With their `$`, where they have one.
    pub params: Vec<String>,
    pub body: Term,
}

impl Term {
    /// Makes a term.
    pub fn new(kind: Kind, at: Range<usize>) -> Self {
        Self { kind, at }
    }
}

//! What a filter is made of once its names are found.

use crate::output::jq::fault::Result;
use crate::output::jq::lang::term::Compare;
use crate::output::jq::value::Val;
use crate::output::jq::value::math::Math;

/// A function of values: its input and arguments.
pub type Native = fn(&Val, &[Val]) -> Result<Val>;

/// A node.
#[derive(Debug)]
pub struct Node {
    pub kind: Kind,
    /// Whether it always gives exactly one result, or fails.
    pub is_single: bool,
}

/// Variables, closures and labels are found by how many came after them.
pub type Back = usize;

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    Identity,
    Const(Val),
    /// Pieces of a text.
    Text(Vec<Piece>),
    List(Option<Box<Node>>),
    Object(Vec<(Node, Node)>),
    Negate(Box<Node>),
    Pipe(Box<Node>, Box<Node>),
    Comma(Box<Node>, Box<Node>),
    Math(Math, Box<Node>, Box<Node>),
    Compare(Compare, Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Else(Box<Node>, Box<Node>),
    Set(Box<Node>, Box<Node>),
    Update(Box<Node>, Box<Node>),
    /// The path, what it is changed with, and how: `None` is `//`.
    Change(Box<Node>, Box<Node>, Option<Math>),
    Bind(Box<Node>, Patterns, Box<Node>),
    Reduce(Box<Node>, Patterns, Box<[Node; 2]>),
    Foreach(Box<Node>, Patterns, Box<[Node; 2]>, Option<Box<Node>>),
    If(Box<Node>, Box<Node>, Box<Node>),
    /// A step that gives nothing where it fails.
    Optional(Box<Node>),
    Try(Box<Node>, Option<Box<Node>>),
    Label(Box<Node>),
    Break(Back),
    Var(Back),
    Closure(Back),
    /// A definition by its number, its arguments, and how many names its body does not see.
    Call(usize, Vec<Arg>, usize),
    Index(Box<Node>, Box<Node>),
    Slice(Box<Node>, Option<Box<Node>>, Option<Box<Node>>),
    Each(Box<Node>),
    /// A function of values.
    Native(Native, Vec<Node>),
    /// A function of filters.
    Form(Form, Vec<Node>),
}

/// A part of a text.
#[derive(Debug)]
pub enum Piece {
    Text(String),
    /// What is put in, a text.
    Node(Node),
}

/// An argument.
#[derive(Debug)]
pub enum Arg {
    /// Of a filter `f`.
    Filter(Node),
    /// Of a value `$f`.
    Value(Node),
}

/// The patterns of `as`, and how many variables they bind together.
#[derive(Debug)]
pub struct Patterns {
    pub all: Vec<Pattern>,
    pub count: usize,
}

/// A pattern.
#[derive(Debug)]
pub enum Pattern {
    /// A variable, by its place among those of all patterns.
    Var(usize),
    List(Vec<Pattern>),
    Object(Vec<Member>),
}

/// A member of a pattern.
#[derive(Debug)]
pub struct Member {
    pub key: Node,
    pub var: Option<usize>,
    pub inner: Option<Pattern>,
}

/// Functions that take filters, or do more than compute a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Empty,
    Error,
    Path,
    GetPath,
    Recurse,
    First,
    Last,
    Limit,
    Skip,
    Nth,
    Range,
    Until,
    While,
    Repeat,
    Any,
    All,
    IsEmpty,
    Add,
    SortBy,
    GroupBy,
    UniqueBy,
    MinBy,
    MaxBy,
    Input,
    LineNumber,
    Debug,
    Stderr,
    Halt,
    HaltError,
    Env,
    Del,
}

impl Node {
    /// Makes a node.
    pub fn new(kind: Kind) -> Self {
        let is_single = is_single(&kind);
        Self { kind, is_single }
    }

    /// Makes a node that gives a value.
    pub fn value(value: Val) -> Self {
        Self::new(Kind::Const(value))
    }
}

fn is_single(kind: &Kind) -> bool {
    let both = |l: &Node, r: &Node| l.is_single && r.is_single;
    let maybe = |n: &Option<Box<Node>>| n.as_ref().is_none_or(|n| n.is_single);
    match kind {
        Kind::Identity | Kind::Const(_) | Kind::Var(_) | Kind::List(_) | Kind::Update(..) => true,
        Kind::Text(pieces) => pieces.iter().all(|p| match p {
            Piece::Text(_) => true,
            Piece::Node(node) => node.is_single,
        }),
        Kind::Object(members) => members.iter().all(|(k, v)| both(k, v)),
        Kind::Negate(inner) => inner.is_single,
        Kind::Pipe(l, r)
        | Kind::Math(_, l, r)
        | Kind::Compare(_, l, r)
        | Kind::And(l, r)
        | Kind::Or(l, r)
        | Kind::Index(l, r) => both(l, r),
        Kind::Slice(inner, from, to) => inner.is_single && maybe(from) && maybe(to),
        Kind::If(c, t, e) => c.is_single && both(t, e),
        Kind::Bind(source, patterns, body) => {
            both(source, body) && matches!(patterns.all[..], [Pattern::Var(_)])
        }
        Kind::Reduce(_, _, inner) => inner[0].is_single,
        Kind::Set(_, r) | Kind::Change(_, r, _) => r.is_single,
        Kind::Native(_, args) => args.iter().all(|a| a.is_single),
        Kind::Form(form, args) => match form {
            Form::Any
            | Form::All
            | Form::IsEmpty
            | Form::Add
            | Form::SortBy
            | Form::GroupBy
            | Form::UniqueBy
            | Form::MinBy
            | Form::MaxBy
            | Form::Env
            | Form::Del
            | Form::Debug
            | Form::Stderr => true,
            Form::GetPath => args[0].is_single,
            Form::Empty
            | Form::Error
            | Form::Path
            | Form::Recurse
            | Form::First
            | Form::Last
            | Form::Limit
            | Form::Skip
            | Form::Nth
            | Form::Range
            | Form::Until
            | Form::While
            | Form::Repeat
            | Form::Input
            | Form::LineNumber
            | Form::Halt
            | Form::HaltError => false,
        },
        Kind::Comma(..)
        | Kind::Else(..)
        | Kind::Foreach(..)
        | Kind::Optional(_)
        | Kind::Try(..)
        | Kind::Label(_)
        | Kind::Break(_)
        | Kind::Closure(_)
        | Kind::Call(..)
        | Kind::Each(_) => false,
    }
}

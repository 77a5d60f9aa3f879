//! A small C8QL, and a smaller SQL: enough to page through, filter and write what tests need.
//!
//! `FOR v IN collection | @@collection | list | a..b`, `LET`, `FILTER`, `SORT`, `LIMIT`, then `RETURN`, `INSERT`, `UPDATE`,
//! `REPLACE` or `REMOVE`. Rows are made one by one as pages ask for them, so a range of a million costs no memory. `lex`,
//! `parse` (or `sql`) and `express` make a [`Statement`], `eval` the values of its expressions, `run` its rows. None of it
//! knows cursors or HTTP.

mod eval;
mod express;
mod lex;
mod parse;
mod run;
mod sql;

use serde_json::{Map, Value};

use super::super::response::Response;
use super::refusal;

pub use parse::parse;
pub use run::{Rows, Run, run};
pub use sql::parse as parse_sql;

/// Why a query fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The HTTP status.
    pub code: u16,
    /// The errorNum.
    pub number: u32,
    /// The errorMessage.
    pub message: String,
}

impl Refused {
    fn new(code: u16, number: u32, message: impl Into<String>) -> Self {
        Self {
            code,
            number,
            message: message.into(),
        }
    }
}

impl From<Refused> for Response {
    fn from(refused: Refused) -> Self {
        refusal(refused.code, refused.number, &refused.message)
    }
}

/// Bind variables; `None` where a query is only checked.
pub type Binds<'a> = Option<&'a Map<String, Value>>;

/// A parsed query.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The variable of `FOR` and what it runs over.
    pub each: Option<(String, Source)>,
    /// `LET` and `FILTER`, in order.
    pub steps: Vec<Step>,
    /// `SORT`: by what, and whether descending.
    pub sort: Option<(Expr, bool)>,
    /// `LIMIT`: offset and count.
    pub limit: Option<(usize, usize)>,
    /// What happens with each row.
    pub act: Act,
    /// Names of the bind variables in it, as written behind the first `@`.
    pub binds: Vec<String>,
}

impl Statement {
    /// Whether it writes, and to which collection.
    pub fn writes(&self) -> Option<&str> {
        match &self.act {
            Act::Return(_) => None,
            Act::Write { collection, .. } => Some(collection),
        }
    }

    /// The collections in it.
    pub fn collections(&self) -> Vec<&str> {
        let mut all = Vec::new();
        if let Some((_, Source::Collection(name))) = &self.each {
            all.push(name.as_str());
        }
        all.extend(self.writes().filter(|name| !all.contains(name)));
        all
    }
}

/// What `FOR` runs over.
#[derive(Clone, Debug)]
pub enum Source {
    /// The documents of a collection.
    Collection(String),
    /// Whole numbers, both ends included.
    Range(Expr, Expr),
    /// The elements of a list.
    List(Expr),
}

/// `LET` or `FILTER`.
#[derive(Clone, Debug)]
pub enum Step {
    /// A new variable.
    Let(String, Expr),
    /// Rows where it is not true are left out.
    Filter(Expr),
}

/// What a query does with each row.
#[derive(Clone, Debug)]
pub enum Act {
    /// Gives a value.
    Return(Expr),
    /// Changes a collection.
    Write {
        /// What kind of change.
        kind: Write,
        /// The document, or what names it.
        target: Expr,
        /// The changes of `UPDATE … WITH` and `REPLACE … WITH`.
        with: Option<Expr>,
        /// The collection.
        collection: String,
        /// `RETURN NEW` or `RETURN OLD`.
        returns: Option<String>,
    },
}

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Write {
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `REPLACE`.
    Replace,
    /// `REMOVE`.
    Remove,
}

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A value, also a bound one.
    Literal(Value),
    /// A variable.
    Variable(String),
    /// `a.b`, `a["b"]`, `a[0]`.
    Part(Box<Expr>, Box<Expr>),
    /// `[…]`.
    Array(Vec<Expr>),
    /// `{…}`.
    Object(Vec<(String, Expr)>),
    /// `NOT a`, `-a`.
    Unary(char, Box<Expr>),
    /// Two operands, the operator in its usual spelling.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `a ? b : c`.
    Choice(Box<[Expr; 3]>),
    /// A function by its name in capitals.
    Call(String, Vec<Expr>),
}

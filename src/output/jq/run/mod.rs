//! Runs filters.
//!
//! `compile` turns terms into nodes whose names are found; `node` says what nodes are; `eval` runs
//! them, `bind` takes values apart, `assign` changes what paths lead to. Each result is pushed to
//! whoever wants it; a path comes with it where somebody asked for paths. What a named function
//! does with values is the `library`'s.

mod assign;
mod bind;
mod closures;
mod compile;
mod eval;
mod node;

pub use compile::{Program, compile};
pub use eval::{Hooks, Machine, Run, Stop};
pub use node::{Form, Native};

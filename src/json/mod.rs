//! Reads JSON as a stream of tokens and lays it out again, byte for byte.
//!
//! Owns the grammar (RFC 8259, strict, with UTF-8 validated) and the layout.
//! Must not know where bytes come from or go to: no HTTP, files or terminals.
//!
//! Chunks of any size go into a [`Lexer`], which passes to a [`Sink`] each token
//! as the bytes of the source; values are never built and numbers never
//! converted. [`Formatter`] is the sink that prints, and [`Printer`] joins the
//! two. Memory does not grow with the input, except for one bit for each
//! level of nesting. What breaks the grammar is a [`Fault`] with its offset.

mod block;
mod elements;
mod fault;
mod held;
mod lanes;
mod lexer;
mod nesting;
mod paths;
mod pick;
mod pretty;
mod scan;
mod sink;
mod text;
mod visible;

#[cfg(test)]
mod tests;

pub use elements::{Splitter, Values};
pub use fault::{Error, Fault};
pub use held::{MOST_HELD, hold, too_large};
pub use lexer::Lexer;
pub use paths::{Path, Step};
pub use pick::{Misfit, Picker};
pub use pretty::{Formatter, Layout, Palette, Printer, Style};
pub use sink::{Container, Ignored, Scalar, Sink, TokenPart};
pub use text::{Text, append, replay};

//! From a response to bytes on stdout, and to words on stderr where it was no success.
//!
//! [`show`] decodes the body and streams it through a `pipeline` of one format; memory does not grow
//! with the response. `jq` runs `--jq`, `errors` turns a response that was no success into one line, `head` prints heads,
//! `redact` masks members and fields named like secrets, `visible` keeps text from a server from
//! driving a terminal, `download` writes a body to a file instead.

mod aligned;
pub mod amounts;
mod bounded;
mod cell;
pub mod charset;
pub mod columns;
pub mod decode;
pub mod download;
pub mod errors;
mod fit;
pub mod format;
mod gather;
pub mod head;
pub mod jq;
mod lost;
pub mod merge;
mod nearest;
mod order;
pub mod pipeline;
pub mod redact;
pub mod request;
pub mod rows;
mod separated;
mod shape;
mod show;
mod shown;
mod sorted;
mod state;
mod table;
pub mod tally;
pub mod values;
pub mod visible;
mod yaml;

pub use aligned::aligned;
pub use decode::read_failure;
pub use format::Format;
pub use jq::Filter;
pub use rows::Tabular;
pub use show::{Lines, echo, palette, show, show_bytes};
pub use shown::Shown;
pub use values::Report;

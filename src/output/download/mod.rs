//! A response's body into a file: whole or not at all.
//!
//! [`Target`] is what the user named, [`Sink`] what is written meanwhile: a temporary file beside
//! it, or `FILE.part` where the server lets a download be continued. `resume`, `name` and
//! `content_disposition` are pure. Nothing here sends, prints or knows of a profile.

mod content_disposition;
mod name;
mod part;
mod resume;
mod save;
mod target;

pub use name::remote_name;
pub use part::{Found, PartialFile};
pub use resume::{Next, Record, length_behind, next};
pub use save::{Broken, Kept, Sink, copy, refuse_occupied};
pub use target::Target;

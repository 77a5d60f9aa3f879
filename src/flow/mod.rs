//! Makes several calls that belong together: pages, waits, imports, exports, uploads.
//!
//! A flow sends plans over a [`Session`](crate::session::Session), asks `service` what a response
//! means, and reports notices and events through a callback. It never prints, and never picks an
//! exit code.
//!
//! `page` follows a list; `wait` and `follow` look again and again; `import`, `export`, `upload`
//! and their `journal` move data; `describe`, `detect`, `doctor`, `identify` and `lookup` read
//! what a server is and knows; `several` what it did not do.

pub mod batch;
pub mod describe;
pub mod detect;
pub mod doctor;
pub mod export;
pub mod fanout;
pub mod follow;
pub mod identify;
pub mod import;
pub mod journal;
pub mod lookup;
pub mod page;
pub mod several;
pub mod uncertain;
pub mod upload;
pub mod wait;

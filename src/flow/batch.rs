//! One call for each row: many at once, each noted before and after, none twice that must not be.
//!
//! ```text
//! rows ─▶ template | ready ─▶ pace ─▶ record ─▶ call (threads) ─▶ record ─▶ outcome ─▶ caller
//! ```
//!
//! [`Batch::run`] reads rows, keeps the journal and reports events on the caller's thread; only calls
//! are made by others, which share one session. There are never more rows in memory than a few for
//! each call under way, however many rows there are. Nothing is printed.

pub mod body;
pub mod call;
mod desk;
pub mod feed;
pub mod job;
mod most;
pub mod outcome;
pub mod pace;
pub mod ready;
pub mod record;
pub mod rows;
mod run;
pub mod states;
mod task;
pub mod template;

pub use job::Job;
pub use most::{Counts, MaxFail};
pub use task::{Batch, Call, Ended, Event, Next, Stop};

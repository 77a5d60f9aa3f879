//! Profiles: where a call goes, with which key, and how.
//!
//! `model` holds the types, [`select`] resolves flag, environment, file and default into one
//! [`Profile`] (pure), `store` is the only place that reads and edits the config file, and
//! [`credential`] turns a profile's key source into a key, running a key command where it has to.

pub mod credential;
pub mod duration;
pub mod model;
pub mod select;
pub mod store;

pub use model::{KeySource, Profile, Settings};
pub use select::{Overrides, select};
pub use store::Config;

//! Profiles: where a call goes, with which key, and how.
//!
//! `model` holds the types, [`select()`] resolves flag, environment, file and default into one
//! [`Profile`] (pure). `config` reads the config file and `permissions` says who else may; `edit`
//! changes its text (pure), and `store` its file, atomically and under a lock. [`credential`] turns
//! a profile's key source into a key, running a key command where it has to. `maascli` reads another
//! program's profiles.

pub mod config;
pub mod credential;
pub mod duration;
pub mod edit;
#[cfg(feature = "maascli")]
pub mod maascli;
pub mod model;
mod permissions;
pub mod select;
pub mod store;

pub use config::Config;
pub use model::{KeySource, Profile, Settings};
pub use select::{Overrides, select};

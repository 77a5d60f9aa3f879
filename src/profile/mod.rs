//! Profiles: where a call goes, with which key, and how.
//!
//! [`setting`] is the one list of settings and `values` holds values of them; `model` holds the
//! types of a resolved profile, [`select()`] resolves flag, environment, file and default into one
//! [`Profile`] (pure); `candidates` says what a typed address can mean. `config` reads the config file; `edit`
//! changes its text (pure), and `store` its file, atomically and under a lock. [`credential`] turns
//! a profile's key source into a key, running a key command where it has to. `maascli` reads another
//! program's profiles.

pub mod candidates;
pub mod config;
pub mod credential;
pub mod duration;
pub mod edit;
#[cfg(feature = "maascli")]
pub mod maascli;
pub mod model;
pub mod pin;
pub mod select;
pub mod setting;
pub mod store;
pub mod values;

pub use config::Config;
pub use model::{KeySource, Place, Profile, Settings};
pub use select::{Overrides, select};
pub use values::{Value, Values};

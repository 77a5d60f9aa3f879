//! wip
pub mod address;
pub mod client;
pub mod env;
pub mod error;
pub mod json;
pub mod profile;
pub mod request;
pub mod secret;
pub mod service;

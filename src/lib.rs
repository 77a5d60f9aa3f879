//! Calls MAAS and Macrometa APIs.

pub mod json;

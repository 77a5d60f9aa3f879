//! Several calls that belong together: client × service. Nothing here prints.

pub mod candidates;
pub mod describe;
pub mod detect;
pub mod doctor;
pub mod follow;
pub mod identify;
pub mod page;
pub mod upload;
pub mod wait;

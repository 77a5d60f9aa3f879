//! Several calls that belong together: client × service. Nothing here prints.

pub mod describe;
pub mod detect;
pub mod doctor;
pub mod export;
pub mod follow;
pub mod identify;
pub mod import;
pub mod journal;
pub mod lookup;
pub mod page;
pub mod upload;
pub mod wait;

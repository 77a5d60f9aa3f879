//! From typed words to the description of one HTTP call.
//!
//! `item` reads the grammar of ITEM, `url` joins a typed PATH with a profile's address, `nested`
//! builds JSON out of keys like `a[b][]`, `fields` sorts items by where they go, `body` lays a
//! body out in segments, [`plan`] puts them together, and [`head`] makes the head that is sent and
//! shown; [`secrets`] finds what of it nobody may see, and [`snippet`] writes a plan down as a
//! program in another language. All of it is pure: no clock, disk, network or randomness. A [`Plan`]
//! holds no key, so it can be printed; `client` signs it, once for each attempt.

pub mod body;
pub mod fields;
pub mod head;
pub mod item;
pub mod media_type;
pub mod nested;
pub mod plan;
pub mod secrets;
pub mod snippet;
pub mod url;

pub use body::Body;
pub use item::Item;
pub use plan::{Auth, Plan, Retry};
pub use url::Url;

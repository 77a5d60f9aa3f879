//! x
use super::answer::Answer;
use super::record::Recorded;
use serde_json::Value;
pub const KEY: &str = "demo_example.com.k1.h";
pub const LIMITED_KEY: &str = "demo_example.com.k1.h";
pub struct Macrometa;
pub struct Admitted;
impl Macrometa {
    pub fn new() -> Self { Self }
    pub fn admit(&self, _: &Recorded) -> Result<Admitted, Answer> { Err(Answer::nginx(404)) }
    pub fn answer(&self, _: &Recorded, _: &Admitted) -> Answer { Answer::nginx(404) }
    pub fn document(&self, _: &str, _: &str, _: &str) -> Option<Value> { None }
}

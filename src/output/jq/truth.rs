//! A filter as a question: does it hold for this value?

use jaq_json::Val;

use crate::error::{Exit, Failure};
use crate::json::Fault;

use super::{Filter, value};

impl Filter {
    /// Runs the filter on a JSON text and tells whether its last result is something other than
    /// `false` and `null`, as `jq -e` does. No result at all does not hold.
    ///
    /// Fails where the text is no JSON, or where the filter does.
    pub fn holds(&self, text: &[u8]) -> anyhow::Result<bool> {
        let value = value::parse(text).map_err(|e| match e.downcast::<Failure>() {
            Ok(failure) => anyhow::Error::from(failure),
            Err(e) => match e.downcast::<Fault>() {
                Ok(fault) => no_json(&format!("the response is not valid JSON: {fault}")).into(),
                Err(e) => e.into(),
            },
        })?;
        let value = value.ok_or_else(|| no_json("the response is empty"))?;
        let mut holds = false;
        self.run(value, &mut |result| {
            holds = !matches!(result, Val::Null | Val::Bool(false));
            Ok(())
        })?;
        Ok(holds)
    }
}

fn no_json(what: &str) -> Failure {
    Failure::new(Exit::Other, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Env;

    #[test]
    fn truth_is_that_of_the_last_result() {
        let env = Env::default();
        for (filter, text, holds) in [
            (".a == 1", r#"{"a": 1}"#, true),
            (".a == 2", r#"{"a": 1}"#, false),
            (".a", "{}", false),
            (".a", r#"{"a": 0}"#, true),
            (".a", r#"{"a": ""}"#, true),
            (".[]", "[true, false]", false),
            (".[]", "[false, true]", true),
            ("empty", "[]", false),
            ("length > 2", "[1, 2, 3]", true),
        ] {
            let filter = Filter::compile("--until", filter, &[], &[], &env).unwrap();
            assert_eq!(filter.holds(text.as_bytes()).unwrap(), holds, "{filter:?}");
        }
        let filter = Filter::compile("--until", ".a", &[], &[], &env).unwrap();
        for text in ["", "{", "<html>", "1"] {
            assert!(filter.holds(text.as_bytes()).is_err(), "{text}");
        }
    }
}

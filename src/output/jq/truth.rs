//! A filter as a question: does it hold for this value?

use crate::error::{Exit, Failure};
use crate::json::Fault;

use super::Filter;

impl Filter {
    /// Runs the filter on a JSON text and returns whether its last result is something other than
    /// `false` and `null`, as `jq -e` does. No result at all does not hold.
    ///
    /// Fails where the text is not JSON, or where the filter does.
    pub fn holds(&self, text: &[u8]) -> anyhow::Result<bool> {
        if text.iter().all(u8::is_ascii_whitespace) {
            return Err(no_json("the response is empty").into());
        }
        let mut holds = false;
        let ran = self.run(text, &mut |result| {
            holds = !matches!(result, b"null" | b"false");
            Ok(())
        });
        match ran.map_err(anyhow::Error::downcast::<std::io::Error>) {
            Ok(_) => Ok(holds),
            Err(Err(error)) => Err(error),
            Err(Ok(error)) => Err(match error.downcast::<Fault>() {
                Ok(fault) => no_json(&format!("the response is not valid JSON: {fault}")).into(),
                Err(error) => error.into(),
            }),
        }
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

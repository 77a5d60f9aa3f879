//! One operation on several machines (`POST /machines/?op=release machines=…`): which were meant, and
//! which of them MAAS refused.
//!
//! A release gives the ids of the machines that it set out; those that were free already are left
//! out of the list, without a word. Where the state of a machine forbids it, the response is a 409
//! that lists such machines: `…: 4y3h7n ('Deployed'), 4y3h8q ('New').`; of machines that the user may
//! not touch, a 403 that lists the ids. Pure.

use super::states::Machine;

/// Returns the ids in the response to a release of several machines. `None` where the body is
/// something else.
#[must_use]
pub fn listed(body: &[u8]) -> Option<Vec<String>> {
    serde_json::from_slice(body).ok()
}

/// The machines among those asked for that a refusal lists, each with the state that it names.
#[must_use]
pub fn refused<'a>(asked: &'a [String], text: &str) -> Vec<(&'a str, Option<String>)> {
    let Some((_, list)) = text.trim().rsplit_once(": ") else {
        return Vec::new();
    };
    let list = list.trim_end_matches('.');
    let named = list.split(", ").filter_map(|word| {
        let (id, state) = match word.split_once(" (") {
            None => (word, None),
            Some((id, state)) => {
                let state = state.trim_end_matches(')').trim_matches('\'');
                (id, Some(state.to_owned()))
            }
        };
        let asked = asked.iter().find(|asked| *asked == id)?;
        Some((asked.as_str(), state))
    });
    named.collect()
}

/// A machine that was refused, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its id.
    pub id: String,
    /// Its name, where it could be had.
    pub name: Option<String>,
    /// Its state in words, where it is known.
    pub state: Option<String>,
}

impl Refused {
    /// Makes it of what is known by its id, of a list of machines.
    #[must_use]
    pub fn of(id: &str, state: Option<String>, machines: &[Machine]) -> Self {
        let machine = machines.iter().find(|machine| machine.system_id == id);
        let name = machine.map(|machine| machine.hostname.clone());
        Self {
            id: id.to_owned(),
            name: name.filter(|name| !name.is_empty()),
            state: state.or_else(|| machine.map(|machine| machine.status_name.clone())),
        }
    }

    fn words(&self) -> String {
        let (name, about) = match &self.name {
            Some(name) => (name, vec![Some(self.id.as_str()), self.state.as_deref()]),
            None => (&self.id, vec![self.state.as_deref()]),
        };
        let about: Vec<&str> = about.into_iter().flatten().collect();
        if about.is_empty() {
            return format!("`{name}`");
        }
        format!("`{name}` ({})", about.join(", "))
    }
}

/// Says which machines of so many were refused.
#[must_use]
pub fn sentence(refused: &[Refused], asked: usize) -> String {
    /// A longer list is cut.
    const NAMED: usize = 20;
    let mut named: Vec<String> = refused.iter().take(NAMED).map(Refused::words).collect();
    if refused.len() > NAMED {
        named.push(format!("and {} more", refused.len() - NAMED));
    }
    format!(
        "{} of {asked} machines {} refused: {}",
        refused.len(),
        if refused.len() == 1 { "was" } else { "were" },
        named.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_refusal_lists() {
        let asked: Vec<String> = ["4y3h7n", "4y3h8q", "w7c4tb"].map(str::to_owned).to_vec();
        for (text, want) in [
            (
                "Machine(s) cannot be released in their current state: 4y3h7n ('Deployed'), w7c4tb ('Failed testing').",
                &[
                    ("4y3h7n", Some("Deployed")),
                    ("w7c4tb", Some("Failed testing")),
                ][..],
            ),
            (
                "You don't have the required permission to release the following machine(s): 4y3h8q, w7c4tb.\n",
                &[("4y3h8q", None), ("w7c4tb", None)],
            ),
            ("Unknown machine(s): nosuch.", &[]),
            ("No machine matches.", &[]),
            ("", &[]),
        ] {
            let found = refused(&asked, text);
            let found: Vec<(&str, Option<&str>)> = found
                .iter()
                .map(|(id, state)| (*id, state.as_deref()))
                .collect();
            assert_eq!(found, want, "{text}");
        }
        assert_eq!(listed(b"[\"a\", \"b\"]").unwrap(), ["a", "b"]);
        assert_eq!(listed(b"{}"), None);
    }

    #[test]
    fn refusals_in_words() {
        let machine = Machine {
            system_id: "4y3h7n".to_owned(),
            hostname: "node17".to_owned(),
            status_name: "Deployed".to_owned(),
            ..Machine::default()
        };
        let machines = [machine];
        let of =
            |id: &str, state: Option<&str>| Refused::of(id, state.map(str::to_owned), &machines);
        assert_eq!(
            sentence(
                &[of("4y3h7n", None), of("x1", Some("New")), of("x2", None)],
                5
            ),
            "3 of 5 machines were refused: `node17` (4y3h7n, Deployed), `x1` (New), `x2`"
        );
        assert_eq!(
            sentence(&[of("x2", None)], 2),
            "1 of 2 machines was refused: `x2`"
        );
    }
}

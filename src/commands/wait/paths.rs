//! Reads what `wait --until` looks at: paths, and the items that go with the calls for them.
//!
//! Makes plans; sends nothing.

use crate::cli::{RequestArgs, WaitArgs};
use crate::commands::{Context, items, names};
use crate::error::Failure;
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::plan::{Call, Loaded};
use crate::session::Session;

use super::machines;

/// Paths as typed, and what each call for one carries.
pub struct Paths {
    typed: Vec<String>,
    op: Option<String>,
    items: Vec<Loaded>,
}

impl Paths {
    /// Reads the arguments. Everything that can be wrong is found before anything is sent.
    pub fn read(args: &WaitArgs, profile: &Profile, context: &Context<'_>) -> anyhow::Result<Self> {
        let (words, items) = split(&args.what)?;
        let mut typed = Vec::new();
        for word in words {
            if word == "-" {
                typed.extend(machines::listed()?);
            } else {
                typed.push(word);
            }
        }
        let paths = Self {
            items: items::load(&items, &RequestArgs::default(), context.env)?,
            op: args.op.clone(),
            typed,
        };
        for path in &paths.typed {
            names::check(path, profile.service())?;
            let call = paths.call(path);
            names::check_items(&call, profile.service())?;
            Plan::new(call, profile.place())?;
        }
        Ok(paths)
    }

    /// Returns whether no path was named: standard input had none.
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// The calls, each with its path, its names looked up, and the path as it was typed. Names in
    /// items are looked up once.
    pub fn plans(
        self,
        session: &Session,
        context: &mut Context<'_>,
    ) -> anyhow::Result<Vec<(Plan, (String, String))>> {
        let mut plans = Vec::new();
        let mut items = self.items.clone();
        if let Some(first) = self.typed.first().filter(|_| names::in_items(&items)) {
            let mut call = self.call(first);
            names::resolve_items(session, &mut call, context.ui)?;
            items = call.items;
        }
        let service = session.profile.service();
        for typed in &self.typed {
            let path = if names::has_any(typed, service) {
                names::resolve(session, "GET", typed, context.ui)?.path
            } else {
                typed.clone()
            };
            let call = Call {
                items: items.clone(),
                ..self.call(&path)
            };
            let plan = Plan::new(call, session.profile.place())?;
            plans.push((plan, (path, typed.clone())));
        }
        Ok(plans)
    }

    fn call(&self, path: &str) -> Call {
        Call {
            method: "GET".to_owned(),
            path: path.to_owned(),
            op: self.op.clone(),
            items: self.items.clone(),
            form: None,
            force_query: false,
            anonymous: false,
        }
    }
}

/// Parts paths from items; the first word is a path.
fn split(words: &[String]) -> Result<(Vec<String>, Vec<String>), Failure> {
    let (items, paths): (Vec<String>, Vec<String>) =
        words.iter().cloned().partition(|word| is_item(word));
    match words.first() {
        Some(first) if is_item(first) => Err(Failure::usage(format!(
            "`{first}` is an item, and no path comes before it"
        ))
        .hint(format!(
            "write the path first: `apicall wait /machines/ {first} --until …`"
        ))),
        _ => Ok((paths, items)),
    }
}

/// Whether a word is an item: it has a separator before anything that only a path has. What comes
/// behind `@` may be an address with colons.
fn is_item(word: &str) -> bool {
    if word.ends_with(';') {
        return !word.contains('/');
    }
    let at = word.find(['=', ':', '/', '?', '@', '#']);
    at.is_some_and(|at| match word.as_bytes()[at] {
        b'=' => true,
        b':' => !word[at..].starts_with("://"),
        // A name in a path stands behind a slash, or at the beginning.
        b'@' => at > 0,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_have_a_separator_before_any_slash() {
        for (word, want) in [
            ("/machines/", false),
            ("machines", false),
            ("/machines/?hostname=a", false),
            ("machines?hostname=a", false),
            ("machines/@52:54:00:aa:bb:cc", false),
            ("@52:54:00:aa:bb:cc", false),
            ("http://127.0.0.1/MAAS/", false),
            ("collection/a=b", false),
            ("hostname=node18", true),
            ("mac_address=52:54:00:aa:bb:cc", true),
            ("a==/b", true),
            ("a:=1", true),
            ("X-A:b", true),
            ("k@file", true),
            ("X-A;", true),
            ("a[b]=c", true),
        ] {
            assert_eq!(is_item(word), want, "{word}");
        }
        let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let (paths, items) = split(&words(&["/a/", "k=v", "/b/"])).unwrap();
        assert_eq!((paths, items), (words(&["/a/", "/b/"]), words(&["k=v"])));
        assert!(split(&words(&["k=v", "/a/"])).is_err());
    }
}

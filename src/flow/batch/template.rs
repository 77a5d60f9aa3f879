//! The call that a batch makes of each row: `{name}` in path, values and operation.
//!
//! What was typed is read by the grammar of items first; only then are members of a row put into
//! its values. So nothing in a row is ever interpreted: no `@`, no file, no second field. Pure.

mod fixed;
mod members;
mod text;

use crate::error::Failure;
use crate::json::{Picker, replay};
use crate::request::item::{FieldName, Item, Source};
use crate::request::plan::{BodyForm, Call, Loaded};

use members::{Members, places};
use text::{Manner, Text};

/// What a template sends.
#[derive(Clone, Debug)]
enum Slot {
    Field(FieldName, Text),
    Json(FieldName, Text),
    Named(FieldName, Text),
    Query(String, Text),
    Header(String, Text),
    /// What has no value that was typed: a file, a body.
    Loaded(Loaded),
}

/// What of a call is no text of the template.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    /// `--json`, `--form` or `--multipart`.
    pub form: Option<BodyForm>,
    /// Send query parameters on a MAAS POST all the same.
    pub force_query: bool,
    /// Do not sign.
    pub anonymous: bool,
}

/// A call with places for members of a row.
#[derive(Debug)]
pub struct Template {
    names: Vec<String>,
    /// Picks the values of these names out of one row after another.
    picker: Picker,
    method: String,
    path: Text,
    op: Option<Text>,
    slots: Vec<Slot>,
    manners: Manners,
}

impl Template {
    /// Makes a template of a method, a path and an operation as typed.
    pub fn new(
        method: &str,
        path: &str,
        op: Option<&str>,
        manners: Manners,
    ) -> Result<Self, Failure> {
        let mut names = Vec::new();
        let path = Text::parse(path, &mut names).map_err(|e| e.of("PATH"))?;
        let op = op.map(|op| Text::parse(op, &mut names).map_err(|e| e.of("`--op`")));
        Ok(Self {
            path,
            op: op.transpose()?,
            picker: Picker::new(&places(&names)),
            names,
            method: method.to_owned(),
            slots: Vec::new(),
            manners,
        })
    }

    /// Adds an item. `load` reads what it names, where it names a file.
    pub fn add(
        &mut self,
        item: Item,
        load: impl FnOnce(Item) -> anyhow::Result<Loaded>,
    ) -> anyhow::Result<()> {
        fixed::check(&item)?;
        let names = &mut self.names;
        let mut text =
            |key: &str, text: &str| Text::parse(text, names).map_err(|e| e.of(&format!("`{key}`")));
        let slot = match item {
            Item::Field(key, Source::Text(value)) => {
                let value = text(&key.text, &value)?;
                Slot::Field(key, value)
            }
            Item::Json(key, Source::Text(value)) => {
                let value = text(&key.text, &value)?;
                Slot::Json(key, value)
            }
            Item::Named(key, name) => {
                let name = text(&key.text, &name)?;
                Slot::Named(key, name)
            }
            Item::Query(name, value) => {
                let value = text(&name, &value)?;
                Slot::Query(name, value)
            }
            Item::Header(name, Some(value)) => {
                let value = text(&name, &value)?;
                Slot::Header(name, value)
            }
            item => Slot::Loaded(load(item)?),
        };
        self.slots.push(slot);
        self.picker = Picker::new(&places(&self.names));
        Ok(())
    }

    /// The call of a row, which is JSON of any kind.
    pub fn call(&mut self, row: &[u8]) -> Result<Call, Failure> {
        let members = Members::of(row, &self.names, &mut self.picker)?;
        let op = match &self.op {
            None => None,
            Some(text) => Some(text.fill(Manner::Plain, &members.filled("`--op`"))?),
        };
        let mut items = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            items.push(slot.fill(&members)?);
        }
        Ok(Call {
            method: self.method.clone(),
            path: self.path.fill(Manner::Segment, &members.filled("PATH"))?,
            op,
            items,
            form: self.manners.form,
            force_query: self.manners.force_query,
            anonymous: self.manners.anonymous,
        })
    }

    /// Whether the path of a call may have a name in it.
    #[must_use]
    pub fn may_have_names(&self) -> bool {
        self.path.has_literal('@')
    }

    /// What distinguishes this template from others, as JSON; the values of items are in it.
    #[must_use]
    pub fn identity(&self) -> String {
        format!(
            "{:?}",
            (
                &self.names,
                &self.method,
                &self.path,
                &self.op,
                &self.slots,
                &self.manners
            )
        )
    }
}

impl Slot {
    fn fill(&self, members: &Members<'_>) -> Result<Loaded, Failure> {
        let plain = |text: &Text| text.fill(Manner::Plain, members);
        Ok(match self {
            Self::Field(key, text) => Loaded::Field(key.clone(), plain(text)?),
            Self::Json(key, text) => {
                let json = text.fill(Manner::Json, members)?;
                check_json(&key.text, &json)?;
                Loaded::Json(key.clone(), json.trim().to_owned())
            }
            Self::Named(key, text) => {
                let name = plain(text)?;
                if name.is_empty() {
                    return Err(Failure::usage(format!(
                        "`{}=@@` has no name after it",
                        key.text
                    )));
                }
                Loaded::Named(key.clone(), name)
            }
            Self::Query(name, text) => Loaded::Query(name.clone(), plain(text)?),
            Self::Header(name, text) => {
                match Item::literal_header(&format!("{name}:{}", plain(text)?))? {
                    Item::Header(name, value) => Loaded::Header(name, value),
                    _ => Loaded::Header(name.clone(), None),
                }
            }
            Self::Loaded(loaded) => loaded.clone(),
        })
    }
}

/// Refuses a value that is not JSON.
pub fn check_json(key: &str, text: &str) -> Result<(), Failure> {
    replay(text.as_bytes(), &mut crate::json::Ignored)
        .map_err(|e| Failure::usage(format!("the value of `{key}` is not JSON: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(path: &str, items: &[&str]) -> Result<Template, String> {
        let mut template =
            Template::new("POST", path, None, Manners::default()).map_err(|e| e.to_string())?;
        for item in items {
            let item = Item::parse(item).map_err(|e| e.to_string())?;
            template
                .add(item, |item| anyhow::bail!("{item:?}"))
                .map_err(|e| e.to_string())?;
        }
        Ok(template)
    }

    /// `PATH ITEM…` of the call of a row.
    fn filled(path: &str, items: &[&str], row: &str) -> Result<String, String> {
        let call = template(path, items)?
            .call(row.as_bytes())
            .map_err(|e| e.to_string())?;
        let items = call.items.iter().map(|item| match item {
            Loaded::Field(key, text) => format!(" {}={text}", key.text),
            Loaded::Json(key, text) => format!(" {}:={text}", key.text),
            Loaded::Named(key, text) => format!(" {}=@@{text}", key.text),
            Loaded::Query(key, text) => format!(" {key}=={text}"),
            Loaded::Header(key, text) => format!(" {key}:{text:?}"),
            other => format!(" {other:?}"),
        });
        Ok(call.path.clone() + &items.collect::<String>())
    }

    #[test]
    fn members_go_into_values_and_are_never_interpreted() {
        let row = r#"{"id":"a/b c","n":1.10,"big":12345678901234567890123,"o":{"x":[1, 2],"y":"é"},
            "o.y":"dotted","t":true,"e":"","at":"@/etc/passwd","q":"a\"b","i":"x=1&y:=2","null":null}"#;
        for (path, items, want) in [
            ("/m/{id}/", &[][..], "/m/a%2Fb%20c/"),
            ("/m/@{id}/?q={t}", &[], "/m/@a%2Fb%20c/?q=true"),
            ("/m/{{x}}/", &[], "/m/{x}/"),
            ("/m/{{{n}}}/", &[], "/m/{1.10}/"),
            ("/m/{o.x}/", &[], "/m/%5B1%2C2%5D/"),
            ("/m/{o.y}/", &[], "/m/dotted/"),
            ("/m/", &["a={n}{big}"], "/m/ a=1.1012345678901234567890123"),
            ("/m/", &["a={at}"], "/m/ a=@/etc/passwd"),
            ("/m/", &["a={i}", "b={e}"], "/m/ a=x=1&y:=2 b="),
            ("/m/", &["a=@@{id}"], "/m/ a=@@a/b c"),
            ("/m/", &["a:={o}"], "/m/ a:={\"x\":[1,2],\"y\":\"é\"}"),
            ("/m/", &["a:={q}", "b:={t}"], "/m/ a:=\"a\\\"b\" b:=true"),
            (
                "/m/",
                &["a:=[{n},\"{q}-{n}\"]"],
                "/m/ a:=[1.10,\"a\\\"b-1.10\"]",
            ),
            ("/m/", &["a:={{\"k\":{n}}}"], "/m/ a:={\"k\":1.10}"),
            ("/m/", &["a=={id}"], "/m/ a==a/b c"),
            ("/m/", &["X-A:{id}"], "/m/ X-A:Some(\"a/b c\")"),
            ("/m/", &["a{=x", "b[c]=y"], "/m/ a{=x b[c]=y"),
        ] {
            assert_eq!(
                filled(path, items, row).as_deref(),
                Ok(want),
                "{path} {items:?}"
            );
        }
        for (row, want) in [("\"a b\"", "/m/a%20b/ v=a b"), ("7.0", "/m/7.0/ v=7.0")] {
            assert_eq!(filled("/m/{}/", &["v={}"], row).as_deref(), Ok(want));
        }
        assert_eq!(
            filled("/m/", &["v={}", "j:={}"], "{\"a\" : 1.10}").as_deref(),
            Ok("/m/ v={\"a\":1.10} j:={\"a\":1.10}")
        );
        // The last of two members counts, as everywhere.
        assert_eq!(
            filled("/{a}/", &[], "{\"a\":1,\"a\":2}").as_deref(),
            Ok("/2/")
        );
    }

    #[test]
    fn no_row_gives_members_to_another() {
        let mut template = template("/m/{a}/", &["v=={b.c}"]).unwrap();
        let mut outline = |row: &str| match template.call(row.as_bytes()) {
            Ok(call) => format!("{} {:?}", call.path, call.items),
            Err(error) => error.to_string(),
        };
        let whole = outline(r#"{"a":"x","b":{"c":1}}"#);
        assert_eq!(whole, r#"/m/x/ [Query("v", "1")]"#);
        for (row, want) in [
            (r#"{"b":{"c":1}}"#, "`a` is missing"),
            (r#"{"a":"y"}"#, "`b.c` is missing"),
            (r#"{"a":"y","b":[{"c":2"#, "not JSON"),
            ("[\"x\",1]", "`b.c` is missing"),
            ("\"x\"", "`b.c` is missing"),
            ("{}", "`b.c` is missing"),
        ] {
            let found = outline(row);
            assert!(found.starts_with(want), "{row}: {found}");
            assert_eq!(outline(r#"{"a":"x","b":{"c":1}}"#), whole, "after {row}");
        }
    }

    #[test]
    fn what_is_refused() {
        let row = r#"{"id":"a","e":"","n":null,"nl":"a\nb"}"#;
        for (path, items, want) in [
            ("/m/{x}/", &[][..], "`x` is missing or null"),
            ("/m/{n}/", &[], "`n` is missing or null"),
            ("/m/{e}/", &[], "`{e}` is empty, and stands in PATH"),
            ("/m/{id.x}/", &[], "`id.x` is missing or null"),
            ("/m/", &["a={n}"], "`n` is missing or null"),
            ("/m/", &["a:={n}"], "`n` is missing or null"),
            ("/m/", &["a:={id}x"], "the value of `a` is not JSON"),
            ("/m/", &["a=@@{e}"], "has no name after it"),
            ("/m/", &["X-A:{nl}"], "X-A"),
            ("/m/", &["{id}=x"], "`{id}` is the name of an item"),
            ("/m/", &["a[{id}]:=1"], "`a[{id}]` is the name of an item"),
            ("/m/", &["a=@{id}"], "`@{id}`: a row names no file"),
            ("/m/", &["a@{id}.txt"], "`@{id}.txt`: a row names no file"),
            ("/m/{id", &[], "PATH: a `{` has no other half"),
            ("/m/id}", &[], "PATH: a `}` has no other half"),
            ("/m/{ id }/", &[], "is not a field name"),
            (
                "/m/",
                &["a:={\"x\":1}"],
                "`a`: `{\"x\":1}` is not a field name",
            ),
        ] {
            let error = filled(path, items, row).unwrap_err();
            assert!(error.contains(want), "{path} {items:?}: {error}");
        }
        assert!(filled("/m/{a}/", &[], "\"text\"").is_err());
        assert!(filled("/m/{}/", &[], "null").is_err());
    }
}

//! Changes to the config file's text: one profile comes, goes or changes, everything else stays.
//!
//! Order, comments and members that this version does not know are kept. A comment above
//! something that is taken away moves to what follows it, because nobody knows whether it spoke
//! of that alone. Knows nothing of files.

use toml_edit::{Decor, DocumentMut, InlineTable, Item, RawString, Table, TableLike, Value, value};

use crate::error::Failure;

/// The config file's text, open for changes.
#[derive(Debug)]
pub struct Edit {
    doc: DocumentMut,
}

impl Edit {
    /// Opens a text for changes.
    pub fn new(text: &str) -> Result<Self, Failure> {
        // Reading has judged the text already, and named the line where it is broken.
        let doc = text
            .parse()
            .map_err(|_| Failure::config("the config is not TOML"))?;
        Ok(Self { doc })
    }

    /// Returns the text with the changes.
    #[must_use]
    pub fn text(&self) -> String {
        self.doc.to_string()
    }

    /// Returns whether there is a profile of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.table().is_some_and(|t| t.contains_key(name))
    }

    /// Returns the number of profiles.
    #[must_use]
    pub fn count(&self) -> usize {
        self.table().map_or(0, TableLike::len)
    }

    /// Returns the default's name.
    #[must_use]
    pub fn default_name(&self) -> Option<&str> {
        self.doc.get("default").and_then(Item::as_str)
    }

    /// Sets the default.
    pub fn set_default(&mut self, name: &str) {
        set(self.doc.as_table_mut(), "default", name.into());
    }

    /// Writes members of a profile, which is made where it is missing. A member without a value is
    /// taken away; those that are not named stay.
    pub fn put(&mut self, name: &str, members: Vec<(&str, Option<Value>)>) -> Result<(), Failure> {
        // Inside `profiles = { … }` there is no room for a table with a header.
        let new = match self.doc.get("profiles") {
            Some(Item::Value(_)) => value(InlineTable::new()),
            _ => Item::Table(Table::new()),
        };
        let profiles = self.table_mut()?;
        if !profiles.contains_key(name) {
            profiles.insert(name, new);
        }
        let profile = profiles
            .get_mut(name)
            .and_then(Item::as_table_like_mut)
            .ok_or_else(|| Failure::config(format!("profile `{name}` is not a table")))?;
        for (member, new) in members {
            match new {
                Some(new) => set(profile, member, new),
                None => drop(profile.remove(member)),
            }
        }
        Ok(())
    }

    /// Writes one header of a profile, or removes it; the name counts in any case.
    pub fn put_header(
        &mut self,
        name: &str,
        header: &str,
        new: Option<&str>,
    ) -> Result<(), Failure> {
        let profile = self
            .table_mut()?
            .get_mut(name)
            .and_then(Item::as_table_like_mut)
            .ok_or_else(|| Failure::config(format!("profile `{name}` is not a table")))?;
        if !profile.contains_key("headers") {
            profile.insert("headers", value(InlineTable::new()));
        }
        let headers = profile
            .get_mut("headers")
            .and_then(Item::as_table_like_mut)
            .ok_or_else(|| Failure::config("`headers` is not a table of strings"))?;
        let mut names = headers.iter().map(|(known, _)| known.to_owned());
        let known = names.find(|known| known.eq_ignore_ascii_case(header));
        drop(names);
        let header = known.as_deref().unwrap_or(header);
        match new {
            Some(new) => set(headers, header, new.into()),
            None => drop(headers.remove(header)),
        }
        if headers.is_empty() {
            profile.remove("headers");
        }
        Ok(())
    }

    /// Takes a profile away, and the default where it was that.
    pub fn remove(&mut self, name: &str) -> Result<(), Failure> {
        if self.default_name() == Some(name) {
            let removed = self.doc.remove_entry("default");
            self.keep(removed.as_ref().map(|(key, _)| key.leaf_decor()), -1);
        }
        if let Some(Item::Table(table)) = self.table_mut()?.remove(name) {
            let at = table.position().unwrap_or(-1);
            self.keep(Some(table.decor()), at);
        }
        Ok(())
    }

    /// Gives a profile another name; the default follows.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), Failure> {
        let profiles = self.table_mut()?;
        if let Some(profile) = profiles.remove(from) {
            profiles.insert(to, profile);
        }
        if self.default_name() == Some(from) {
            self.set_default(to);
        }
        Ok(())
    }

    fn table(&self) -> Option<&dyn TableLike> {
        self.doc.get("profiles").and_then(Item::as_table_like)
    }

    fn table_mut(&mut self) -> Result<&mut dyn TableLike, Failure> {
        self.doc
            .entry("profiles")
            .or_insert_with(|| {
                // Only `[profiles.NAME]` is written, never an empty `[profiles]`.
                let mut table = Table::new();
                table.set_implicit(true);
                Item::Table(table)
            })
            .as_table_like_mut()
            .ok_or_else(|| Failure::config("`profiles` is not a table"))
    }

    /// Puts the comment of something that was taken away before what follows it: the next table
    /// after that position, or the end of the text.
    fn keep(&mut self, decor: Option<&Decor>, position: isize) {
        let comment = decor
            .and_then(Decor::prefix)
            .and_then(RawString::as_str)
            .unwrap_or_default();
        if comment.trim().is_empty() {
            return;
        }
        let join = |after: Option<&RawString>| {
            let after = after.and_then(RawString::as_str).unwrap_or_default();
            format!("{comment}{after}")
        };
        match following(self.doc.as_table_mut(), position) {
            Some(table) => {
                let joined = join(table.decor().prefix());
                table.decor_mut().set_prefix(joined);
            }
            None => {
                let joined = join(Some(self.doc.trailing()));
                self.doc.set_trailing(joined);
            }
        }
    }
}

/// Sets a member; the comments around an old value stay.
fn set(table: &mut dyn TableLike, member: &str, mut new: Value) {
    match table.get_mut(member) {
        Some(Item::Value(old)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        _ => drop(table.insert(member, Item::Value(new))),
    }
}

/// Finds the table whose header is the next one after a position.
fn following(table: &mut Table, after: isize) -> Option<&mut Table> {
    table
        .iter_mut()
        .flat_map(|(_, item)| match item {
            Item::Table(table) => {
                let own = table.position().filter(|at| *at > after);
                match own {
                    Some(_) if !table.is_implicit() => vec![table],
                    _ => following(table, after).into_iter().collect(),
                }
            }
            Item::ArrayOfTables(array) => array.iter_mut().collect(),
            _ => Vec::new(),
        })
        .filter(|table| table.position().is_some_and(|at| at > after))
        .min_by_key(|table| table.position())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, change: impl FnOnce(&mut Edit)) -> String {
        let mut edit = Edit::new(text).unwrap();
        change(&mut edit);
        let new = edit.text();
        new.parse::<DocumentMut>().unwrap();
        new
    }

    #[test]
    fn setting_members_keeps_order_and_comments() {
        let text = "# mine\ndefault = \"a\" # why\nfuture = 1\n\n[profiles.a] # lab\n# where\nurl = \"old\" # was\n\
                    key_env = \"X\"\nnew_member = [1, 2]\n\n# last\n";
        let new = after(text, |e| {
            let members = vec![
                ("url", Some("new".into())),
                ("key_env", None),
                ("key", Some("k".into())),
            ];
            e.put("a", members).unwrap();
            e.put("b", vec![("url", Some("x".into()))]).unwrap();
            e.set_default("b");
        });
        assert_eq!(
            new,
            "# mine\ndefault = \"b\" # why\nfuture = 1\n\n[profiles.a] # lab\n# where\nurl = \"new\" # was\n\
             new_member = [1, 2]\nkey = \"k\"\n\n[profiles.b]\nurl = \"x\"\n\n# last\n"
        );
    }

    #[test]
    fn every_way_to_write_profiles_can_be_changed() {
        for text in [
            "profiles = { a = { url = \"u\" } }\n",
            "[profiles]\na = { url = \"u\" }\n",
            "profiles.a.url = \"u\"\n",
            "[profiles]\na.url = \"u\"\n",
            "[profiles.a]\nurl = \"u\"\n",
            "[\"profiles\".'a']\nurl = \"u\"\n",
        ] {
            let new = after(text, |e| {
                e.put("b", vec![("url", Some("v".into()))]).unwrap();
                e.put("a", vec![("key", Some("k".into()))]).unwrap();
                e.rename("a", "c").unwrap();
            });
            let read: toml::Table = toml::from_str(&new).unwrap();
            let profiles = read["profiles"].as_table().unwrap();
            assert_eq!(profiles["b"]["url"].as_str(), Some("v"), "{new}");
            assert_eq!(profiles["c"]["url"].as_str(), Some("u"), "{new}");
            assert_eq!(profiles["c"]["key"].as_str(), Some("k"), "{new}");
            assert_eq!(profiles.len(), 2, "{new}");
        }
    }

    #[test]
    fn comments_outlive_what_stood_below_them() {
        let text = "# head\ndefault = \"a\"\n\n# one\n[profiles.a]\nurl = \"u\"\n[profiles.a.headers]\nX = \"y\"\n\n\
                    # two\n[profiles.b]\nurl = \"v\"\n# end\n";
        let without_a = after(text, |e| e.remove("a").unwrap());
        assert_eq!(
            without_a,
            "# head\n\n# one\n\n# two\n[profiles.b]\nurl = \"v\"\n# end\n"
        );
        let without_b = after(text, |e| e.remove("b").unwrap());
        assert_eq!(
            without_b,
            "# head\ndefault = \"a\"\n\n# one\n[profiles.a]\nurl = \"u\"\n[profiles.a.headers]\nX = \"y\"\n\n# two\n# end\n"
        );
        let without_both = after(&without_a, |e| e.remove("b").unwrap());
        assert_eq!(without_both, "# head\n\n# one\n\n# two\n# end\n");
    }

    #[test]
    fn the_default_follows_a_new_name_and_the_order_stays() {
        let text = "default = \"a\"\n[profiles.a]\nurl = \"u\"\n[profiles.b]\nurl = \"v\"\n";
        assert_eq!(
            after(text, |e| e.rename("a", "z").unwrap()),
            "default = \"z\"\n[profiles.z]\nurl = \"u\"\n[profiles.b]\nurl = \"v\"\n"
        );
    }
}

//! The words of an unfinished command line, read by clap's definitions: what the last one is to be.
//!
//! Knows names of arguments and of their values, and no service. A new command whose argument is
//! called `PATH` or `PROFILE` is completed without a line here.

use clap::{Arg, ArgAction, Command};

/// What the last word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A path of the API.
    Path,
    /// An item, or the start of one.
    Item,
    /// A MAAS operation.
    Op,
    /// A fabric.
    Fabric,
    /// A collection.
    Collection,
    /// A profile.
    Profile,
    /// A setting of a profile.
    Setting,
}

/// An unfinished command line, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The command.
    pub command: String,
    /// The method that `call` names.
    pub method: Option<String>,
    /// `-p/--profile`.
    pub profile: Option<String>,
    /// `--fabric`.
    pub fabric: Option<String>,
    /// `--op`.
    pub op: Option<String>,
    /// PATH.
    pub path: Option<String>,
    /// What the last word is; `None` where nothing here knows what it may be.
    pub wanted: Option<Wanted>,
    /// The last word; of `--op=dep` what stands behind the `=`.
    pub word: String,
}

impl Words {
    /// Reads the words behind the program's name; the last one is being typed.
    #[must_use]
    pub fn read(words: &[String], definition: &Command) -> Self {
        let Some((last, before)) = words.split_last() else {
            return Self::default();
        };
        let mut read = Self::default();
        let mut reader = Reader {
            command: definition,
            waiting: None,
            positional: 0,
            only_positionals: false,
        };
        for word in before {
            if let Some((arg, value)) = reader.next(word, &mut read) {
                read.keep(arg, value);
            }
        }
        let (arg, word) = reader.last(last);
        read.wanted = arg.and_then(wanted);
        word.clone_into(&mut read.word);
        read
    }

    /// Returns the method of the call that is typed; empty where any will do.
    #[must_use]
    pub fn method(&self) -> String {
        match self.command.as_str() {
            "call" => self.method.clone().unwrap_or_default().to_uppercase(),
            "post" | "put" | "patch" | "delete" | "head" | "options" => self.command.to_uppercase(),
            _ => "GET".to_owned(),
        }
    }

    fn keep(&mut self, arg: &Arg, value: &str) {
        let place = match arg.get_id().as_str() {
            "profile" => &mut self.profile,
            "fabric" => &mut self.fabric,
            "op" => &mut self.op,
            "path" => &mut self.path,
            "method" => &mut self.method,
            _ => return,
        };
        *place = Some(value.to_owned());
    }
}

/// Returns what an argument takes, by its name and that of its value.
fn wanted(arg: &Arg) -> Option<Wanted> {
    match arg.get_id().as_str() {
        "op" => return Some(Wanted::Op),
        "fabric" => return Some(Wanted::Fabric),
        _ => {}
    }
    match arg.get_value_names()?.first()?.as_str() {
        "PATH" | "PATH|ITEM|MACHINE" => Some(Wanted::Path),
        "ITEM" => Some(Wanted::Item),
        "COLLECTION" => Some(Wanted::Collection),
        "PROFILE" => Some(Wanted::Profile),
        "SETTING" => Some(Wanted::Setting),
        _ => None,
    }
}

struct Reader<'a> {
    command: &'a Command,
    /// A flag that takes more of the words, and how many.
    waiting: Option<(&'a Arg, usize)>,
    positional: usize,
    only_positionals: bool,
}

impl<'a> Reader<'a> {
    /// Takes a finished word; the argument that it is a value of.
    fn next<'w>(&mut self, word: &'w str, read: &mut Words) -> Option<(&'a Arg, &'w str)> {
        if let Some((arg, left)) = self.waiting.take() {
            self.waiting = (left > 1).then_some((arg, left - 1));
            return Some((arg, word));
        }
        if self.only_positionals || !word.starts_with('-') || word == "-" {
            return self.positional(word, read);
        }
        if word == "--" {
            self.only_positionals = true;
            return None;
        }
        let (arg, value) = self.flag(word)?;
        match value {
            Some(value) => Some((arg, value)),
            None => {
                let most = arg.get_num_args().map_or(1, |n| n.max_values());
                self.waiting = (most > 0).then_some((arg, most));
                None
            }
        }
    }

    /// Returns the argument that an unfinished word belongs to, and what of the word is its value.
    fn last<'w>(&self, word: &'w str) -> (Option<&'a Arg>, &'w str) {
        if let Some((arg, _)) = self.waiting {
            return (Some(arg), word);
        }
        if self.only_positionals || !word.starts_with('-') {
            return (self.positional_argument(), word);
        }
        match self.flag(word) {
            Some((arg, Some(value))) => (Some(arg), value),
            _ => (None, word),
        }
    }

    fn positional<'w>(&mut self, word: &'w str, read: &mut Words) -> Option<(&'a Arg, &'w str)> {
        if self.positional == 0
            && let Some(command) = self.command.find_subcommand(word)
        {
            self.command = command;
            word.clone_into(&mut read.command);
            return None;
        }
        let arg = self.positional_argument();
        self.positional += 1;
        Some((arg?, word))
    }

    fn positional_argument(&self) -> Option<&'a Arg> {
        let mut all = self.command.get_positionals();
        all.nth(self.positional).or_else(|| {
            // The last takes all that follow, where it takes several.
            let last = self.command.get_positionals().last()?;
            matches!(last.get_action(), ArgAction::Append).then_some(last)
        })
    }

    /// Returns the flag of a word that takes a value, and the value where it is in the same word.
    fn flag<'w>(&self, word: &'w str) -> Option<(&'a Arg, Option<&'w str>)> {
        let takes = |arg: &&'a Arg| arg.get_action().takes_values();
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            let mut all = self.command.get_arguments().filter(takes);
            return Some((all.find(|a| a.get_long() == Some(name))?, value));
        }
        // `-iplab`: flags without values, then one with.
        for (at, letter) in word.char_indices().skip(1) {
            let mut all = self.command.get_arguments().filter(takes);
            if let Some(arg) = all.find(|a| a.get_short() == Some(letter)) {
                let value = &word[at + letter.len_utf8()..];
                let value = value.strip_prefix('=').unwrap_or(value);
                return Some((arg, (!value.is_empty()).then_some(value)));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Words {
        let mut definition = crate::cli::Cli::command();
        definition.build();
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Words::read(&words, &definition)
    }

    #[test]
    fn what_the_last_word_is() {
        use Wanted::{Fabric, Item, Op, Path, Profile};
        for (line, wanted, word) in [
            ("get ", Some(Path), ""),
            ("get /mach", Some(Path), "/mach"),
            ("get -p lab -v /mach", Some(Path), "/mach"),
            ("call post /mach", Some(Path), "/mach"),
            ("call po", None, "po"),
            ("get /machines/ host", Some(Item), "host"),
            ("get /machines/ a=b c=d e", Some(Item), "e"),
            ("get /machines/ --op ", Some(Op), ""),
            ("get /machines/ --op=li", Some(Op), "li"),
            ("get --jq . /mach", Some(Path), "/mach"),
            (
                "get --jq .a --arg n v --columns x --fabric s",
                Some(Fabric),
                "s",
            ),
            ("get -p l", Some(Profile), "l"),
            ("get -ivpl", Some(Profile), "l"),
            ("profile show l", Some(Profile), "l"),
            ("profile set l", Some(Profile), "l"),
            ("profile set lab time", Some(Wanted::Setting), "time"),
            (
                "profile set lab timeout=1s ret",
                Some(Wanted::Setting),
                "ret",
            ),
            ("get -- -x", Some(Path), "-x"),
            ("get --dry", None, "--dry"),
            ("get -o js", None, "js"),
            ("prof", None, "prof"),
            ("completions ba", None, "ba"),
        ] {
            let read = read(line);
            assert_eq!((read.wanted, read.word.as_str()), (wanted, word), "{line}");
        }
    }

    #[test]
    fn what_is_typed_before() {
        let read = read("call put -plab --fabric=shop --op deploy /a x=y z");
        assert_eq!(read.method(), "PUT");
        let typed = [&read.profile, &read.fabric, &read.op, &read.path];
        assert_eq!(
            typed.map(|t| t.as_deref().unwrap()),
            ["lab", "shop", "deploy", "/a"]
        );
        assert_eq!(super::tests::read("delete /x").method(), "DELETE");
    }
}

//! Reads words and options as Python's argparse does.
//!
//! Options abbreviate and cluster, `--` ends them, a number below zero and what holds a blank are
//! words. Pure; knows no command.

use crate::error::Failure;

/// The options there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// `-h`, `--help`
    Help,
    /// `-d`, `--debug`
    Debug,
    /// `-k`, `--insecure`
    Insecure,
    /// `--cacerts FILE`
    CaCerts,
    /// `--show-keys`
    ShowKeys,
}

impl Flag {
    fn short(self) -> Option<char> {
        match self {
            Self::Help => Some('h'),
            Self::Debug => Some('d'),
            Self::Insecure => Some('k'),
            Self::CaCerts | Self::ShowKeys => None,
        }
    }

    fn long(self) -> &'static str {
        match self {
            Self::Help => "--help",
            Self::Debug => "--debug",
            Self::Insecure => "--insecure",
            Self::CaCerts => "--cacerts",
            Self::ShowKeys => "--show-keys",
        }
    }

    fn has_value(self) -> bool {
        self == Self::CaCerts
    }
}

/// An option and the value that it was typed with.
type Typed<'a> = (Flag, Option<&'a str>);

/// The start of a command line, up to the word that decides how the rest is read.
#[derive(Debug)]
pub struct Leading<'a> {
    flags: Vec<Flag>,
    /// The word that decides.
    pub word: Option<&'a str>,
    /// What follows it.
    pub rest: &'a [String],
}

impl Leading<'_> {
    /// Returns whether an option was given.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// A command line read to its end.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed<'a> {
    flags: Vec<(Flag, &'a str)>,
    /// The words.
    pub words: Vec<&'a str>,
}

impl<'a> Parsed<'a> {
    /// Returns whether an option was given.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.iter().any(|(f, _)| *f == flag)
    }

    /// Returns the last value of an option.
    pub fn value(&self, flag: Flag) -> Option<&'a str> {
        let found = self.flags.iter().rev().find(|(f, _)| *f == flag);
        found.map(|(_, value)| *value)
    }
}

/// Reads options up to the first word.
pub fn leading<'a>(args: &'a [String], known: &[Flag]) -> Result<Leading<'a>, Failure> {
    let is_word = |arg: &String| arg != "--" && !is_option(arg, known);
    let at = args.iter().position(is_word).unwrap_or(args.len());
    let parsed = all(&args[..at], known, 0)?;
    Ok(Leading {
        flags: parsed.flags.iter().map(|(flag, _)| *flag).collect(),
        word: args.get(at).map(String::as_str),
        rest: args.get(at + 1..).unwrap_or_default(),
    })
}

/// Reads options and words. Options stand anywhere, but data is one group: words that follow an
/// option behind more than `most` words are refused, as `maas` refuses them (observed on 3.8). Help
/// is given wherever it is asked for.
pub fn all<'a>(args: &'a [String], known: &[Flag], most: usize) -> Result<Parsed<'a>, Failure> {
    let mut parsed = Parsed::default();
    let mut wrong = None;
    // The option that ended the data.
    let mut behind: Option<&str> = None;
    let mut ended = false;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" && !ended {
            ended = true;
            continue;
        }
        if ended || !is_option(arg, known) {
            if let Some(option) = behind {
                wrong.get_or_insert_with(|| parted(arg, option));
            }
            parsed.words.push(arg);
            continue;
        }
        let Some(found) = options(arg, known)? else {
            wrong.get_or_insert_with(|| unknown(arg));
            continue;
        };
        for (flag, value) in found {
            let value = match value {
                None if flag.has_value() => args
                    .next()
                    .ok_or_else(|| Failure::usage(format!("`{}` needs a value", flag.long())))?,
                None => "",
                Some(value) => value,
            };
            if flag == Flag::Help {
                parsed.flags.push((flag, ""));
                return Ok(parsed);
            }
            if parsed.words.len() > most {
                behind = Some(arg);
            }
            parsed.flags.push((flag, value));
        }
    }
    match wrong {
        Some(failure) => Err(failure),
        None => Ok(parsed),
    }
}

/// Refuses data on both sides of an option. The extra word may be a secret and is not shown.
fn parted(word: &str, option: &str) -> Failure {
    let name = word.split_once('=').map_or(word, |(name, _)| name);
    let name = name.escape_debug();
    Failure::usage(format!("`{name}` follows the option `{option}`"))
        .hint("options go before all data, or after all of it")
}

fn unknown(arg: &str) -> Failure {
    Failure::usage(format!("unrecognized argument `{}`", arg.escape_debug()))
}

fn is_option(arg: &str, known: &[Flag]) -> bool {
    let Some(rest) = arg.strip_prefix('-').filter(|rest| !rest.is_empty()) else {
        return false;
    };
    let number = rest.strip_prefix('.').unwrap_or(rest);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && rest.parse::<f64>().is_ok();
    let is_phrase = arg.contains(' ') && !matches!(options(arg, known), Ok(Some(_)));
    !is_number && !is_phrase
}

/// Returns the options that an argument stands for, with the value it holds; `None` where there is
/// no such option.
fn options<'a>(arg: &'a str, known: &[Flag]) -> Result<Option<Vec<Typed<'a>>>, Failure> {
    if arg.starts_with("--") {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (arg, None),
        };
        let Some(flag) = known.iter().find(|flag| flag.long().starts_with(name)) else {
            return Ok(None);
        };
        if value.is_some() && !flag.has_value() {
            return Err(Failure::usage(format!("`{}` takes no value", flag.long())));
        }
        return Ok(Some(vec![(*flag, value)]));
    }
    let letter = |c: char| known.iter().find(|flag| flag.short() == Some(c));
    let mut found = Vec::new();
    for c in arg.chars().skip(1) {
        match letter(c) {
            Some(flag) => found.push((*flag, None)),
            None if found.is_empty() => return Ok(None),
            None => return Err(unknown(arg)),
        }
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Flag; 3] = [Flag::Help, Flag::Debug, Flag::Insecure];

    /// The flags' letters and the words; `None` where the line is wrong.
    fn read(line: &str, most: usize) -> Option<(String, String)> {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let parsed = all(&args, &ALL, most).ok()?;
        let flags = parsed.flags.iter().filter_map(|(f, _)| f.short()).collect();
        Some((flags, parsed.words.join(" ")))
    }

    #[test]
    fn options_and_words() {
        for (line, most, want) in [
            ("a x=y", 1, Some(("", "a x=y"))),
            ("-d a x=y", 1, Some(("d", "a x=y"))),
            ("a -d x=y", 1, Some(("d", "a x=y"))),
            ("a -d", 1, Some(("d", "a"))),
            ("a x=y -d", 1, Some(("d", "a x=y"))),
            ("a x=y -dk", 1, Some(("dk", "a x=y"))),
            ("a x=y --ins -d", 1, Some(("kd", "a x=y"))),
            ("a x=y -d --", 1, Some(("d", "a x=y"))),
            ("a -d x=y -k", 1, Some(("dk", "a x=y"))),
            ("a x=y -d z=1", 1, None),
            ("a x=y -d -- z=1", 1, None),
            ("a -d x=y -k z=1", 1, None),
            ("x=y -k", 0, Some(("k", "x=y"))),
            ("a x=y -- -d", 1, Some(("", "a x=y -d"))),
            ("a x=y -x", 1, None),
            ("a x=y -d z=1 -h", 1, Some(("dh", "a x=y z=1"))),
            ("a x=y -h", 1, Some(("h", "a x=y"))),
            ("-dk --", 1, Some(("dk", ""))),
            ("--deb --ins", 1, Some(("dk", ""))),
            ("-- a -d", 1, Some(("", "a -d"))),
            ("a -- -d --", 1, Some(("", "a -d --"))),
            ("-1 x=-1 -", 1, Some(("", "-1 x=-1 -"))),
            ("-x", 1, None),
            ("-dx", 1, None),
            ("--debug=1", 1, None),
            ("--nope", 1, None),
            ("--nope --help", 1, Some(("h", ""))),
        ] {
            let want = want.map(|(f, w): (&str, &str)| (f.to_owned(), w.to_owned()));
            assert_eq!(read(line, most), want, "{line}");
        }
        let phrase = ["-a b".to_owned()];
        assert_eq!(all(&phrase, &ALL, 0).unwrap().words, ["-a b"]);
    }

    #[test]
    fn values_and_first_words() {
        let args = ["--cacerts", "f", "--cacerts=g", "x"].map(str::to_owned);
        let parsed = all(&args, &[Flag::CaCerts], 3).unwrap();
        assert_eq!(parsed.value(Flag::CaCerts), Some("g"));
        assert_eq!(parsed.words, ["x"]);
        assert!(all(&args[..1], &[Flag::CaCerts], 3).is_err());
        let args = ["--debug", "lab", "-h", "x"].map(str::to_owned);
        let first = leading(&args, &ALL).unwrap();
        assert!(first.has(Flag::Debug) && !first.has(Flag::Help));
        assert_eq!((first.word, first.rest), (Some("lab"), &args[2..]));
        assert!(leading(&args, &[Flag::Help]).is_err());
    }
}

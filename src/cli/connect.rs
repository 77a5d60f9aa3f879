//! The flags that say how the server is reached: those of the settings' list.
//!
//! Written by hand where the other arguments are derived, because the list is the definition. Each
//! flag goes before its variable, and that before the profile.

use clap::builder::{PathBufValueParser, StringValueParser, TypedValueParser as _};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueHint};

use crate::profile::setting::{self, Flag, Setting, SettingKind};
use crate::profile::{Overrides, Value, Values};
use crate::secret::Secret;

/// The settings that flags say.
#[derive(Clone, Debug, Default)]
pub struct ConnectArgs {
    /// What was typed, read.
    pub given: Values,
}

impl ConnectArgs {
    /// Returns the flags that override a profile's settings.
    #[must_use]
    pub fn overrides(&self, profile: Option<&str>) -> Overrides {
        Overrides {
            profile: profile.map(str::to_owned),
            given: self.given.clone(),
            path: None,
        }
    }
}

impl FromArgMatches for ConnectArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for (setting, _) in with_flags() {
            let value = match setting.kind {
                SettingKind::Switch => matches
                    .get_flag(setting.name)
                    .then_some(Value::Switch(true)),
                _ => matches.get_one::<Value>(setting.name).cloned(),
            };
            if let Some(value) = value {
                self.given.set(setting, value);
            }
        }
        Ok(())
    }
}

impl Args for ConnectArgs {
    fn augment_args(command: Command) -> Command {
        command.args(with_flags().map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn with_flags() -> impl Iterator<Item = (&'static Setting, Flag)> {
    let all = setting::ALL.iter().copied();
    all.filter_map(|setting| Some((setting, setting.flag?)))
}

fn arg((setting, flag): (&'static Setting, Flag)) -> Arg {
    let arg = Arg::new(setting.name)
        .long(flag.long)
        .short(flag.short)
        .help(setting.doc)
        .help_heading("Connection");
    match setting.kind {
        SettingKind::Switch => arg.action(ArgAction::SetTrue),
        SettingKind::File => arg
            .value_name(flag.value)
            .value_hint(ValueHint::AnyPath)
            .value_parser(PathBufValueParser::new().map(Value::File)),
        SettingKind::Text | SettingKind::Count | SettingKind::Time | SettingKind::Headers => arg
            .value_name(flag.value)
            .value_parser(StringValueParser::new().try_map(|text| read(setting, &text))),
    }
}

/// Reads a flag's value. What is checked besides its type is checked where all flags are, in words
/// that do not repeat it.
fn read(setting: &Setting, text: &str) -> Result<Value, String> {
    match setting.kind {
        SettingKind::Text => Ok(Value::Text(Secret::new(text))),
        _ => Value::of_text(setting, text).map_err(|e| e.to_string()),
    }
}

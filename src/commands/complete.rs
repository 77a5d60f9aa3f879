//! `__complete`: what can stand in the place of the last word, for the completion scripts.
//!
//! A line each: `VALUE`, or `VALUE`, a tab and what it is. Completion must not be felt: what is
//! not known within a second is not offered, nothing is said of failures, and the exit code is
//! always 0. What the server knows is kept for a minute.
//!
//! A key command is never run: it may ask for a pass phrase, in the middle of a line that is being
//! typed. Such a profile completes what the description knows and no values of the server.

mod offer;

use std::ffi::OsString;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cache::Entry;
use crate::cli::Cli;
use crate::cli::words::{Wanted, Words};
use crate::client::{Limits, Response};
use crate::env::Env;
use crate::error::{Exit, Failure};
use crate::flow::describe::{Describer, Patience};
use crate::output::decode;
use crate::profile::setting::{self, Setting, SettingKind};
use crate::profile::{Config, KeySource, Overrides, Profile, credential, select};
use crate::request::Plan;
use crate::request::url::encode_segment;
use crate::service::Service;
use crate::service::complete::{self, Candidate, Live};
use crate::service::maas::describe::Description;
use crate::service::maas::name;
use crate::service::macrometa::catalog;
use crate::service::operation::Operation;
use crate::ui::Ui;

use super::Context;
use crate::session::{Session, Setup};

/// The limit for everything.
const MOST_TIME: Duration = Duration::from_secs(1);

/// How long what a server said is offered without asking again.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// A longer list is none to choose from.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A longer description is not read while someone waits; that of a MAAS 3.8 has 543 KB.
const LONGEST_DESCRIPTION: u64 = 4 * 1024 * 1024;

/// Further operations of a description are not looked at; a MAAS 3.8 has 400.
const MOST_OPERATIONS: usize = 4000;

/// When a server is no longer waited for.
pub type Deadline = Instant;

/// What scripts call; `--` and the words behind the program's name follow.
pub const NAME: &str = "__complete";

/// Prints the candidates.
pub fn run(args: &[OsString], context: &mut Context<'_>) -> Exit {
    let deadline = deadline();
    let mut definition = Cli::command();
    definition.build();
    let words: Vec<String> = args
        .iter()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let words = Words::read(&words, &definition);
    let candidates = candidates(&words, deadline, context.env).unwrap_or_default();
    print(&candidates, &words.word, context.ui)
}

/// Returns when the time is over for a command line that is completed now.
#[must_use]
pub fn deadline() -> Deadline {
    Instant::now() + MOST_TIME
}

/// Prints those that may stand in the place of the word.
pub fn print(candidates: &[Candidate], word: &str, ui: &mut Ui) -> Exit {
    let text = offer::lines(candidates, word);
    // Nobody is left to be reported that the shell has gone.
    let _ = ui.stdout().write_all(text.as_bytes());
    Exit::Success
}

/// Returns what fits; what cannot be found out is not there.
fn candidates(words: &Words, deadline: Deadline, env: &Env) -> Option<Vec<Candidate>> {
    let wanted = words.wanted?;
    let config = || Config::load(&env.config_file()?);
    if wanted == Wanted::Profile {
        let config = config().ok()?;
        return Some(
            config
                .names()
                .map(|name| Candidate::new(name, ""))
                .collect(),
        );
    }
    if wanted == Wanted::Setting {
        let set = setting::ALL.iter().filter(|s| **s != &setting::KEY);
        return Some(
            set.map(|s| Candidate::new(setting_word(s), s.doc))
                .collect(),
        );
    }
    let mut overrides = Overrides {
        profile: words.profile.clone(),
        ..Overrides::default()
    };
    if let Some(fabric) = &words.fabric {
        overrides.given.set_text(&setting::FABRIC, fabric);
    }
    let profile = select(&overrides, env, config).ok()?;
    let server = Server {
        profile: &profile,
        env,
        deadline,
    };
    let service = profile.service();
    let method = words.method();
    match wanted {
        // `wait @⇥`, `events @⇥`.
        Wanted::Path | Wanted::Item
            if matches!(&*words.command, "wait" | "events")
                && service.looks_names_up()
                && !words.word.contains(['/', '=']) =>
        {
            Some(server.live(&Live::machines()))
        }
        Wanted::Path => {
            let operations = server.operations()?;
            let paths = complete::paths(&operations, service, &method, &words.word);
            let mut all = paths.known;
            all.extend(paths.live.iter().flat_map(|live| server.live(live)));
            Some(all)
        }
        Wanted::Op if service.has_operations() => {
            let operations = server.operations()?;
            let path = words.path.as_deref();
            Some(complete::ops(&operations, service, &method, path))
        }
        Wanted::Item if service.looks_names_up() && words.word.contains("=@@") => {
            let live = Live::of_value(&words.word, words.path.as_deref().unwrap_or_default())?;
            Some(server.live(&live))
        }
        Wanted::Item => {
            let operations = server.operations()?;
            let (path, op) = (words.path.as_deref()?, words.op.as_deref());
            Some(complete::items(&operations, service, &method, path, op))
        }
        Wanted::Fabric if service.has_fabrics() => {
            Some(server.live(&Live::of("database/user", "fabric")))
        }
        Wanted::Collection if service.has_fabrics() => {
            Some(server.live(&Live::of("collection", "collection")))
        }
        Wanted::Op | Wanted::Fabric | Wanted::Collection | Wanted::Profile | Wanted::Setting => {
            None
        }
    }
}

/// Returns a setting as `profile set` takes it, up to its value.
fn setting_word(setting: &Setting) -> String {
    match setting.kind {
        SettingKind::Headers => format!("{}.", setting.name),
        _ => format!("{}=", setting.name),
    }
}

/// A profile's server, until the time is over.
#[derive(Debug)]
pub struct Server<'a> {
    /// Whose server it is.
    pub profile: &'a Profile,
    /// The environment.
    pub env: &'a Env,
    /// When the time is over.
    pub deadline: Deadline,
}

impl Server<'_> {
    /// Returns what can be asked: what is cached, however old, else what the server says.
    #[must_use]
    pub fn operations(&self) -> Option<Vec<Operation>> {
        match self.profile.service() {
            Service::Maas => {
                let mut operations = self.description()?.operations();
                operations.truncate(MOST_OPERATIONS);
                Some(operations)
            }
            Service::Macrometa => Some(catalog::operations()),
        }
    }

    /// Returns MAAS's description: the cached one, however old, else the server's.
    #[must_use]
    pub fn description(&self) -> Option<Description> {
        let describer = Describer::new(self.profile, self.env).at_most(LONGEST_DESCRIPTION);
        if let Some(description) = describer.cached() {
            return Some(description);
        }
        // A server that is off or slow is not asked with each key that is pressed.
        let failed = Entry::new("describe-failed-1", &self.profile.address, self.env);
        if failed.age().is_some_and(|age| age < GOOD_FOR) {
            return None;
        }
        let mut send = |plan: &Plan, _: Patience| self.send(plan, false);
        let description = describer.fetch(Patience::Short, &mut send).ok();
        if description.is_none() {
            failed.write(b"");
        }
        description
    }

    /// Returns the values of a list: those of the last minute, else the server's, else older ones.
    #[must_use]
    pub fn live(&self, live: &Live) -> Vec<Candidate> {
        let kind = format!(
            "{} {} {}",
            self.profile.label(),
            self.profile.place().fabric,
            live.list
        );
        let entry = Entry::part("live-1", &self.profile.address, &kind, self.env);
        let kept = entry
            .read()
            .and_then(|text| serde_json::from_slice(&text).ok());
        if let Some(list) = &kept
            && entry.age().is_some_and(|age| age < GOOD_FOR)
        {
            return complete::found(live, list);
        }
        let list = match self.ask(live) {
            Some(response) => complete::kept(&response),
            // A server that is off is not asked with each key that is pressed.
            None => kept.unwrap_or_default(),
        };
        entry.write(list.to_string().as_bytes());
        complete::found(live, &list)
    }

    fn ask(&self, live: &Live) -> Option<Value> {
        if matches!(self.profile.key, Some(KeySource::Command(_))) {
            return None;
        }
        let mut path = live.list.clone();
        // `/fabrics/@fab-1/vlans/@⇥`: what is called so is asked for first.
        while self.profile.service().looks_names_up()
            && let Some(name) = name::find(&path)
        {
            let id = match name.list(&path) {
                None => name.text.clone(),
                Some((list, filter)) => name.id(&self.get(&list, &filter)?).ok()?,
            };
            path.replace_range(name.range, &encode_segment(&id));
        }
        self.get(&path, &[])
    }

    fn get(&self, path: &str, filter: &[(&str, String)]) -> Option<Value> {
        let mut plan = Plan::get(path, self.profile.place()).ok()?;
        for (parameter, value) in filter {
            plan.url.add(parameter, value);
        }
        let response = self.send(&plan, true).ok()?;
        decode::value(response, LONGEST).ok()
    }

    /// Sends a plan once; everything but a success is an error.
    fn send(&self, plan: &Plan, signed: bool) -> anyhow::Result<Response> {
        let mut setup = Setup::default();
        if signed {
            setup.key = credential::key(self.profile, self.env)?;
        }
        let limits = Limits {
            deadline: Some(self.deadline),
            retries: Some(0),
            ..Limits::default()
        };
        let session = Session::new(self.profile.clone(), setup, self.env, &mut |_| {})?;
        let response = session.send(plan, &limits, &mut |_| {})?;
        if Exit::of_status(response.head.status) != Exit::Success {
            return Err(Failure::new(Exit::Other, "no success").into());
        }
        Ok(response)
    }
}

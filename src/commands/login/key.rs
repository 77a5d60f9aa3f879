//! The key of a login: where it comes from, and whether the server takes it.
//!
//! It is never an argument, because arguments stand in shell histories and process lists; where
//! one was given all the same, it is refused without being repeated.

use crate::cli::LoginArgs;
use crate::error::{Exit, Failure, exit_of};
use crate::flow::identify::{self, Identity};
use crate::profile::{KeySource, Profile, credential};
use crate::secret::{Secret, holds_key};
use crate::service::{Key, Service, macrometa};
use crate::session::{Session, Setup};

use super::super::{Context, aside};

/// How often a key is asked for at a terminal.
const TRIES: u32 = 3;

/// Refuses a key among the arguments, wherever it was put.
pub fn refuse_as_argument(args: &LoginArgs) -> Result<(), Failure> {
    let path = args.key_file.as_ref().map(|p| p.to_string_lossy());
    let texts = [
        args.url.as_deref(),
        args.profile.as_deref(),
        args.key_env.as_deref(),
        args.key_command.as_deref(),
        path.as_deref(),
    ];
    if texts.into_iter().flatten().any(holds_key) {
        return Err(Failure::usage("one of the arguments is a key").hint(
            "a key is never an argument: `--key-stdin`, `--key-file FILE`, or the prompt; \
             shell history and process list may hold this one now",
        ));
    }
    Ok(())
}

/// Gets a key that the server takes, and whose it is, over the connection that found the service:
/// the one that was given, or else a person is asked, who may try again.
pub fn get(
    profile: &Profile,
    over: Option<&Session>,
    given: Option<KeySource>,
    args: &LoginArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<(Profile, Verified)> {
    if let Some(source) = given {
        return take(source, profile, over, args, context);
    }
    if !context.ui.can_ask() {
        return Err(
            Failure::config("there is no key, and no terminal to prompt for one")
                .hint("`--key-stdin`, `--key-file FILE` or APICALL_KEY provides it")
                .into(),
        );
    }
    context.ui.say(match profile.service() {
        Service::Maas => {
            "The key is in MAAS under your name → API keys, or `maas apikey --username NAME` prints it."
        }
        Service::Macrometa => "The key is in the console under Account → API keys.",
    });
    for _ in 1..TRIES {
        let asked = ask(profile, context)?;
        match take(asked, profile, over, args, context) {
            Err(e) if exit_of(&e) == Exit::Config => context.ui.error(&e),
            result => return result,
        }
    }
    let asked = ask(profile, context)?;
    take(asked, profile, over, args, context)
}

/// Returns where the key comes from; `None` where it has to be asked for. It is masked from here on,
/// whoever's it is: what servers say is shown before it is known which service they are. That of a
/// command is known once it has run, which is when the server is found. The key that it replaces
/// stays one.
pub fn given(
    args: &LoginArgs,
    old: Option<&Profile>,
    context: &mut Context<'_>,
) -> anyhow::Result<Option<KeySource>> {
    if let Some(old) = old {
        context.ui.masks().merge(&old.masks(context.env));
    }
    if args.anonymous {
        return Ok(None);
    }
    let source = source(args, context)?;
    let text = match &source {
        Some(KeySource::Inline(key)) => Some(key.expose()),
        Some(KeySource::Env(name)) => context.env.text(name)?,
        Some(KeySource::File(_) | KeySource::Command(_)) | None => None,
    };
    if let Some(text) = text {
        let mut masks = context.ui.masks();
        masks.add(text.trim());
        for service in Service::ALL {
            if let Ok(key) = Key::parse(service, text, None) {
                key.mask(&mut masks);
            }
        }
    }
    Ok(source)
}

/// Returns where the key comes from, as the arguments or the environment say.
fn source(args: &LoginArgs, context: &Context<'_>) -> anyhow::Result<Option<KeySource>> {
    let inline = |text| Some(KeySource::Inline(Secret::new(text)));
    if args.key_stdin {
        let text = credential::read_text(std::io::stdin())
            .map_err(|e| Failure::config(format!("`--key-stdin`: {e}")))?;
        return Ok(inline(text));
    }
    if let Some(path) = &args.key_file {
        let path = context.env.expand_home(path);
        let text = credential::read_file(&path)
            .map_err(|e| Failure::config(format!("`--key-file` {}: {e}", path.display())))?;
        return Ok(inline(text));
    }
    if let Some(name) = &args.key_env {
        return Ok(Some(KeySource::Env(name.clone())));
    }
    if let Some(command) = &args.key_command {
        return Ok(Some(KeySource::Command(command.clone())));
    }
    Ok(context
        .env
        .filled("APICALL_KEY")?
        .and_then(|key| inline(key.to_owned())))
}

fn ask(profile: &Profile, context: &mut Context<'_>) -> anyhow::Result<KeySource> {
    let question = format!("Key for {}: ", profile.address);
    match context.ui.ask_secret(&question) {
        Ok(key) => Ok(KeySource::Inline(key)),
        // Ctrl-D: a person who has no key stores nothing.
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Failure::config("no key was given").into())
        }
        Err(e) => Err(e.into()),
    }
}

/// Reads the key and has the server verify it. A malformed or refused key fails as
/// [`Exit::Config`], whatever the server's status was.
fn take(
    source: KeySource,
    profile: &Profile,
    over: Option<&Session>,
    args: &LoginArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<(Profile, Verified)> {
    let mut profile = profile.clone();
    let text = credential::read(&source, context.env)?;
    let key = Key::parse(profile.service(), text.expose(), profile.target.scheme())?;
    if let Key::Macrometa(key) = &key
        && key.scheme() != macrometa::key::DEFAULT_SCHEME
    {
        // A pasted `bearer TOKEN` is used as one from now on.
        profile.target.learn_scheme(key.scheme());
    }
    profile.key = Some(match source {
        KeySource::Inline(_) => KeySource::Inline(key.stored()),
        other => other,
    });
    if args.no_verify {
        return Ok((profile, Verified::Not(Identity::of_key(&key))));
    }
    let setup = Setup {
        key: Some(key),
        over,
        is_trial: true,
        ..Setup::default()
    };
    let session = context.session_with(profile, setup)?.briefly();
    let identity = identify::ask(&session, &mut context.ui.hear())
        .map_err(|e| as_refused_key(e.into(), &session.profile))?;
    let (version, denied) = if session.profile.service().lists_rights() {
        let rights = aside::rights(&session, context.ui);
        let denied = rights.into_iter().filter(|(_, allowed)| allowed == false);
        let denied = denied.map(|(name, _)| name).collect();
        (aside::version(&session, context.ui), denied)
    } else {
        (None, Vec::new())
    };
    let verified = Verified::By(Account {
        identity,
        version,
        denied,
    });
    Ok((session.profile, verified))
}

/// What is known of a key that was read.
#[derive(Debug)]
pub enum Verified {
    /// The key was not shown to the server: what it says by itself.
    Not(Identity),
    /// The server has taken it.
    By(Account),
}

/// A key's account, as the server describes it.
#[derive(Debug)]
pub struct Account {
    /// Whose it is.
    pub identity: Identity,
    /// The server's version, where only keys learn it.
    pub version: Option<String>,
    /// What the key may not see.
    pub denied: Vec<String>,
}

fn as_refused_key(error: anyhow::Error, profile: &Profile) -> anyhow::Error {
    match error.downcast::<Failure>() {
        Ok(mut failure) => {
            if failure.exit == Exit::ClientError {
                failure.exit = Exit::Config;
                // Hosts of PhotonIQ refuse every key behind a scheme word.
                if profile.target.has_usual_scheme() {
                    let photoniq = "a host of PhotonIQ wants `--scheme ''`";
                    failure.hint = Some(match failure.hint {
                        Some(hint) => format!("{hint}; {photoniq}"),
                        None => photoniq.to_owned(),
                    });
                }
            }
            failure.into()
        }
        Err(error) => error,
    }
}

//! What is settled before a download is sent: its flags, the file, and an earlier part of it.
//!
//! Makes the plan ask for what is missing; sends nothing.

use base64::Engine as _;

use crate::cli::CallArgs;
use crate::error::Failure;
use crate::files::Mode;
use crate::output::download::{Found, PartialFile, Record, Target};
use crate::request::Plan;

use super::super::Context;

/// What the flags of a download say, checked; nothing of it is looked for yet.
#[derive(Debug)]
pub struct Download {
    /// `None` until the response gives the name.
    target: Option<Target>,
    /// Whether an earlier part is continued.
    continues: bool,
    /// Whether the user chooses the codings.
    says_encoding: bool,
}

/// Where the body of a call goes, and what is there of it already.
#[derive(Debug)]
pub struct Begun {
    pub(super) target: Option<Target>,
    /// Whether the file is new, whatever is there.
    pub(super) is_new: bool,
    /// Whether an earlier part is continued.
    pub(super) continues: bool,
    /// A hash of the address.
    pub(super) address: String,
    pub(super) resumed: Option<(PartialFile, Record)>,
    /// The user asked for a range; then a 206 is the whole of it.
    pub(super) is_range: bool,
    /// Why an earlier part is not used, reported once the response is there.
    pub(super) anew: Option<String>,
}

impl Download {
    /// Checks the flags. `None` where the body goes to stdout.
    pub fn of(
        args: &CallArgs,
        plan: &Plan,
        context: &Context<'_>,
    ) -> Result<Option<Self>, Failure> {
        let flags = &args.download;
        if !flags.is_wanted() {
            if flags.continues {
                return Err(Failure::usage(
                    "`--continue` goes with `--download FILE` or `-O`",
                ));
            }
            return Ok(None);
        }
        check(args, plan)?;
        let target = match &flags.download {
            Some(path) => Some(Target::of(&context.env.expand_home(path), "`-o raw`")?),
            None => None,
        };
        Ok(Some(Self {
            target,
            continues: flags.continues,
            says_encoding: says_encoding(args),
        }))
    }

    /// Looks at what lies on disk, and makes the plan, whose address is final, ask for what is
    /// missing.
    pub fn begin(self, plan: &mut Plan) -> Result<Begun, Failure> {
        // As it lies on the server: its length is known, and a part of it can be continued.
        if !self.says_encoding {
            plan.set_header("Accept-Encoding", "identity");
        }
        let mut begun = Begun {
            is_new: self.target.is_none(),
            continues: self.continues,
            target: self.target,
            address: address_hash(plan),
            resumed: None,
            is_range: plan.header("range").is_some(),
            anew: None,
        };
        if self.continues {
            begun.look(plan)?;
        }
        Ok(begun)
    }
}

impl Begun {
    /// Looks for a part, and asks for what comes behind it.
    pub(super) fn look(&mut self, plan: &mut Plan) -> Result<(), Failure> {
        let Some(Target { path, permissions }) = &self.target else {
            return Ok(());
        };
        match PartialFile::find(path, &Mode::of(permissions.as_ref()))? {
            Found::Nothing => self.anew = Some("there is no partial download to resume".to_owned()),
            Found::Foreign(part) => {
                self.anew = Some(format!(
                    "`{}` has no record of what it is a part of",
                    part.display()
                ));
            }
            Found::Ours(part, record) if record.address != self.address => {
                self.anew = Some(format!(
                    "`{}` belongs to another download",
                    part.path().display()
                ));
            }
            Found::Ours(part, record) => {
                plan.set_header("Range", &format!("bytes={}-", part.have()));
                plan.set_header("If-Range", &record.validator);
                self.resumed = Some((part, record));
            }
        }
        Ok(())
    }
}

/// Refuses flags that do not go together.
fn check(args: &CallArgs, plan: &Plan) -> Result<(), Failure> {
    let flags = &args.download;
    if plan.method == "HEAD" {
        return Err(Failure::usage("a response to HEAD has no body to download"));
    }
    let output = &args.output;
    if output.output.is_some()
        || output.raw_output
        || output.has_filter()
        || output.each
        || output.asks_for_rows()
    {
        return Err(Failure::usage(
            "a download is saved unchanged: it has no `-o`, `-r`, `--jq`, `--each` or columns",
        )
        .hint("`-o FORMAT > FILE` writes it in another format"));
    }
    if !flags.continues {
        return Ok(());
    }
    if plan.method != "GET" {
        return Err(Failure::usage("only a GET can be resumed"));
    }
    if plan.header("range").is_some() {
        return Err(Failure::usage("`-c` asks for a range by itself"));
    }
    Ok(())
}

/// SHA-256 of the address in base64: it keeps addresses apart without showing what is in them.
fn address_hash(plan: &Plan) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, plan.url.to_string().as_bytes());
    base64::engine::general_purpose::STANDARD.encode(digest)
}

/// Returns whether the user says which codings are welcome.
fn says_encoding(args: &CallArgs) -> bool {
    let mut headers = args.items.iter().chain(&args.request.header);
    headers.any(|h| {
        h.split_once(':')
            .is_some_and(|(name, _)| name.eq_ignore_ascii_case("accept-encoding"))
    })
}

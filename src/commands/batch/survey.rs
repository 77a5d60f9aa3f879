//! The first pass over the rows: finds what is wrong with any of them, and what has to be known
//! before the first call.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use ring::digest::{Context as Hash, SHA256, digest};

use crate::cli::BatchArgs;
use crate::error::Failure;
use crate::flow::batch::feed::{Ids, Requests, Resumed, plan};
use crate::flow::batch::rows::{Input, Row};
use crate::flow::batch::states::State;
use crate::flow::lookup::look_up;
use crate::profile::Profile;
use crate::request::Plan;
use crate::request::plan::Call;
use crate::request::url::encode_segment;
use crate::service::maas::lookup::{ThingKind, Wanted};
use crate::service::maas::name;
use crate::session::Session;
use crate::ui::Ui;

use super::super::wait::after;
use super::super::{advice, gate, names};

/// So many requests are shown where a batch is asked for.
const EXAMPLES: usize = 3;

/// So many kinds of calls are looked at before they are sent.
const MOST_KINDS: usize = 1000;

/// What is known of all rows before the first call.
#[derive(Debug, Default)]
pub struct Survey {
    /// Rows of this run's share.
    pub all: u64,
    /// Rows that are called: not those that runs before are done with.
    pub left: u64,
    /// Rows of the input.
    pub in_input: u64,
    /// SHA-256 of the rows, for a journal.
    pub rows_hash: String,
    /// SHA-256 of what makes calls of them.
    pub template_hash: String,
    /// The first requests.
    pub examples: Vec<String>,
    /// The first call.
    pub first: Option<Plan>,
    /// The first one that changes something.
    pub unsafe_one: Option<Plan>,
    /// The first call of each kind that something may be said of before it is sent, with its row.
    pub kinds: BTreeMap<String, (u64, Plan)>,
    /// Names in values.
    wanted: HashSet<Wanted>,
    /// Paths with names.
    paths: HashSet<String>,
    /// Whether an operation of a row takes its time.
    takes_time: bool,
}

impl Survey {
    /// Reads all rows.
    pub fn of(
        input: &Input,
        requests: &mut Requests,
        args: &BatchArgs,
        profile: &Profile,
        resumed: &Resumed,
    ) -> Result<Self, Failure> {
        let mut survey = Self::default();
        let mut hash = Hash::new(&SHA256);
        let mut rows = input.rows()?;
        while let Some(row) = rows.next_row()? {
            if args.journal.is_some() {
                hash.update(&row.text);
                hash.update(b"\n");
            }
            survey.in_input += 1;
            if args.shard.is_none_or(|shard| shard.takes(row.number)) {
                survey.look(&row, requests, profile, resumed)?;
            }
        }
        survey.rows_hash = hex(hash.finish().as_ref());
        let identity = requests.identity();
        survey.template_hash = hex(digest(&SHA256, identity.as_bytes()).as_ref());
        if args.request.wait
            && !survey.takes_time
            && let Some(plan) = &survey.first
        {
            // Says why it is none that can be waited for.
            after::goal(plan, profile)?;
        }
        Ok(survey)
    }

    fn look(
        &mut self,
        row: &Row,
        requests: &mut Requests,
        profile: &Profile,
        resumed: &Resumed,
    ) -> Result<(), Failure> {
        self.all += 1;
        let skipped = resumed.skips(row.number);
        let is_done = skipped == Some(State::Done) && resumed.waits;
        if skipped.is_some() && !is_done {
            return Ok(());
        }
        let service = profile.service();
        let of_row = |e: Failure| e.of(&format!("row {}", row.number));
        let mut call = requests.call(row)?;
        resumed.put(&mut call, row.number, service);
        if is_done {
            return self.note_names(&call, profile).map_err(of_row);
        }
        names::check(&call.path, service).map_err(of_row)?;
        self.note_names(&call, profile).map_err(of_row)?;
        let plan = plan(call, row, profile)?;
        if resumed.is_uncertain(row.number, &plan) {
            return Ok(());
        }
        // All calls of a template are of one kind.
        let is_same = matches!(requests, Requests::Template(_)) && self.left > 0;
        if !is_same
            && self.kinds.len() < MOST_KINDS
            && let Some(kind) = advice::kind(&plan, profile)
        {
            self.kinds
                .entry(kind)
                .or_insert_with(|| (row.number, plan.clone()));
        }
        self.left += 1;
        self.takes_time |= after::set_out(&plan).is_some();
        if self.examples.len() < EXAMPLES {
            self.examples.push(gate::sentence(&plan, profile));
        }
        if self.unsafe_one.is_none() && !plan.is_safe() {
            self.unsafe_one = Some(plan.clone());
        }
        self.first.get_or_insert(plan);
        Ok(())
    }

    fn note_names(&mut self, call: &Call, profile: &Profile) -> Result<(), Failure> {
        let service = profile.service();
        self.wanted.extend(names::wanted(call, service)?);
        if names::has_any(&call.path, service) {
            self.paths.insert(call.path.clone());
        }
        Ok(())
    }

    /// Whether a row names something that has to be looked up.
    #[must_use]
    pub fn has_names(&self) -> bool {
        !self.wanted.is_empty() || !self.paths.is_empty()
    }

    /// Looks all names up, in as few requests as they need.
    pub fn look_up(&self, session: &Session, ui: &mut Ui) -> anyhow::Result<Ids> {
        let mut wanted: Vec<Wanted> = self.wanted.iter().cloned().collect();
        let machine = |path: &str| {
            name::find(path).and_then(|name| {
                Some(Wanted {
                    kind: ThingKind::Machine,
                    name: name.machine()?.to_owned(),
                })
            })
        };
        wanted.extend(self.paths.iter().filter_map(|path| machine(path)));
        wanted.sort_by(|a, b| a.name.cmp(&b.name));
        wanted.dedup();
        let label = session.profile.label();
        let found = look_up(session, label, &wanted, &mut ui.hear())?;
        let values: HashMap<Wanted, String> = wanted.into_iter().zip(found).collect();
        let mut paths = HashMap::new();
        for typed in &self.paths {
            let mut path = typed.clone();
            while let Some(name) = name::find(&path)
                && let Some(id) = machine(&path).and_then(|wanted| values.get(&wanted))
            {
                path.replace_range(name.range, &encode_segment(id));
            }
            let path = names::resolve(session, "GET", &path, ui)?.path;
            paths.insert(typed.clone(), path);
        }
        Ok(Ids { values, paths })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! The calls for events: the newest, and those behind an id.

use crate::cli::OutputArgs;
use crate::client::Client;
use crate::commands::session::Session;
use crate::error::{Exit, Failure};
use crate::flow::page::{self, Broken, Pages, Run};
use crate::output::{errors, told};
use crate::request::{Auth, Plan};
use crate::service::page::Way;
use crate::ui::Voice;

/// The log that is asked, with its filters.
pub struct Log<'a> {
    /// Who asks.
    pub session: &'a Session,
    /// The call, with filters only.
    pub plan: Plan,
    /// How much is told.
    pub output: &'a OutputArgs,
}

impl Log<'_> {
    /// The call for the newest `most`, or for those behind an id.
    pub fn plan(&self, after: Option<u64>, most: Option<u64>) -> Plan {
        let mut plan = self.plan.clone();
        if let Some(id) = after {
            plan.url.add("after", &id.to_string());
        }
        page::size(Way::Events, &mut plan, most);
        plan
    }

    /// What the pages of a call share.
    pub fn run(&self, client: &Client, most: Option<u64>) -> Run {
        Run {
            client: client.clone(),
            profile: self.session.profile.clone(),
            verbose: self.output.verbose,
            most,
            deadline: client.deadline(),
        }
    }

    /// What messages begin with.
    pub fn told(&self) -> String {
        self.session.told(&self.plan)
    }

    /// Asks for what lies behind an id, while the output is lent out.
    pub fn ask(&self, client: &Client, after: u64, voice: &mut Voice<'_>) -> Result<Pages, Broken> {
        let plan = self.plan(Some(after), None);
        let told = self.told();
        let broken = |failure, response| Broken {
            told: told.clone(),
            failure,
            response,
        };
        let profile = &self.session.profile;
        let response = client
            .send_until(&plan, client.deadline(), &mut |event| {
                for line in told::lines(&event, &told, profile, self.output.verbose) {
                    voice.say(&line);
                }
            })
            .map_err(|e| {
                let failure = Failure {
                    exit: e.exit(),
                    message: e.message,
                    hint: e.hint,
                };
                broken(failure, None)
            })?;
        let exit = Exit::of_status(response.head.status);
        if exit != Exit::Success {
            let signed = self.session.key().is_some() && plan.auth == Auth::Profile;
            let failed = errors::read(response, profile.service, &plan.method, signed);
            let mut failure = Failure::new(exit, failed.line());
            failure.hint.clone_from(&failed.explanation.hint);
            return Err(broken(failure, Some(Box::new(failed))));
        }
        let run = self.run(client, None);
        Pages::start(run, Way::Events, plan, response).map_err(|mut failure| {
            // It has named the call already.
            let start = format!("{told}: ");
            if failure.message.starts_with(&start) {
                failure.message.drain(..start.len());
            }
            broken(failure, None)
        })
    }
}

//! Makes the calls for events: the newest, and those behind an id.
//!
//! Knows plan and session; printing is `print`'s.

use crate::cli::OutputArgs;
use crate::client::Limits;
use crate::flow::page::{self, Pages, Run};
use crate::request::Plan;
use crate::service::page::Way;
use crate::session::{CallError, Session};
use crate::ui::Voice;

/// The log that is asked, with its filters.
pub struct Log<'a> {
    /// The session that asks.
    pub session: &'a Session,
    /// The call, with filters only.
    pub plan: Plan,
    /// How much is printed.
    pub output: &'a OutputArgs,
}

impl Log<'_> {
    /// Returns the call for the newest `most` before an id, where one is given.
    pub fn newest(&self, before: Option<u64>, most: Option<u64>) -> Plan {
        let mut plan = self.plan.clone();
        if let Some(id) = before {
            plan.url.add("before", &id.to_string());
        }
        page::size(Way::Events, &mut plan, most);
        plan
    }

    /// Returns the call for the newest `most`, or for those behind an id.
    pub fn plan(&self, after: Option<u64>, most: Option<u64>) -> Plan {
        let mut plan = self.plan.clone();
        if let Some(id) = after {
            plan.url.add("after", &id.to_string());
        }
        page::size(Way::Events, &mut plan, most);
        plan
    }

    /// Returns what reports begin with.
    pub fn label(&self) -> String {
        self.session.label(&self.plan)
    }

    /// Asks for what lies behind an id, while the output is lent out.
    pub fn ask(
        &self,
        session: &Session,
        after: u64,
        voice: &mut Voice<'_>,
    ) -> Result<Pages, CallError> {
        let plan = self.plan(Some(after), None);
        let limits = Limits::default();
        let response = session.call(&plan, &limits, &mut |notice| voice.notice(&notice))?;
        Pages::start(run(session, None), Way::Events, plan, response)
    }
}

/// Returns what the pages of a call share.
pub fn run(session: &Session, most: Option<u64>) -> Run {
    Run {
        session: session.clone(),
        most,
        deadline: session.deadline(),
    }
}

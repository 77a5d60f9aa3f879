//! What returns whether a write to MAAS whose response got lost was carried out.
//!
//! A machine's state shows it where the operation would have been refused in that state (409): then
//! only this call, or one just like it, can have led there. A thing that is created has a name.

use crate::service::uncertain::{Check, Outcome, Subject, Write, segment};

use super::states::{Goal, Machine};

/// Collections whose items are found at their names: the field, and what one is called.
const NAMED: [(&str, &str, &str); 3] = [
    ("tags", "name", "tag"),
    ("zones", "name", "zone"),
    ("users", "username", "user"),
];

/// Collections whose items have to be looked for in the list.
const LISTED: [(&str, &str, &str); 6] = [
    ("resourcepools", "name", "resource pool"),
    ("fabrics", "name", "fabric"),
    ("spaces", "name", "space"),
    ("domains", "name", "domain"),
    ("subnets", "cidr", "subnet"),
    ("package-repositories", "name", "package repository"),
];

/// Operations on a machine, besides those that lead to a state in time, that it can be asked about.
const AT_ONCE: [&str; 3] = ["lock", "unlock", "mark_fixed"];

/// Returns what to look at.
#[must_use]
pub fn check(write: &Write<'_>) -> Option<Check> {
    if write.method != "POST" {
        return None;
    }
    let (_, below) = write.path.split_once("/api/2.0/")?;
    let segments: Vec<&str> = below.trim_end_matches('/').split('/').collect();
    match (segments.as_slice(), write.op) {
        (["machines", _], Some(op)) => {
            let known = Goal::of_operation(op).is_some() || AT_ONCE.contains(&op);
            known.then(|| Check {
                path: write.path.to_owned(),
                subject: Subject::Machine(op.to_owned()),
            })
        }
        ([collection], None) => {
            let of = |(known, _, _): &&(&str, &str, &str)| known == collection;
            if let Some((_, field, what)) = NAMED.iter().find(of) {
                let name = (write.field)(field)?;
                let segment = segment(&name);
                return Some(Check {
                    path: format!("{}{segment}/", write.path),
                    subject: Subject::Named(what, name),
                });
            }
            let (_, field, what) = LISTED.iter().find(of)?;
            Some(Check {
                path: write.path.to_owned(),
                subject: Subject::Listed(what, field, (write.field)(field)?),
            })
        }
        _ => None,
    }
}

/// Judges an operation by a machine's state: returns the state in words, and whether the operation
/// was applied.
#[must_use]
pub fn judge(op: &str, machine: &Machine) -> (String, Outcome) {
    let status = machine.status;
    let goal = Goal::of_operation(op);
    let state = match op {
        "lock" | "unlock" => if machine.locked { "locked" } else { "unlocked" }.to_owned(),
        _ if goal.is_some_and(Goal::is_power) => match machine.power_state.as_str() {
            "on" | "off" => machine.power_state.clone(),
            other => format!("in the power state {other}"),
        },
        _ => Goal::Deployed.state(machine),
    };
    let by = |applied: &[u32], unknown: &[u32]| {
        if applied.contains(&status) {
            Outcome::Applied
        } else if unknown.contains(&status) {
            Outcome::Unknown
        } else {
            Outcome::NotApplied
        }
    };
    let yes = |is: bool| {
        if is {
            Outcome::Applied
        } else {
            Outcome::NotApplied
        }
    };
    // The numbers are those of `states`.
    let outcome = match op {
        "deploy" => by(&[6, 9, 11], &[]),
        // A machine that is ready or has failed may have been so before.
        "commission" => by(&[1, 21], &[2, 4, 22]),
        // Releasing a machine that is ready is no change.
        "release" => by(&[4, 12, 14], &[13, 15]),
        "rescue_mode" => by(&[16, 17], &[18]),
        // The operation is refused everywhere but in rescue mode.
        "exit_rescue_mode" => match status {
            16 => Outcome::NotApplied,
            17 | 18 | 20 => Outcome::Unknown,
            _ => Outcome::Applied,
        },
        "test" => match status {
            21 => Outcome::Applied,
            // Tests may be over already.
            _ => Outcome::Unknown,
        },
        "mark_broken" => yes(status == 8),
        "mark_fixed" => yes(status != 8),
        "lock" => yes(machine.locked),
        "unlock" => yes(!machine.locked),
        // The power changes only after the response; that it is as wanted is what counts.
        "power_on" if machine.power_state == "on" => Outcome::Applied,
        "power_off" if machine.power_state == "off" => Outcome::Applied,
        _ => Outcome::Unknown,
    };
    (state, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(method: &str, path: &str, op: Option<&str>, fields: &[(&str, &str)]) -> Option<Check> {
        let field = |name: &str| {
            let found = fields.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        check(&Write {
            method,
            path,
            op,
            field: &field,
        })
    }

    #[test]
    fn what_is_looked_at() {
        const API: &str = "/MAAS/api/2.0";
        for (path, op, fields, want) in [
            (
                "/machines/4y3h7n/",
                Some("deploy"),
                &[][..],
                Some(("/machines/4y3h7n/", Subject::Machine("deploy".into()))),
            ),
            (
                "/tags/",
                None,
                &[("name", "a b")],
                Some(("/tags/a%20b/", Subject::Named("tag", "a b".into()))),
            ),
            (
                "/subnets/",
                None,
                &[("cidr", "10.0.0.0/24")],
                Some((
                    "/subnets/",
                    Subject::Listed("subnet", "cidr", "10.0.0.0/24".into()),
                )),
            ),
            ("/tags/", None, &[], None),
            ("/machines/", Some("allocate"), &[], None),
            ("/machines/4y3h7n/", Some("set_owner_data"), &[], None),
            ("/machines/4y3h7n/", None, &[], None),
            ("/files/", None, &[("filename", "x")], None),
        ] {
            let want = want.map(|(path, subject)| Check {
                path: format!("{API}{path}"),
                subject,
            });
            assert_eq!(
                look("POST", &format!("{API}{path}"), op, fields),
                want,
                "{path}"
            );
        }
        assert_eq!(
            look("PATCH", "/MAAS/api/2.0/tags/", None, &[("name", "x")]),
            None
        );
    }

    #[test]
    fn what_a_machine_shows() {
        use Outcome::{Applied, NotApplied, Unknown};
        for (op, status, outcome) in [
            ("deploy", 9, Applied),
            ("deploy", 6, Applied),
            ("deploy", 11, Applied),
            ("deploy", 4, NotApplied),
            ("deploy", 10, NotApplied),
            ("commission", 1, Applied),
            ("commission", 0, NotApplied),
            ("commission", 4, Unknown),
            ("release", 12, Applied),
            ("release", 4, Applied),
            ("release", 6, NotApplied),
            ("release", 13, Unknown),
            ("rescue_mode", 17, Applied),
            ("rescue_mode", 6, NotApplied),
            ("exit_rescue_mode", 16, NotApplied),
            ("exit_rescue_mode", 6, Applied),
            ("test", 21, Applied),
            ("test", 4, Unknown),
            ("mark_broken", 8, Applied),
            ("mark_fixed", 8, NotApplied),
            ("abort", 4, Unknown),
        ] {
            let machine = Machine {
                status,
                ..Machine::default()
            };
            assert_eq!(judge(op, &machine).1, outcome, "{op} {status}");
        }
        let on = Machine {
            power_state: "on".to_owned(),
            locked: true,
            ..Machine::default()
        };
        for (op, state, outcome) in [
            ("power_on", "on", Applied),
            ("power_off", "on", Unknown),
            ("lock", "locked", Applied),
            ("unlock", "locked", NotApplied),
        ] {
            assert_eq!(judge(op, &on), (state.to_owned(), outcome), "{op}");
        }
    }
}

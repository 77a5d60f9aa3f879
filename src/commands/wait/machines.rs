//! Which machines are meant: ids, names, lists from standard input.

use std::io::Read as _;

use serde_json::Value;

use crate::commands::names;
use crate::error::{Exit, Failure};
use crate::request::Plan;
use crate::service::maas::LONGEST_REQUEST_LINE;
use crate::service::maas::name::{self, Name};
use crate::session::Session;
use crate::ui::Ui;

/// A machine as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By its id.
    Id(String),
    /// By something else, without the `@`.
    Name(String),
}

/// Reads the arguments, and standard input where one of them is `-`.
pub fn read(typed: &[String]) -> Result<Vec<Named>, Failure> {
    let mut named = Vec::new();
    for word in typed {
        if word == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|e| Failure::new(Exit::Other, format!("standard input: {e}")))?;
            let before = named.len();
            for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
                named.push(parse(line)?);
            }
            if named.len() == before {
                return Err(Failure::usage("standard input names no machine")
                    .hint("it holds an id a line, as `--jq '.[].system_id' -r` prints them"));
            }
        } else {
            named.push(parse(word)?);
        }
    }
    Ok(named)
}

fn parse(word: &str) -> Result<Named, Failure> {
    if let Some(name) = word.strip_prefix('@').filter(|n| !n.is_empty()) {
        return Ok(Named::Name(name.to_owned()));
    }
    if let Some(id) = id_in(word) {
        return Ok(match id.strip_prefix('@') {
            Some(name) => Named::Name(name.to_owned()),
            None => Named::Id(id),
        });
    }
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if word.is_empty() {
        return Err(Failure::usage("the machine's id is empty").hint("is a variable unset?"));
    }
    if !word.chars().all(is_id) {
        return Err(Failure::usage(format!("`{word}` is not the id of a machine"))
            .hint("a name or an address is written with `@`, as `@node18`; `-r` prints ids without quotes"));
    }
    Ok(Named::Id(word.to_owned()))
}

/// The id in the path of a machine, as in a `resource_uri`.
pub fn id_in(path: &str) -> Option<String> {
    let (_, rest) = path.rsplit_once("machines/")?;
    let id = rest.trim_end_matches('/');
    (!id.is_empty() && !id.contains(['/', '?'])).then(|| id.to_owned())
}

/// The ids of all machines, each once. Host names are asked for together.
pub fn resolve(session: &Session, named: &[Named], ui: &mut Ui) -> anyhow::Result<Vec<String>> {
    let hosts: Vec<&str> = named
        .iter()
        .filter_map(|n| match n {
            Named::Name(text) if is_host(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let list = hosts_named(session, &hosts, ui)?;
    let mut ids: Vec<String> = Vec::new();
    for named in named {
        let id = match named {
            Named::Id(id) => id.clone(),
            Named::Name(text) if is_host(text) => {
                id_of(text, &list).map_err(|e| e.of(session.profile.label()))?
            }
            Named::Name(text) => {
                let path = names::resolve(session, &path_of(text), ui)?;
                id_in(&path).unwrap_or(path)
            }
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn path_of(name: &str) -> String {
    format!("/machines/@{}/", crate::request::url::encode_segment(name))
}

/// Whether a name is a host name, and neither a MAC nor an IP address.
fn is_host(name: &str) -> bool {
    let filter = find(name).and_then(|(found, path)| found.list(&path));
    filter.is_some_and(|(_, filter)| filter.iter().any(|(parameter, _)| *parameter == "hostname"))
}

fn find(text: &str) -> Option<(Name, String)> {
    let path = path_of(text);
    name::find(&path).map(|name| (name, path))
}

/// The machines that have one of these names, by as few requests as the request line lets.
fn hosts_named(session: &Session, hosts: &[&str], ui: &mut Ui) -> anyhow::Result<Vec<Value>> {
    let mut machines = Vec::new();
    let mut rest = hosts;
    while !rest.is_empty() {
        let mut plan = Plan::get("/machines/", session.profile.place())?;
        let mut taken = 0;
        for host in rest {
            let mut longer = plan.clone();
            let short = host.split('.').next().unwrap_or(host);
            longer.url.add("hostname", short);
            if taken > 0 && longer.url.target.len() + "GET  HTTP/1.1".len() > LONGEST_REQUEST_LINE {
                break;
            }
            plan = longer;
            taken += 1;
        }
        rest = &rest[taken..];
        if let Value::Array(list) = session.ask(&plan, &mut ui.hear())? {
            machines.extend(list);
        }
    }
    Ok(machines)
}

/// Finds one host's id among the machines that have one of the names. What does not tell its own
/// is none of them: the list answers for several.
fn id_of(text: &str, machines: &[Value]) -> Result<String, Failure> {
    let Some((name, _)) = find(text) else {
        return Ok(text.to_owned());
    };
    let is_it = |machine: &&Value| name.is_of(machine) == Some(true);
    let those: Vec<Value> = machines.iter().filter(is_it).cloned().collect();
    name.id(&Value::Array(those))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_that_name_machines() {
        let id = |id: &str| Named::Id(id.to_owned());
        let name = |name: &str| Named::Name(name.to_owned());
        for (word, named) in [
            ("4y3h7n", id("4y3h7n")),
            ("@node18", name("node18")),
            ("@52:54:00:aa:bb:cc", name("52:54:00:aa:bb:cc")),
            ("/machines/4y3h7n/", id("4y3h7n")),
            ("/MAAS/api/2.0/machines/4y3h7n/", id("4y3h7n")),
            ("machines/@node18", name("node18")),
        ] {
            assert_eq!(parse(word).unwrap(), named, "{word}");
        }
        for word in [
            "",
            "@",
            "\"4y3h7n\"",
            "node18.maas",
            "/machines/",
            "/machines/a/b/",
            "a b",
        ] {
            assert!(parse(word).is_err(), "{word}");
        }
    }

    #[test]
    fn hosts_among_others() {
        let list = [
            json!({"system_id": "a", "hostname": "n1", "fqdn": "n1.maas"}),
            json!({"system_id": "b", "hostname": "n1", "fqdn": "n1.lab"}),
            json!({"system_id": "c", "hostname": "n2", "fqdn": "n2.lab"}),
        ];
        assert_eq!(id_of("n2", &list).unwrap(), "c");
        assert_eq!(id_of("N1.lab", &list).unwrap(), "b");
        let several = id_of("n1", &list).unwrap_err().to_string();
        assert_eq!(several, "2 are called `n1`: `a` (n1.maas), `b` (n1.lab)");
        assert!(id_of("n3", &list).is_err());
        assert!(is_host("node18.maas") && !is_host("10.0.0.7") && !is_host("52:54:00:aa:bb:cc"));
    }
}

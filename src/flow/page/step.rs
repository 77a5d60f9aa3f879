//! Makes the plan of the next page from one page.
//!
//! Pure; `service::page` knows the ways of paging.

use crate::error::{Exit, Failure};
use crate::request::{Plan, Retry};
use crate::service::Service;
use crate::service::page::{Asked, Next, Tail, Way};

/// Returns what the services' rules see of a plan.
fn asked(plan: &Plan) -> Asked<'_> {
    Asked {
        method: &plan.method,
        path: plan.url.path(),
        query: (plan.url.parameters())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
        has_body: plan.body.is_some(),
    }
}

/// Returns the way a call pages; `None` where its response is all there is.
#[must_use]
pub fn way(service: Service, plan: &Plan) -> Option<Way> {
    crate::service::page::way(service, &asked(plan))
}

/// Gives the first call the size of its page, where the user gave none.
pub fn size(way: Way, plan: &mut Plan, most: Option<u64>) {
    for (name, value) in way.first(&asked(plan), most) {
        plan.url.add(name, &value);
    }
}

/// Returns the plan of the next page; `None` where this one is the last.
pub fn next(way: Way, plan: &Plan, tail: &Tail) -> Result<Option<Plan>, Failure> {
    let failure = |what: &str| Failure::new(Exit::Other, what);
    let Some(next) = way.next(&asked(plan), tail).map_err(failure)? else {
        return Ok(None);
    };
    let mut to = plan.clone();
    match next {
        Next::With(name, value) => to.url.set(name, &value),
        Next::Link(link) => {
            to.url = plan.url.follow(&link).ok_or_else(|| {
                failure(
                    "the link to the next page leaves the server: a key never leaves its origin",
                )
            })?;
        }
        Next::Once(path) => {
            to = bare(plan, "PUT", path);
            to.retry = Retry::Never;
        }
    }
    Ok(Some(to))
}

/// Returns the plan that frees what the server keeps for the next page.
#[must_use]
pub fn release(way: Way, plan: &Plan, tail: &Tail) -> Option<Plan> {
    let path = way.held(&asked(plan), tail)?;
    let mut to = bare(plan, "DELETE", path);
    to.retry = Retry::Idempotent;
    Some(to)
}

/// Returns a plan for another path of the same server, without a query and a body.
fn bare(plan: &Plan, method: &str, path: String) -> Plan {
    let mut to = plan.clone();
    method.clone_into(&mut to.method);
    to.url.target = path;
    to.body = None;
    to.headers.retain(|(name, _)| {
        !["content-type", "expect", "content-encoding"].contains(&&*name.to_ascii_lowercase())
    });
    to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::profile::Place;
    use crate::request::body::Content;
    use crate::request::plan::{Call, Loaded};

    fn plan(service: Service, method: &str, path: &str, body: Option<&str>) -> Plan {
        let address = match service {
            Service::Maas => Address::parse("http://m:5240/MAAS").unwrap(),
            Service::Macrometa => Address::parse("https://api-x.example").unwrap(),
        };
        let place = Place {
            service,
            address: &address,
            fabric: "_system",
        };
        let call = Call {
            method: method.into(),
            path: path.into(),
            op: None,
            items: body
                .map(|b| Loaded::Body(Content::Bytes(b.as_bytes().to_vec())))
                .into_iter()
                .collect(),
            form: None,
            force_query: false,
            anonymous: false,
        };
        Plan::new(call, place).unwrap()
    }

    fn tail(items: u64, rest: &str) -> Tail {
        Tail::read(items, Some(rest.as_bytes()))
    }

    #[test]
    fn links_are_followed_within_the_origin() {
        let mut plan = plan(Service::Maas, "GET", "events/?op=query&level=INFO", None);
        let way = way(Service::Maas, &plan).unwrap();
        size(way, &mut plan, Some(2));
        assert_eq!(plan.url.query(), Some("op=query&level=INFO&limit=2"));
        let page = |link: &str| tail(2, &format!(r#"{{"prev_uri":"{link}"}}"#));
        let to = next(way, &plan, &page("/MAAS/api/2.0/events/?op=query&before=3"));
        let to = to.unwrap().unwrap();
        assert_eq!(to.url.target, "/MAAS/api/2.0/events/?op=query&before=3");
        assert_eq!(to.url.origin, plan.url.origin);
        assert_eq!((to.method.as_str(), to.retry), ("GET", Retry::Safe));
        assert_eq!(
            next(way, &plan, &tail(2, r#"{"prev_uri":null}"#))
                .unwrap()
                .map(|p| p.url),
            None
        );
        for link in [
            "http://evil.example/?op=query",
            "//evil.example/",
            "http://m/x?op=query",
        ] {
            let failure = next(way, &plan, &page(link)).unwrap_err();
            assert!(failure.to_string().contains("leaves the server"), "{link}");
        }
    }

    #[test]
    fn a_cursors_next_page_is_asked_for_once_and_without_the_query() {
        let plan = plan(Service::Macrometa, "POST", "cursor?x=y", Some("{}"));
        let way = way(Service::Macrometa, &plan).unwrap();
        let page = tail(1, r#"{"hasMore":true,"id":"7"}"#);
        let to = next(way, &plan, &page).unwrap().unwrap();
        assert_eq!(to.summary(), "PUT /_fabric/_system/_api/cursor/7");
        assert_eq!((to.url.query(), to.retry), (None, Retry::Never));
        assert!(to.body.is_none() && to.header("content-type").is_none());
        assert_eq!(to.header("accept-encoding"), Some("gzip"));
        let gone = release(way, &to, &tail(1, r#"{"hasMore":true}"#)).unwrap();
        assert_eq!(gone.summary(), "DELETE /_fabric/_system/_api/cursor/7");
        assert!(release(way, &to, &tail(1, r#"{"hasMore":false}"#)).is_none());
    }

    #[test]
    fn an_offset_replaces_the_one_before() {
        let mut plan = plan(
            Service::Macrometa,
            "GET",
            "export/c?offset=5&order=desc",
            None,
        );
        let way = way(Service::Macrometa, &plan).unwrap();
        size(way, &mut plan, None);
        let to = next(way, &plan, &tail(1000, "{}")).unwrap().unwrap();
        assert_eq!(to.url.query(), Some("order=desc&limit=1000&offset=1005"));
    }
}

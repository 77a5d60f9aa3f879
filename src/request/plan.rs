//! The description of one HTTP call.
//!
//! [`Plan::new`] places operation and items by the rules of the service and refuses what would be
//! sent but not meant. A plan holds no secret: the client adds signature and the profile's own
//! headers when it sends.

mod refuse;

use crate::error::Failure;
use crate::profile::Place;
use crate::service::{Service, maas, macrometa};

use super::body::Body;
pub use super::fields::{BodyForm, Header, Loaded};
use super::fields::{Sorted, sends_items_in_body};
use super::url::{self, Url};

pub use refuse::request_line_length;
use refuse::{check_method, refuse_ignored_query, refuse_long_headers, refuse_long_request_line};
use refuse::{refuse_other_type, refuse_second_op};

/// Whether the client signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// With the profile's key.
    Profile,
    /// Not at all.
    None,
}

/// What may be sent again after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Any failure: the call changes nothing (GET, HEAD, OPTIONS).
    Safe,
    /// Any failure: sending the call twice changes nothing more (PUT, DELETE).
    Idempotent,
    /// Only while no byte was sent (POST, PATCH and unknown methods).
    IfUnsent,
    /// Never: standard input is read once, a cursor's page and an image's chunk are given once.
    Never,
}

impl Retry {
    /// What holds for a method, unless something of the call says otherwise.
    #[must_use]
    pub fn of(method: &str) -> Self {
        match method {
            "GET" | "HEAD" | "OPTIONS" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::IfUnsent,
        }
    }

    /// Whether a call may be sent again whatever became of it.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        match self {
            Self::Safe | Self::Idempotent => true,
            Self::IfUnsent | Self::Never => false,
        }
    }
}

/// Describes one HTTP call.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The method, in capitals as a rule.
    pub method: String,
    /// Where it goes.
    pub url: Url,
    /// Headers in the order they are sent, without signature and the profile's own.
    pub headers: Vec<Header>,
    /// Names of headers that the call takes away (`Name:`), the profile's own among them.
    pub removed: Vec<String>,
    /// The body, where there is one.
    pub body: Option<Body>,
    /// Whether it is signed.
    pub auth: Auth,
    /// Whether it may be retried.
    pub retry: Retry,
    /// Segments of the path that were looked up, each with the name that was typed: hints show it.
    pub named: Vec<(String, String)>,
}

/// What a user asked for, with all files read.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: String,
    /// PATH as typed.
    pub path: String,
    /// The MAAS operation.
    pub op: Option<String>,
    /// Items in the order they were typed.
    pub items: Vec<Loaded>,
    /// `--json`, `--form` or `--multipart`.
    pub form: Option<BodyForm>,
    /// Send query parameters even on a MAAS POST, which ignores them.
    pub force_query: bool,
    /// Do not sign.
    pub anonymous: bool,
}

/// Bodies above this size say `Expect: 100-continue`, so that an early 401 or 413 is heard.
pub const EXPECT_ABOVE: u64 = 1024 * 1024;

impl Plan {
    /// Returns a plan without items: a signed GET.
    pub fn get(path: &str, place: Place<'_>) -> Result<Self, Failure> {
        Self::new(
            Call {
                method: "GET".to_owned(),
                path: path.to_owned(),
                op: None,
                items: Vec::new(),
                form: None,
                force_query: false,
                anonymous: false,
            },
            place,
        )
    }

    /// Puts a call together.
    pub fn new(call: Call, place: Place<'_>) -> Result<Self, Failure> {
        check_method(&call.method)?;
        let mut url = url::resolve(&call.path, place.service, place.address, place.fabric)?;
        add_op(&mut url, &call, place.service)?;
        let mut sorted = Sorted::new(call.items, sends_items_in_body(&call.method, call.form))?;
        for (name, value) in &sorted.query {
            url.add(name, value);
        }
        refuse_second_op(&url, place.service)?;
        refuse_ignored_query(&url, &call.method, place.service, call.force_query)?;
        refuse_long_request_line(&url, &call.method, place.service)?;
        let body = sorted.body(call.form, place.service)?;
        // A body adds two at most.
        let mut headers = Vec::with_capacity(5);
        headers.extend([
            ours("User-Agent", USER_AGENT),
            ours("Accept", "*/*"),
            ours("Accept-Encoding", "gzip"),
        ]);
        if let Some(body) = &body {
            if !matches!(body, Body::Multipart(_)) {
                headers.push(ours("Content-Type", body.media_type()));
            }
            // The boundary is drawn when the body is sent; its length is that of any other.
            let length = body.length(BOUNDARY_SHAPE);
            if length.is_none_or(|len| len > EXPECT_ABOVE) {
                headers.push(ours("Expect", "100-continue"));
            }
        }
        if let Some(body) = &body {
            refuse_other_type(&sorted.headers, body, call.form)?;
        }
        set_headers(&mut headers, &sorted.headers);
        refuse_long_headers(&headers)?;
        let removed = sorted.headers.iter().filter(|(_, value)| value.is_none());
        let removed = removed.map(|(name, _)| name.clone()).collect();
        let never = sorted.from_stdin
            || body.as_ref().is_some_and(Body::is_stdin)
            || match place.service {
                Service::Maas => maas::is_image_chunk(&call.method, url.path()),
                Service::Macrometa => macrometa::is_next_page(&call.method, url.path()),
            };
        Ok(Self {
            retry: if never {
                Retry::Never
            } else {
                Retry::of(&call.method)
            },
            auth: if call.anonymous {
                Auth::None
            } else {
                Auth::Profile
            },
            method: call.method,
            url,
            headers,
            removed,
            body,
            named: Vec::new(),
        })
    }

    /// Adds a parameter to the query where the request line stays within `longest` bytes; returns
    /// whether it did.
    pub fn add_within(&mut self, name: &str, value: &str, longest: usize) -> bool {
        let before = self.url.target.len();
        self.url.add(name, value);
        let fits = request_line_length(&self.url, &self.method) <= longest;
        if !fits {
            self.url.target.truncate(before);
        }
        fits
    }

    /// Returns whether the call changes nothing by the meaning of its method (RFC 9110 §9.2.1).
    #[must_use]
    pub fn is_safe(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// Names the call in messages, e.g. `GET /MAAS/api/2.0/machines/?op=list_allocated`: method,
    /// path and operation. Other parameters are left out, because they can be long or secret.
    #[must_use]
    pub fn summary(&self) -> String {
        match self.operation() {
            Some(op) => format!("{} {}?op={op}", self.method, self.url.path()),
            None => format!("{} {}", self.method, self.url.path()),
        }
    }

    /// Returns the call label: `lab: GET /MAAS/api/2.0/machines/` for a profile called `lab`. Reports
    /// of a call begin with it.
    #[must_use]
    pub fn label(&self, profile: &str) -> String {
        format!("{profile}: {}", self.summary())
    }

    /// Adds parameters to the query as they are, a second `op` too: the `maas` command line sends
    /// what it is given. Fails where the request line becomes too long.
    pub fn add_query(
        &mut self,
        parameters: &[(String, String)],
        service: Service,
    ) -> Result<(), Failure> {
        for (name, value) in parameters {
            self.url.add(name, value);
        }
        refuse_long_request_line(&self.url, &self.method, service)
    }

    /// Returns the operation (MAAS), where the query names one.
    #[must_use]
    pub fn operation(&self) -> Option<String> {
        self.url
            .parameters()
            .find(|(name, _)| name == "op")
            .map(|(_, op)| op.into_owned())
    }

    /// Sets a header, in the place of any of that name.
    pub fn set_header(&mut self, name: &str, value: &str) {
        let item = (name.to_owned(), Some(value.to_owned()));
        set_headers(&mut self.headers, &[item]);
    }

    /// Takes a header away.
    pub fn remove_header(&mut self, name: &str) {
        set_headers(&mut self.headers, &[(name.to_owned(), None)]);
    }

    /// Returns the header of that name, without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| &**v)
    }
}

/// Sent with every call.
pub const USER_AGENT: &str = concat!("apicall/", env!("CARGO_PKG_VERSION"));

/// Stands for a boundary where only its length matters, and in printed requests.
pub const BOUNDARY_SHAPE: &str = "apicall-00000000000000000000000000000000";

fn add_op(url: &mut Url, call: &Call, service: Service) -> Result<(), Failure> {
    let Some(op) = &call.op else {
        return Ok(());
    };
    if !service.has_operations() {
        return Err(Failure::usage(
            "`--op` is for MAAS; this profile is Macrometa's",
        ));
    }
    if op.is_empty() {
        return Err(Failure::usage("`--op` is empty").hint("is a variable unset?"));
    }
    url.add("op", op);
    Ok(())
}

/// A header that is the same in many calls.
fn ours(name: &'static str, value: &'static str) -> Header {
    (name.into(), value.into())
}

/// Sets the user's headers, which replace ours of the same name; repeated ones are all sent.
fn set_headers(headers: &mut Vec<Header>, items: &[(String, Option<String>)]) {
    headers.retain(|(name, _)| !items.iter().any(|(n, _)| n.eq_ignore_ascii_case(name)));
    for (name, value) in items {
        match value {
            Some(value) => headers.push((name.clone().into(), value.clone().into())),
            // `Foo:bar Foo:` removes it again.
            None => headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::request::body::Content;
    use crate::request::item::FieldName;

    fn plan(service: Service, method: &str, path: &str, items: &[Loaded]) -> Result<Plan, Failure> {
        let address = match service {
            Service::Maas => Address::parse("http://m:5240/MAAS").unwrap(),
            Service::Macrometa => Address::parse("https://api-x.example").unwrap(),
        };
        let call = Call {
            method: method.into(),
            path: path.into(),
            op: None,
            items: items.to_vec(),
            form: None,
            force_query: false,
            anonymous: false,
        };
        let place = Place {
            service,
            address: &address,
            fabric: "_system",
        };
        Plan::new(call, place)
    }

    fn field(k: &str, v: &str) -> Loaded {
        Loaded::Field(FieldName::literal(k), v.into())
    }

    #[test]
    fn fields_go_where_the_method_wants_them() {
        for method in ["GET", "HEAD", "DELETE"] {
            let p = plan(
                Service::Maas,
                method,
                "machines",
                &[field("a", "1"), field("a", "2")],
            );
            let p = p.unwrap();
            assert_eq!(p.url.query(), Some("a=1&a=2"));
            assert_eq!(p.body, None);
        }
        for method in ["POST", "PUT", "PATCH"] {
            let p = plan(Service::Maas, method, "machines", &[field("a", "1")]).unwrap();
            assert_eq!(p.body, Some(Body::Form(vec![("a".into(), "1".into())])));
            let p = plan(Service::Macrometa, method, "collection", &[field("a", "1")]).unwrap();
            assert_eq!(p.body, Some(Body::Json(r#"{"a":"1"}"#.into())));
            assert_eq!(p.header("content-type"), Some("application/json"));
        }
    }

    #[test]
    fn what_may_be_repeated() {
        for (service, method, path, want) in [
            (Service::Maas, "GET", "machines", Retry::Safe),
            (Service::Maas, "DELETE", "machines/a", Retry::Idempotent),
            (Service::Maas, "POST", "machines", Retry::IfUnsent),
            (Service::Maas, "PATCH", "machines", Retry::IfUnsent),
            (
                Service::Maas,
                "PUT",
                "boot-resources/1/upload/2/",
                Retry::Never,
            ),
            (Service::Maas, "PUT", "tags/upload/", Retry::Idempotent),
            (Service::Macrometa, "PUT", "cursor/123", Retry::Never),
            (Service::Macrometa, "PUT", "restql/fetch/1", Retry::Never),
            (Service::Macrometa, "PUT", "document/c/1", Retry::Idempotent),
        ] {
            assert_eq!(
                plan(service, method, path, &[]).unwrap().retry,
                want,
                "{method} {path}"
            );
        }
        let p = plan(
            Service::Maas,
            "PUT",
            "tags/a",
            &[
                Loaded::Header("Content-Type".into(), Some("text/x".into())),
                Loaded::Body(Content::Stdin {
                    start: Vec::new(),
                    more: false,
                }),
            ],
        )
        .unwrap();
        assert_eq!(p.retry, Retry::Never);
    }

    #[test]
    fn refusals() {
        let query = Loaded::Query("name".into(), "x".into());
        let e = plan(
            Service::Maas,
            "POST",
            "machines",
            std::slice::from_ref(&query),
        )
        .unwrap_err();
        assert!(e.to_string().contains("`name`"));
        assert!(plan(Service::Macrometa, "POST", "collection", &[query]).is_ok());
        assert!(plan(Service::Maas, "POST", "machines?op=allocate", &[]).is_ok());
        assert!(plan(Service::Maas, "POST", "machines?name=x", &[]).is_err());
        let long = field("id", &"x".repeat(9000));
        assert!(
            plan(
                Service::Maas,
                "GET",
                "machines",
                std::slice::from_ref(&long)
            )
            .is_err()
        );
        assert!(plan(Service::Macrometa, "GET", "collection", &[long]).is_ok());
        let longer = "x".repeat(31 * 1024);
        let items = [field("id", &longer)];
        assert!(plan(Service::Macrometa, "GET", "collection", &items).is_err());
        let items = [Loaded::Header("X-A".into(), Some(longer))];
        assert!(plan(Service::Macrometa, "GET", "collection", &items).is_err());
        for method in ["", "A B", "CONNECT", "G\u{e9}T"] {
            assert!(
                plan(Service::Maas, method, "machines", &[]).is_err(),
                "{method}"
            );
        }
    }

    #[test]
    fn headers_replace_ours() {
        let h = |n: &str, v: Option<&str>| Loaded::Header(n.into(), v.map(Into::into));
        let items = [
            h("accept", Some("text/x")),
            h("X-A", Some("1")),
            h("X-A", Some("2")),
            h("Accept-Encoding", None),
            h("X-B", Some("1")),
            h("x-b", None),
            h("X-C", None),
            h("X-C", Some("")),
        ];
        let p = plan(Service::Maas, "GET", "machines", &items).unwrap();
        let names: Vec<_> = p.headers.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(names[1..], ["accept=text/x", "X-A=1", "X-A=2", "X-C="]);
    }

    #[test]
    fn a_type_that_contradicts_the_body_is_refused() {
        for (service, content_type, is_refused) in [
            (Service::Maas, "application/json", true),
            (Service::Maas, "application/vnd.x+json; charset=utf-8", true),
            (Service::Maas, "multipart/form-data; boundary=x", true),
            (
                Service::Maas,
                "application/x-www-form-urlencoded; charset=utf-8",
                false,
            ),
            (Service::Maas, "text/x", false),
            (Service::Macrometa, "application/json; charset=utf-8", false),
            (Service::Macrometa, "application/x-amz-json-1.0", false),
            (
                Service::Macrometa,
                "application/x-www-form-urlencoded",
                true,
            ),
            (Service::Macrometa, "Multipart/Mixed", true),
        ] {
            let header = Loaded::Header("content-type".into(), Some(content_type.into()));
            let made = plan(service, "POST", "x", &[field("a", "1"), header.clone()]);
            assert_eq!(made.is_err(), is_refused, "{service} {content_type}");
            // A whole body is what the header says.
            let body = Loaded::Body(Content::Bytes(b"x".to_vec()));
            assert!(plan(service, "POST", "x", &[body, header]).is_ok());
        }
    }

    #[test]
    fn large_bodies_expect_to_be_refused_early() {
        let body = |len| {
            Loaded::Body(Content::File {
                path: "f".into(),
                len,
            })
        };
        let expect = |len| {
            let p = plan(Service::Macrometa, "POST", "files", &[body(len)]).unwrap();
            p.header("expect").map(str::to_owned)
        };
        assert_eq!(expect(1024 * 1024), None);
        assert_eq!(expect(1024 * 1024 + 1).as_deref(), Some("100-continue"));
    }
}

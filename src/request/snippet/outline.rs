//! Describes what a program has to do, whatever its language.
//!
//! A plan and a profile in, an [`Outline`] out: every language writes one down. No secret is in it.

use std::path::Path;
use std::time::Duration;

use crate::address::{Origin, Scheme};
use crate::error::Failure;
use crate::profile::{KeySource, Profile};
use crate::request::body::{self, Body, Content};
use crate::request::plan::USER_AGENT;
use crate::request::url::encode;
use crate::request::{Auth, Plan, head};
use crate::secret::{MASK, Masks, is_sensitive_name};
use crate::service::{Service, macrometa};

use super::json;
use super::values::{Form, Piece, Values, Variable, push, push_text};

/// How the program signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// Not at all; the key is not read.
    None,
    /// OAuth 1.0 PLAINTEXT with `consumer:token:secret`.
    Maas,
    /// The key behind a word, or alone where the word is empty.
    Macrometa(String),
}

/// A part of a multipart body.
#[derive(Clone, Debug)]
pub struct SnippetPart {
    /// The field's name.
    pub name: String,
    /// The name of the file, where the part is one.
    pub filename: Option<String>,
    /// Its media type, where one is sent.
    pub content_type: Option<String>,
    /// What it holds: text, bytes, a file, standard input or a plain variable.
    pub content: Piece,
}

/// What is sent behind the head.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Nothing.
    None,
    /// Pieces, one behind the other.
    Pieces(Vec<Piece>),
    /// `multipart/form-data`, for languages that frame it themselves.
    Multipart(Vec<SnippetPart>),
}

/// How the server's certificate is looked at, where there is one.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// PEM file of certificates to trust instead of the system's.
    pub ca_file: Option<String>,
    /// Nothing is verified.
    pub insecure: bool,
    /// The only public key that is trusted, as `sha256//BASE64`.
    pub pin: Option<String>,
    /// PEM files of the client's certificate and its key.
    pub client: Option<(String, String)>,
}

/// What a program has to do.
#[derive(Clone, Debug)]
pub struct Outline<'a> {
    /// The method.
    pub method: &'a str,
    /// Where it connects.
    pub origin: &'a Origin,
    /// Path and query, encoded.
    pub target: Vec<Piece>,
    /// The headers that are not the connection's own, without signature.
    pub headers: Vec<(String, Piece)>,
    /// Headers that the language's library must not add by itself.
    pub without: Vec<&'static str>,
    /// How it signs.
    pub signature: Signature,
    /// The body.
    pub payload: Payload,
    /// What it reads from the environment besides the key.
    pub variables: Vec<Variable>,
    /// TLS; as it is usual where the scheme is `http`.
    pub tls: Tls,
    /// Timeout of the complete call.
    pub timeout: Option<Duration>,
    /// Timeout for connecting, where a language has one of its own.
    pub connect_timeout: Option<Duration>,
    /// Whether the profile has a proxy, which may hold a password.
    has_proxy: bool,
    /// Whether `***` stands in the program.
    is_masked: bool,
}

/// A header with its value in pieces.
pub type Header = (String, Vec<Piece>);

/// A request all of which is pieces.
#[derive(Clone, Debug)]
pub struct Framed<'a> {
    target: &'a [Piece],
    /// The headers.
    pub headers: Vec<Header>,
    /// The body, where there is one.
    pub body: Option<Vec<Piece>>,
}

impl Framed<'_> {
    /// Returns whether there is such a piece anywhere.
    pub fn has(&self, is_wanted: impl Fn(&Piece) -> bool) -> bool {
        let of_headers = self.headers.iter().flat_map(|(_, value)| value);
        let of_body = self.body.iter().flatten();
        let mut pieces = self.target.iter().chain(of_headers).chain(of_body);
        pieces.any(is_wanted)
    }

    /// Returns whether the value of a variable is written in that form.
    #[must_use]
    pub fn has_form(&self, form: Form) -> bool {
        self.has(|piece| matches!(piece, Piece::Variable(_, f) if *f == form))
    }
}

impl<'a> Outline<'a> {
    /// Describes a plan. `masks` are the secrets that must not show, `pin` is the profile's in
    /// curl's notation.
    pub fn new(
        plan: &'a Plan,
        profile: &'a Profile,
        masks: &Masks,
        pin: Option<String>,
    ) -> Result<Self, Failure> {
        let mut values = Values::new(masks);
        let settings = &profile.settings;
        let mut target = vec![Piece::Text(values.plain(plan.url.path()))];
        if let Some(query) = plan.url.query() {
            push_text(&mut target, "?");
            values.pairs(query, "parameter", &mut target);
        }
        let headers = headers(plan, profile, &mut values);
        let payload = payload(plan, &mut values)?;
        let tls = match plan.url.origin.scheme {
            Scheme::Http => Tls::default(),
            Scheme::Https => Tls {
                ca_file: settings.ca_file.as_deref().map(path_text).transpose()?,
                insecure: settings.insecure,
                pin,
                client: client(
                    settings.client_cert.as_deref(),
                    settings.client_key.as_deref(),
                )?,
            },
        };
        Ok(Self {
            method: &plan.method,
            origin: &plan.url.origin,
            target,
            headers,
            without: without(plan),
            signature: signature(plan, profile),
            payload,
            tls,
            timeout: settings.timeout,
            connect_timeout: settings.connect_timeout,
            has_proxy: settings
                .proxy
                .as_ref()
                .is_some_and(|p| !p.expose().is_empty()),
            is_masked: values.is_masked,
            variables: values.variables,
        })
    }

    /// Returns origin and target.
    #[must_use]
    pub fn url(&self) -> Vec<Piece> {
        let mut url = vec![Piece::Text(self.origin.to_string())];
        for piece in &self.target {
            push(&mut url, piece.clone());
        }
        url
    }

    /// Returns whether the head of the response is what was asked for, or part of it.
    #[must_use]
    pub fn prints_head(&self) -> bool {
        matches!(self.method, "HEAD" | "OPTIONS")
    }

    /// Returns whether a length is sent although there is no body.
    #[must_use]
    pub fn sends_empty_body(&self) -> bool {
        matches!(self.payload, Payload::None) && matches!(self.method, "POST" | "PUT" | "PATCH")
    }

    /// Returns the request with a multipart body framed, and the header of its type.
    #[must_use]
    pub fn framed(&self) -> Framed<'_> {
        let mut headers: Vec<Header> = self
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), vec![value.clone()]))
            .collect();
        let body = match &self.payload {
            Payload::None => None,
            Payload::Pieces(pieces) => Some(pieces.clone()),
            Payload::Multipart(parts) => {
                let value = Piece::Text("multipart/form-data; boundary=".to_owned());
                headers.push(("Content-Type".to_owned(), vec![value, Piece::Boundary]));
                Some(frame(parts))
            }
        };
        Framed {
            target: &self.target,
            headers,
            body,
        }
    }

    /// Returns the environment variables that have to be set, the key first.
    pub fn wanted(&self) -> impl Iterator<Item = &str> {
        let key = (self.signature != Signature::None).then_some("APICALL_KEY");
        let others = self.variables.iter().map(|v| v.name.as_str());
        key.into_iter().chain(others)
    }

    /// Returns what a reader has to know, a line each.
    pub(super) fn about(&self) -> Vec<String> {
        let target: String = self.target.iter().map(shown).collect();
        let mut lines = vec![format!("{} {}{target}", self.method, self.origin)];
        match &self.signature {
            Signature::None => {}
            Signature::Maas => lines.push(
                "Reads the key from APICALL_KEY: consumer:token:secret, as MAAS shows it."
                    .to_owned(),
            ),
            Signature::Macrometa(_) => {
                lines.push("Reads the key from APICALL_KEY, without a word before it.".to_owned());
            }
        }
        for variable in &self.variables {
            lines.push(format!("Reads {} from {}.", variable.what, variable.name));
        }
        if matches!(&self.payload, Payload::Pieces(p) if p.contains(&Piece::Stdin))
            || matches!(&self.payload, Payload::Multipart(p) if p.iter().any(|p| p.content == Piece::Stdin))
        {
            lines.push("Sends what it reads from standard input.".to_owned());
        }
        if self.has_proxy {
            lines.push("The profile's proxy is left out.".to_owned());
        }
        if self.tls.insecure && self.tls.pin.is_none() {
            lines.push(
                "WARNING: the server's certificate is not verified: anyone in between can read \
                 the key."
                    .to_owned(),
            );
        }
        if self.is_masked {
            lines.push(format!(
                "{MASK} stands where a secret was typed: put it in."
            ));
        }
        lines
    }
}

/// Returns a piece in a comment.
fn shown(piece: &Piece) -> &str {
    match piece {
        Piece::Text(text) => text,
        _ => MASK,
    }
}

fn signature(plan: &Plan, profile: &Profile) -> Signature {
    let Some(source) = profile.key.as_ref().filter(|_| plan.auth == Auth::Profile) else {
        return Signature::None;
    };
    match profile.service() {
        Service::Maas => return Signature::Maas,
        Service::Macrometa => {}
    }
    // A key that stands in the config may bring its own word; others are not read.
    let inline = match source {
        KeySource::Inline(key) => {
            macrometa::key::MacrometaKey::parse(key.expose(), profile.target.scheme()).ok()
        }
        _ => None,
    };
    let word = inline.map(|key| key.scheme().to_owned());
    let word = word.or_else(|| profile.target.scheme().map(str::to_owned));
    Signature::Macrometa(word.unwrap_or_else(|| macrometa::key::DEFAULT_SCHEME.to_owned()))
}

/// Returns the headers that the plan and the profile have. What only apicall's own transport needs
/// is left to that of the language.
fn headers(plan: &Plan, profile: &Profile, values: &mut Values<'_>) -> Vec<(String, Piece)> {
    let own = [
        ("user-agent", USER_AGENT),
        ("accept-encoding", "gzip"),
        ("expect", "100-continue"),
    ];
    let is_own = |name: &str, value: &str| {
        own.iter()
            .any(|(n, v)| name.eq_ignore_ascii_case(n) && value == *v)
    };
    let mut headers = Vec::new();
    for header in head::headers(plan, &profile.settings.headers) {
        let name = header.name;
        let piece = match header.shown() {
            Some(value) if is_own(name, value) => continue,
            Some(value) if !values.hides(value) => Piece::Text(value.to_owned()),
            Some(_) | None => values.variable(name, "header", header.expose(), Form::Plain),
        };
        headers.push((values.plain(name), piece));
    }
    headers
}

fn without(plan: &Plan) -> Vec<&'static str> {
    let has_type = plan.body.is_none() || matches!(plan.body, Some(Body::Multipart(_)));
    [
        ("Accept", false),
        ("User-Agent", false),
        ("Content-Type", has_type),
    ]
    .into_iter()
    .filter(|(name, has)| !has && plan.header(name).is_none())
    .map(|(name, _)| name)
    .collect()
}

fn payload(plan: &Plan, values: &mut Values<'_>) -> Result<Payload, Failure> {
    let mut pieces = Vec::new();
    match &plan.body {
        None => return Ok(Payload::None),
        Some(Body::Form(fields)) => {
            for (at, (name, value)) in fields.iter().enumerate() {
                if at > 0 {
                    push_text(&mut pieces, "&");
                }
                push_text(&mut pieces, &format!("{}=", encode(&values.plain(name))));
                if values.is_secret(name, value) {
                    pieces.push(values.variable(name, "field", value, Form::Url));
                } else {
                    push_text(&mut pieces, &encode(value));
                }
            }
        }
        Some(Body::Json(text)) => json::append(text, values, &mut pieces),
        Some(Body::Raw(content, _)) => {
            let is_form = plan
                .header("content-type")
                .is_some_and(|t| t.starts_with("application/x-www-form-urlencoded"));
            match content_piece(content, values)? {
                Piece::Text(text) if is_form => values.pairs(&text, "field", &mut pieces),
                Piece::Text(text) => json::append(&text, values, &mut pieces),
                piece => pieces.push(piece),
            }
        }
        Some(Body::Multipart(parts)) => {
            let parts = parts.iter().map(|part| part_of(part, values));
            return Ok(Payload::Multipart(parts.collect::<Result<_, _>>()?));
        }
    }
    Ok(Payload::Pieces(pieces))
}

fn part_of(part: &body::FormPart, values: &mut Values<'_>) -> Result<SnippetPart, Failure> {
    let content = match content_piece(&part.content, values)? {
        Piece::Text(text) if values.is_secret(&part.name, &text) => {
            values.variable(&part.name, "field", &text, Form::Plain)
        }
        Piece::Bytes(bytes) if is_sensitive_name(&part.name) => {
            let value = String::from_utf8_lossy(&bytes).into_owned();
            values.variable(&part.name, "field", &value, Form::Plain)
        }
        piece => piece,
    };
    Ok(SnippetPart {
        name: values.plain(&part.name),
        filename: part.filename.as_deref().map(|name| values.plain(name)),
        content_type: part.content_type.clone(),
        content,
    })
}

/// Turns content into a piece; text in it is not searched for secrets yet.
fn content_piece(content: &Content, values: &mut Values<'_>) -> Result<Piece, Failure> {
    let bytes = match content {
        Content::Bytes(bytes)
        | Content::Stdin {
            start: bytes,
            more: false,
        } => bytes.as_slice(),
        Content::Chunk(bytes) => bytes,
        Content::File { path, .. } => return Ok(Piece::File(values.plain(&path_text(path)?))),
        Content::Stdin { more: true, .. } => return Ok(Piece::Stdin),
    };
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Piece::Text(text.to_owned()),
        _ => Piece::Bytes(bytes.to_owned()),
    })
}

/// Returns a path as a program can hold it. One that looks like standard input is made to look
/// otherwise.
fn path_text(path: &Path) -> Result<String, Failure> {
    match path.to_str() {
        Some("-") => Ok("./-".to_owned()),
        Some(text) => Ok(text.to_owned()),
        None => Err(Failure::usage(format!(
            "the name of the file {} is not UTF-8",
            path.display()
        ))),
    }
}

fn client(cert: Option<&Path>, key: Option<&Path>) -> Result<Option<(String, String)>, Failure> {
    let Some(cert) = cert else {
        return Ok(None);
    };
    Ok(Some((path_text(cert)?, path_text(key.unwrap_or(cert))?)))
}

/// Returns the framing of RFC 7578, the same as [`Body::layout`] makes.
fn frame(parts: &[SnippetPart]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in parts {
        push_text(&mut pieces, "--");
        pieces.push(Piece::Boundary);
        push_text(
            &mut pieces,
            &body::part_head(
                &part.name,
                part.filename.as_deref(),
                part.content_type.as_deref(),
            ),
        );
        push(&mut pieces, part.content.clone());
        push_text(&mut pieces, "\r\n");
    }
    push_text(&mut pieces, "--");
    pieces.push(Piece::Boundary);
    push_text(&mut pieces, "--\r\n");
    pieces
}

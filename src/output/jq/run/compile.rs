//! Finds the names of a filter: variables, definitions, functions.

use std::collections::HashMap;
use std::ops::Range;

use super::node::{Arg, Back, Form, Kind, Member, Node, Pattern, Patterns, Piece};
use crate::output::jq::lang::term::{self, Assign, Definition, Key, Kind as Of, Term};
use crate::output::jq::lang::{self, Wrong};
use crate::output::jq::library;
use crate::output::jq::value::{Number, Val};

/// A filter that can run.
#[derive(Debug)]
pub struct Program {
    pub main: Node,
    /// The bodies of definitions.
    pub bodies: Vec<Node>,
}

/// Compiles a filter. `globals` are the names of variables that it is run with, in order.
pub fn compile(term: &Term, globals: &[String]) -> Result<Program, Wrong> {
    let library = lang::definitions(library::DEFINITIONS)?;
    let mut compiler = Compiler {
        library: library
            .into_iter()
            .map(|d| ((d.name.clone(), d.params.len()), d))
            .collect(),
        known: HashMap::new(),
        bodies: Vec::new(),
    };
    let mut scope = Scope::default();
    for name in globals {
        scope.push(Name::Var(name.clone()));
    }
    let main = compiler.node(term, &scope)?;
    let mut bodies = Vec::new();
    for body in compiler.bodies {
        bodies.push(body.unwrap_or_else(|| Node::new(Kind::Identity)));
    }
    Ok(Program { main, bodies })
}

struct Compiler {
    /// Definitions of the library that nobody has called.
    library: HashMap<(String, usize), Definition>,
    /// Those that somebody has, by number.
    known: HashMap<(String, usize), (usize, Vec<bool>)>,
    bodies: Vec<Option<Node>>,
}

/// What names mean, the last one first.
#[derive(Clone, Default)]
struct Scope {
    names: Vec<Name>,
    /// How many of them take a place while the filter runs.
    places: usize,
}

#[derive(Clone)]
enum Name {
    Var(String),
    /// A parameter that is a value, `$a`: `a` means it, too.
    Value(String),
    /// A parameter that is a filter.
    Filter(String),
    Label(String),
    /// A definition: its name, which parameters are values, its number, and the places at it.
    Def(String, Vec<bool>, usize, usize),
}

impl Scope {
    fn push(&mut self, name: Name) {
        self.places += usize::from(!matches!(name, Name::Def(..)));
        self.names.push(name);
    }

    /// Looks for a name, with how far back it is.
    fn find<T>(&self, is: impl Fn(&Name, Back) -> Option<T>) -> Option<T> {
        let mut back = 0;
        for name in self.names.iter().rev() {
            if let Some(found) = is(name, back) {
                return Some(found);
            }
            back += usize::from(!matches!(name, Name::Def(..)));
        }
        None
    }
}

type Made<T> = Result<T, Wrong>;

fn node(kind: Kind) -> Node {
    Node::new(kind)
}

fn text(text: &str) -> Node {
    Node::value(Val::text(text))
}

/// The node of `@name`.
fn format(name: &str) -> Kind {
    if library::is_format(name) {
        return Kind::Native(library::format(name), Vec::new());
    }
    // It fails once it is used, as in jq.
    let name = Node::value(Val::text(name));
    Kind::Native(library::named_format, vec![name])
}

fn place(line: usize) -> Node {
    Node::value(Val::of([
        ("file", Val::text("<top-level>")),
        ("line", Val::count(line)),
    ]))
}

impl Compiler {
    fn boxed(&mut self, term: &Term, scope: &Scope) -> Made<Box<Node>> {
        self.node(term, scope).map(Box::new)
    }

    fn pair(&mut self, l: &Term, r: &Term, scope: &Scope) -> Made<(Box<Node>, Box<Node>)> {
        Ok((self.boxed(l, scope)?, self.boxed(r, scope)?))
    }

    fn maybe(&mut self, term: Option<&Term>, scope: &Scope) -> Made<Option<Box<Node>>> {
        term.map(|t| self.boxed(t, scope)).transpose()
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each kind of term")]
    fn node(&mut self, term: &Term, scope: &Scope) -> Made<Node> {
        Ok(node(match &term.kind {
            Of::Identity => Kind::Identity,
            Of::Recurse => Kind::Form(Form::Recurse, Vec::new()),
            Of::Number(spelling) => Kind::Const(Val::Number(constant(spelling))),
            Of::Text(format, pieces) => return self.text(format.as_deref(), pieces, scope),
            Of::Format(name) => format(name),
            Of::List(inner) => Kind::List(self.maybe(inner.as_deref(), scope)?),
            Of::Object(members) => return self.object(members, scope),
            Of::Negate(inner) => Kind::Negate(self.boxed(inner, scope)?),
            Of::Pipe(l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                Kind::Pipe(l, r)
            }
            Of::Comma(l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                Kind::Comma(l, r)
            }
            Of::Math(how, l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                Kind::Math(*how, l, r)
            }
            Of::Compare(how, l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                Kind::Compare(*how, l, r)
            }
            Of::And(l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                Kind::And(l, r)
            }
            Of::Or(l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                Kind::Or(l, r)
            }
            Of::Else(l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                Kind::Else(l, r)
            }
            Of::Assign(how, l, r) => {
                let (l, r) = self.pair(l, r, scope)?;
                match how {
                    Assign::Set => Kind::Set(l, r),
                    Assign::Update => Kind::Update(l, r),
                    Assign::Math(math) => Kind::Change(l, r, Some(*math)),
                    Assign::Else => Kind::Change(l, r, None),
                }
            }
            Of::Bind(source, patterns, body) => {
                let source = self.boxed(source, scope)?;
                let (patterns, inner) = self.patterns(patterns, scope)?;
                Kind::Bind(source, patterns, self.boxed(body, &inner)?)
            }
            Of::Reduce(source, patterns, start, update) => {
                let source = self.boxed(source, scope)?;
                let start = self.node(start, scope)?;
                let (patterns, inner) = self.patterns(patterns, scope)?;
                let update = self.node(update, &inner)?;
                Kind::Reduce(source, patterns, Box::new([start, update]))
            }
            Of::Foreach(source, patterns, steps, result) => {
                let source = self.boxed(source, scope)?;
                let start = self.node(&steps[0], scope)?;
                let (patterns, inner) = self.patterns(patterns, scope)?;
                let update = self.node(&steps[1], &inner)?;
                let result = self.maybe(result.as_deref(), &inner)?;
                Kind::Foreach(source, patterns, Box::new([start, update]), result)
            }
            Of::If(condition, then, otherwise) => {
                let (condition, then) = self.pair(condition, then, scope)?;
                let otherwise = match otherwise {
                    Some(term) => self.boxed(term, scope)?,
                    None => Box::new(node(Kind::Identity)),
                };
                Kind::If(condition, then, otherwise)
            }
            Of::Optional(step) => Kind::Optional(self.boxed(step, scope)?),
            Of::Try(body, handler) => {
                let body = self.boxed(body, scope)?;
                Kind::Try(body, self.maybe(handler.as_deref(), scope)?)
            }
            Of::Label(name, body) => {
                let mut inner = scope.clone();
                inner.push(Name::Label(name.clone()));
                Kind::Label(self.boxed(body, &inner)?)
            }
            Of::Break(name) => {
                let back = scope.find(|n, back| match n {
                    Name::Label(label) if label == name => Some(back),
                    _ => None,
                });
                let what = || format!("there is no label `${name}`");
                Kind::Break(back.ok_or_else(|| Wrong::new(term.at.clone(), what()))?)
            }
            Of::Def(definition, body) => {
                let mut inner = scope.clone();
                self.define(definition, &mut inner)?;
                return self.node(body, &inner);
            }
            Of::Call(name, args) => return self.call(name, args, &term.at, scope),
            Of::Var(name) => Self::var(name, &term.at, scope)?,
            Of::Place(line) => return Ok(place(*line)),
            Of::Index(inner, key) => {
                let (inner, key) = self.pair(inner, key, scope)?;
                Kind::Index(inner, key)
            }
            Of::Slice(inner, from, to) => {
                let inner = self.boxed(inner, scope)?;
                let from = self.maybe(from.as_deref(), scope)?;
                Kind::Slice(inner, from, self.maybe(to.as_deref(), scope)?)
            }
            Of::Each(inner) => Kind::Each(self.boxed(inner, scope)?),
        }))
    }

    fn var(name: &str, at: &Range<usize>, scope: &Scope) -> Made<Kind> {
        let back = scope.find(|n, back| match n {
            Name::Var(var) | Name::Value(var) if var == name => Some(back),
            _ => None,
        });
        back.map(Kind::Var).ok_or_else(|| Wrong {
            at: at.clone(),
            what: format!("there is no variable `${name}`"),
            hint: Some(format!("`--arg {name} VALUE` makes one")),
        })
    }

    fn text(&mut self, format: Option<&str>, pieces: &[term::Piece], scope: &Scope) -> Made<Node> {
        if pieces.is_empty() {
            return Ok(text(""));
        }
        if let [term::Piece::Text(only)] = pieces {
            return Ok(text(only));
        }
        let name = format.unwrap_or("text");
        let mut parts = Vec::new();
        for piece in pieces {
            parts.push(match piece {
                term::Piece::Text(text) => Piece::Text(text.clone()),
                term::Piece::Term(term) => {
                    let inner = self.boxed(term, scope)?;
                    Piece::Node(node(Kind::Pipe(inner, node(self::format(name)).into())))
                }
            });
        }
        Ok(node(Kind::Text(parts)))
    }

    fn object(&mut self, members: &[(Key, Option<Term>)], scope: &Scope) -> Made<Node> {
        let mut made = Vec::new();
        for (key, value) in members {
            let (name, default) = match key {
                Key::Name(term) => {
                    let default = match value {
                        Some(_) => node(Kind::Identity),
                        None => {
                            let dot = node(Kind::Identity).into();
                            node(Kind::Index(dot, self.boxed(term, scope)?))
                        }
                    };
                    (self.node(term, scope)?, default)
                }
                Key::Var(name, at) if value.is_some() => {
                    (node(Self::var(name, at, scope)?), node(Kind::Identity))
                }
                Key::Var(name, at) => (text(name), node(Self::var(name, at, scope)?)),
                Key::Place(line) if value.is_some() => (place(*line), node(Kind::Identity)),
                Key::Place(line) => (text("__loc__"), place(*line)),
                Key::Term(term) => (self.node(term, scope)?, node(Kind::Identity)),
            };
            if let Key::Name(term) | Key::Term(term) = key {
                text_only(&name, &term.at)?;
            }
            let value = match value {
                Some(term) => self.node(term, scope)?,
                None => default,
            };
            made.push((name, value));
        }
        Ok(node(Kind::Object(made)))
    }

    /// Compiles the patterns of `as`, and gives the scope of what is behind.
    fn patterns(&mut self, all: &[term::Pattern], scope: &Scope) -> Made<(Patterns, Scope)> {
        let mut names: Vec<String> = Vec::new();
        for pattern in all {
            collect(pattern, &mut names);
        }
        let mut inner = scope.clone();
        for name in &names {
            inner.push(Name::Var(name.clone()));
        }
        let mut made = Vec::new();
        for pattern in all {
            made.push(self.pattern(pattern, &names, scope)?);
        }
        let count = names.len();
        Ok((Patterns { all: made, count }, inner))
    }

    fn pattern(&mut self, of: &term::Pattern, names: &[String], scope: &Scope) -> Made<Pattern> {
        let place = |name: &String| names.iter().position(|n| n == name).unwrap_or(0);
        Ok(match of {
            term::Pattern::Var(name) => Pattern::Var(place(name)),
            term::Pattern::List(items) => {
                let mut made = Vec::new();
                for item in items {
                    made.push(self.pattern(item, names, scope)?);
                }
                Pattern::List(made)
            }
            term::Pattern::Object(members) => {
                let mut made = Vec::new();
                for member in members {
                    let inner = match &member.inner {
                        Some(inner) => Some(self.pattern(inner, names, scope)?),
                        None => None,
                    };
                    let key = self.node(&member.key, scope)?;
                    text_only(&key, &member.key.at)?;
                    made.push(Member {
                        key,
                        var: member.var.as_ref().map(place),
                        inner,
                    });
                }
                Pattern::Object(made)
            }
        })
    }

    /// Compiles a definition and adds its name.
    fn define(&mut self, definition: &Definition, scope: &mut Scope) -> Made<(usize, Vec<bool>)> {
        let number = self.bodies.len();
        self.bodies.push(None);
        let params = &definition.params;
        let are_values: Vec<bool> = params.iter().map(|p| p.starts_with('$')).collect();
        let name = definition.name.clone();
        scope.push(Name::Def(name, are_values.clone(), number, scope.places));
        let mut inner = scope.clone();
        for param in params {
            match param.strip_prefix('$') {
                Some(name) => inner.push(Name::Value(name.to_owned())),
                None => inner.push(Name::Filter(param.clone())),
            }
        }
        self.bodies[number] = Some(self.node(&definition.body, &inner)?);
        Ok((number, are_values))
    }

    fn call(&mut self, name: &str, args: &[Term], at: &Range<usize>, scope: &Scope) -> Made<Node> {
        enum Found {
            Kind(Kind),
            Def(usize, Vec<bool>, usize),
        }
        let found = scope.find(|n, back| match n {
            Name::Filter(filter) if filter == name && args.is_empty() => {
                Some(Found::Kind(Kind::Closure(back)))
            }
            Name::Value(var) if var == name && args.is_empty() => {
                Some(Found::Kind(Kind::Var(back)))
            }
            Name::Def(def, values, number, places) if def == name && values.len() == args.len() => {
                Some(Found::Def(*number, values.clone(), scope.places - places))
            }
            _ => None,
        });
        match found {
            Some(Found::Kind(kind)) => Ok(node(kind)),
            Some(Found::Def(number, values, skip)) => {
                let args = self.args(&values, args, scope)?;
                Ok(node(Kind::Call(number, args, skip)))
            }
            None => self.of_library(name, args, at, scope),
        }
    }

    fn args(&mut self, values: &[bool], args: &[Term], scope: &Scope) -> Made<Vec<Arg>> {
        let mut made = Vec::new();
        for (is_value, arg) in values.iter().zip(args) {
            let node = self.node(arg, scope)?;
            made.push(if *is_value {
                Arg::Value(node)
            } else {
                Arg::Filter(node)
            });
        }
        Ok(made)
    }

    fn nodes(&mut self, args: &[Term], scope: &Scope) -> Made<Vec<Node>> {
        args.iter().map(|arg| self.node(arg, scope)).collect()
    }

    fn of_library(
        &mut self,
        name: &str,
        args: &[Term],
        at: &Range<usize>,
        scope: &Scope,
    ) -> Made<Node> {
        if let Some(kind) = self.inline(name, args, scope)? {
            return Ok(node(kind));
        }
        if let Some(value) = library::constant(name, args.len()) {
            return Ok(Node::value(value));
        }
        if let Some(form) = library::form(name, args.len()) {
            return Ok(node(Kind::Form(form, self.nodes(args, scope)?)));
        }
        if let Some(native) = library::native(name, args.len()) {
            return Ok(node(Kind::Native(native, self.nodes(args, scope)?)));
        }
        let key = (name.to_owned(), args.len());
        if !self.known.contains_key(&key)
            && let Some(definition) = self.library.remove(&key)
        {
            // The library's own definitions see each other, and nothing of the filter.
            let number = self.bodies.len();
            let values: Vec<bool> = definition
                .params
                .iter()
                .map(|p| p.starts_with('$'))
                .collect();
            self.known.insert(key.clone(), (number, values));
            self.define(&definition, &mut Scope::default())?;
        }
        if let Some((number, values)) = self.known.get(&key).cloned() {
            let args = self.args(&values, args, scope)?;
            return Ok(node(Kind::Call(number, args, scope.places)));
        }
        Err(unknown(name, args.len(), at))
    }

    /// Functions that are shorter said in other terms.
    fn inline(&mut self, name: &str, args: &[Term], scope: &Scope) -> Made<Option<Kind>> {
        let dot = || Box::new(node(Kind::Identity));
        Ok(Some(match (name, args) {
            ("map", [f]) => {
                let each = node(Kind::Each(dot())).into();
                let inner = node(Kind::Pipe(each, self.boxed(f, scope)?));
                Kind::List(Some(inner.into()))
            }
            ("select", [f]) => {
                let empty = node(Kind::Form(Form::Empty, Vec::new())).into();
                Kind::If(self.boxed(f, scope)?, dot(), empty)
            }
            ("map_values", [f]) => {
                let each = node(Kind::Each(dot())).into();
                Kind::Update(each, self.boxed(f, scope)?)
            }
            ("first", []) => Kind::Index(dot(), Node::value(Val::count(0)).into()),
            ("last", []) => Kind::Index(dot(), Node::value(Val::float(-1.0)).into()),
            ("nth", [n]) => Kind::Index(dot(), self.boxed(n, scope)?),
            _ => return Ok(None),
        }))
    }
}

/// Refuses a key that is a constant and no text.
fn text_only(key: &Node, at: &Range<usize>) -> Made<()> {
    match &key.kind {
        Kind::Const(Val::Text(_)) => Ok(()),
        Kind::Const(constant) => {
            let what = format!("a key is a string, not a {}", constant.kind());
            Err(Wrong::new(at.clone(), what))
        }
        _ => Ok(()),
    }
}

/// The variables of a pattern, each once, in the order of their first place.
fn collect(pattern: &term::Pattern, names: &mut Vec<String>) {
    let mut add = |name: &String| {
        if !names.contains(name) {
            names.push(name.clone());
        }
    };
    match pattern {
        term::Pattern::Var(name) => add(name),
        term::Pattern::List(items) => items.iter().for_each(|p| collect(p, names)),
        term::Pattern::Object(members) => {
            for member in members {
                if let Some(name) = &member.var
                    && !names.contains(name)
                {
                    names.push(name.clone());
                }
                if let Some(inner) = &member.inner {
                    collect(inner, names);
                }
            }
        }
    }
}

/// A number of the filter's text, as a JSON number.
fn constant(spelling: &str) -> Number {
    let (mantissa, exponent) = match spelling.find(['e', 'E']) {
        Some(at) => spelling.split_at(at),
        None => (spelling, ""),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let dot = if part.is_empty() { "" } else { "." };
    Number::read(&format!("{whole}{dot}{part}{exponent}"))
}

fn unknown(name: &str, count: usize, at: &Range<usize>) -> Wrong {
    let at = at.clone();
    if count == 0 {
        return Wrong {
            at,
            what: format!("there is no function `{name}`"),
            hint: Some(format!("a field is `.{name}`, a string `\"{name}\"`")),
        };
    }
    let s = if count == 1 { "" } else { "s" };
    Wrong::new(
        at,
        format!("there is no function `{name}` with {count} argument{s}"),
    )
}

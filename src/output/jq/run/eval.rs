//! Runs nodes: each result goes to `out` as it comes.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::compile::Program;
use super::node::{Arg, Kind, Node, Piece};
use crate::output::jq::fault::Fault;
use crate::output::jq::lang::term::Compare;
use crate::output::jq::running::Running;
use crate::output::jq::value::{DEEPEST, Members, Val, large, place};

/// Why a run ends before all results are there.
#[derive(Debug)]
pub enum Stop {
    /// An error that `try` can catch.
    Fault(Fault),
    /// On the way to the label of this number.
    Break(u64),
    /// `halt`, `halt_error`: the code, and what is said.
    Halt(i64, String),
    /// Functions call themselves deeper than the stack is.
    TooDeep,
    /// Nobody takes the results.
    Gone,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The end of a run.
pub type Run = Result<(), Stop>;

/// What takes results.
pub type Out<'o> = &'o mut dyn FnMut(Pv) -> Run;

/// A value, with the path that leads to it where somebody wants to know.
#[derive(Clone, Debug)]
pub struct Pv {
    pub value: Val,
    pub at: Option<Rc<At>>,
    /// Whether it is the value that the path has led to: numbers do not say.
    is_kept: bool,
}

/// The last step of a path, and what it led to.
#[derive(Debug)]
pub struct At {
    /// What is before it; nothing at the root.
    pub before: Option<(Rc<At>, Val)>,
    pub value: Val,
}

impl Pv {
    /// A value whose path nobody wants.
    pub fn plain(value: Val) -> Self {
        Self {
            value,
            at: None,
            is_kept: true,
        }
    }

    /// A value at the root of paths.
    pub fn root(value: Val) -> Self {
        let before = None;
        let at = Some(Rc::new(At {
            before,
            value: value.clone(),
        }));
        Self {
            value,
            at,
            is_kept: true,
        }
    }

    /// Another value; where paths are wanted, it has none.
    pub fn with(&self, value: Val) -> Self {
        let at = self.at.clone();
        Self {
            value,
            at,
            is_kept: false,
        }
    }

    /// Returns whether the value is still what its path leads to.
    pub fn is_at_path(&self) -> bool {
        let is_same = |at: &Rc<At>| match self.value {
            Val::Number(_) => self.is_kept,
            _ => at.value.is_same(&self.value),
        };
        self.at.as_ref().is_none_or(is_same)
    }

    /// What a key of it leads to.
    pub fn step(&self, key: &Val, value: Val) -> Self {
        let at = self.at.as_ref().map(|at| {
            let before = Some((Rc::clone(at), key.clone()));
            Rc::new(At {
                before,
                value: value.clone(),
            })
        });
        Self {
            value,
            at,
            is_kept: true,
        }
    }

    /// The path.
    pub fn path(&self) -> Vec<Val> {
        let mut path = Vec::new();
        let mut at = self.at.as_deref();
        while let Some(At {
            before: Some((before, key)),
            ..
        }) = at
        {
            path.push(key.clone());
            at = Some(before);
        }
        path.reverse();
        path
    }
}

/// What names mean while a filter runs.
#[derive(Clone, Debug, Default)]
pub struct Scope<'p>(Option<Rc<Place<'p>>>);

#[derive(Debug)]
struct Place<'p> {
    bound: Bound<'p>,
    next: Scope<'p>,
}

/// What a name means.
#[derive(Debug)]
pub enum Bound<'p> {
    Var(Val),
    Closure(&'p Node, Scope<'p>),
    Label(u64),
}

impl<'p> Scope<'p> {
    /// A scope with one more name.
    pub fn with(&self, bound: Bound<'p>) -> Self {
        let next = self.clone();
        Self(Some(Rc::new(Place { bound, next })))
    }

    fn without(&self, count: usize) -> Self {
        let mut scope = self;
        for _ in 0..count {
            match &scope.0 {
                Some(place) => scope = &place.next,
                None => break,
            }
        }
        scope.clone()
    }

    fn get(&self, back: usize) -> Option<&Bound<'p>> {
        let mut scope = self;
        for _ in 0..back {
            scope = &scope.0.as_ref()?.next;
        }
        scope.0.as_ref().map(|place| &place.bound)
    }
}

/// What a run is connected to.
pub struct Hooks {
    /// Takes what is said on stderr.
    pub note: Box<dyn Fn(String) -> Run>,
    /// Says when to stop.
    pub running: Arc<Running>,
}

/// Runs a program.
pub struct Machine<'p> {
    pub program: &'p Program,
    /// What `env` gives.
    pub env: Val,
    pub hooks: Hooks,
    labels: Cell<u64>,
    /// The address on the stack that must not be passed.
    floor: usize,
}

/// An address on the stack as it is now.
fn here() -> usize {
    let mark = 0u8;
    (&raw const mark).addr()
}

impl<'p> Machine<'p> {
    /// Makes one for a thread that has about `stack` bytes left.
    pub fn new(program: &'p Program, env: Val, hooks: Hooks, stack: usize) -> Self {
        Self {
            program,
            env,
            hooks,
            labels: Cell::new(0),
            floor: here().saturating_sub(stack),
        }
    }

    /// Runs the program on a value. `globals` are its variables, in order.
    pub fn run(&self, globals: &[Val], input: Val, out: &mut dyn FnMut(Val) -> Run) -> Run {
        let mut scope = Scope::default();
        for value in globals {
            scope = scope.with(Bound::Var(value.clone()));
        }
        let input = Pv::plain(input);
        self.eval(&self.program.main, &scope, input, &mut |pv| out(pv.value))
    }

    fn check_stack(&self) -> Run {
        if here() < self.floor {
            return Err(Stop::TooDeep);
        }
        if self.hooks.running.is_stopped() {
            return Err(Stop::Gone);
        }
        Ok(())
    }

    /// A number for a label that is nobody else's.
    pub fn label(&self) -> u64 {
        self.labels.set(self.labels.get() + 1);
        self.labels.get()
    }

    /// Runs a node for its values only.
    pub fn values(
        &self,
        node: &'p Node,
        scope: &Scope<'p>,
        input: &Val,
        out: &mut dyn FnMut(Val) -> Run,
    ) -> Run {
        if node.is_single {
            return out(self.value(node, scope, input)?);
        }
        let input = Pv::plain(input.clone());
        self.eval(node, scope, input, &mut |pv| out(pv.value))
    }

    /// The value of a node that gives one.
    pub fn value(&self, node: &'p Node, scope: &Scope<'p>, input: &Val) -> Result<Val, Stop> {
        match &node.kind {
            Kind::Const(value) => Ok(value.clone()),
            Kind::Identity => Ok(input.clone()),
            Kind::Var(back) => Ok(var(scope, *back)),
            Kind::Index(inner, key) if matches!(inner.kind, Kind::Identity) => {
                let key = self.value(key, scope, input)?;
                Ok(place::get(input, &key)?)
            }
            _ => Ok(self.one(node, scope, Pv::plain(input.clone()))?.value),
        }
    }

    /// The result of a node that gives one.
    #[expect(clippy::too_many_lines, reason = "an arm for each kind of node")]
    pub fn one(&self, node: &'p Node, scope: &Scope<'p>, input: Pv) -> Result<Pv, Stop> {
        self.check_stack()?;
        let value = match &node.kind {
            Kind::Identity => return Ok(input),
            Kind::Const(value) => value.clone(),
            Kind::Var(back) => var(scope, *back),
            Kind::Pipe(l, r) => {
                let middle = self.one(l, scope, input)?;
                return self.one(r, scope, middle);
            }
            Kind::If(c, t, e) => {
                let is_true = self.value(c, scope, &input.value)?.is_true();
                return self.one(if is_true { t } else { e }, scope, input);
            }
            Kind::Bind(source, _, body) => {
                let value = self.value(source, scope, &input.value)?;
                return self.one(body, &scope.with(Bound::Var(value)), input);
            }
            Kind::Index(inner, key) => {
                let key = self.value(key, scope, &input.value)?;
                return Self::index(&self.one(inner, scope, input)?, &key);
            }
            Kind::Slice(inner, from, to) => {
                let from = self.bound(from.as_deref(), scope, &input.value)?;
                let to = self.bound(to.as_deref(), scope, &input.value)?;
                let key = slice_key(from, to);
                return Self::index(&self.one(inner, scope, input)?, &key);
            }
            Kind::Math(how, l, r) => {
                let right = self.value(r, scope, &input.value)?;
                if input.at.is_some() {
                    let left = self.value(l, scope, &input.value)?;
                    return Ok(input.with(Self::checked(how.of(left, right)?)?));
                }
                let left = self.one(l, scope, input)?.value;
                return Ok(Pv::plain(Self::checked(how.of(left, right)?)?));
            }
            Kind::Compare(how, l, r) => {
                let right = self.value(r, scope, &input.value)?;
                let left = self.value(l, scope, &input.value)?;
                Val::Bool(compare(*how, &left, &right))
            }
            Kind::And(l, r) => Val::Bool(
                self.value(l, scope, &input.value)?.is_true()
                    && self.value(r, scope, &input.value)?.is_true(),
            ),
            Kind::Or(l, r) => Val::Bool(
                self.value(l, scope, &input.value)?.is_true()
                    || self.value(r, scope, &input.value)?.is_true(),
            ),
            Kind::Negate(inner) => negate(self.value(inner, scope, &input.value)?)?,
            Kind::List(inner) => {
                let mut items = Vec::new();
                if let Some(inner) = inner {
                    self.values(inner, scope, &input.value, &mut |value| {
                        large::check_count(items.len())?;
                        items.push(value);
                        Ok(())
                    })?;
                }
                Self::checked(Val::list(items))?
            }
            Kind::Object(members) => {
                let mut made = Members::default();
                for (key, value) in members {
                    let key = self.value(key, scope, &input.value)?;
                    let value = self.value(value, scope, &input.value)?;
                    insert(&mut made, key, value)?;
                }
                Self::checked(Val::object(made))?
            }
            Kind::Text(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(part) => text.push_str(part),
                        Piece::Node(node) => {
                            let value = self.value(node, scope, &input.value)?;
                            let part = value.to_text()?;
                            large::check_length(text.len() + part.len())?;
                            text.push_str(&part);
                        }
                    }
                }
                Val::text(text)
            }
            Kind::Native(native, args) => {
                if args.is_empty() {
                    let value = native(&input.value, &[])?;
                    return Ok(input.with(Self::checked(value)?));
                }
                let mut values = Vec::with_capacity(args.len());
                for arg in args {
                    values.push(self.value(arg, scope, &input.value)?);
                }
                Self::checked(native(&input.value, &values)?)?
            }
            Kind::Reduce(..)
            | Kind::Set(..)
            | Kind::Update(..)
            | Kind::Change(..)
            | Kind::Form(..)
            | Kind::Comma(..)
            | Kind::Else(..)
            | Kind::Foreach(..)
            | Kind::Optional(_)
            | Kind::Try(..)
            | Kind::Label(_)
            | Kind::Break(_)
            | Kind::Closure(_)
            | Kind::Call(..)
            | Kind::Each(_) => return self.last(node, scope, input),
        };
        Ok(input.with(value))
    }

    /// The one result of a node that gives it to `out`.
    fn last(&self, node: &'p Node, scope: &Scope<'p>, input: Pv) -> Result<Pv, Stop> {
        let mut last = None;
        self.many(node, scope.clone(), input, &mut |pv| {
            last = Some(pv);
            Ok(())
        })?;
        Ok(last.unwrap_or_else(|| Pv::plain(Val::Null)))
    }

    /// Refuses values that are nested too deep, or too large.
    fn checked(value: Val) -> Result<Val, Stop> {
        if value.depth() > DEEPEST {
            let message = format!("a value is nested deeper than {DEEPEST} levels");
            return Err(Fault::said(message).into());
        }
        if let Val::Text(text) = &value {
            large::check_length(text.len())?;
        }
        Ok(value)
    }

    fn bound(&self, node: Option<&'p Node>, scope: &Scope<'p>, input: &Val) -> Result<Val, Stop> {
        node.map_or(Ok(Val::Null), |node| self.value(node, scope, input))
    }

    /// `.[key]`
    pub fn index(pv: &Pv, key: &Val) -> Result<Pv, Stop> {
        if !pv.is_at_path() {
            return Err(Fault::of([
                "Invalid path expression near attempt to access element ".into(),
                key.clone().into(),
                " of ".into(),
                pv.value.clone().into(),
            ])
            .into());
        }
        let value = place::get(&pv.value, key)?;
        Ok(pv.step(key, value))
    }

    /// `.[]`
    pub fn each(pv: &Pv, out: Out<'_>) -> Run {
        if !pv.is_at_path() {
            return Err(Fault::of([
                "Invalid path expression near attempt to iterate through ".into(),
                pv.value.clone().into(),
            ])
            .into());
        }
        match &pv.value {
            Val::List(list) => {
                for (at, item) in list.items.iter().enumerate() {
                    out(match pv.at {
                        None => Pv::plain(item.clone()),
                        Some(_) => pv.step(&Val::count(at), item.clone()),
                    })?;
                }
                Ok(())
            }
            Val::Object(object) => {
                for (key, value) in &object.members {
                    out(match pv.at {
                        None => Pv::plain(value.clone()),
                        Some(_) => pv.step(&Val::Text(key.clone()), value.clone()),
                    })?;
                }
                Ok(())
            }
            other => Err(Fault::of([
                "Cannot iterate over ".into(),
                other.kind().into(),
                " (".into(),
                other.clone().into(),
                ")".into(),
            ])
            .into()),
        }
    }

    /// Runs a node.
    pub fn eval(&self, node: &'p Node, scope: &Scope<'p>, input: Pv, out: Out<'_>) -> Run {
        if node.is_single {
            return out(self.one(node, scope, input)?);
        }
        self.many(node, scope.clone(), input, out)
    }

    /// Runs a node that may give any number of results. What stands last is run in this frame, so
    /// that functions that call themselves last need no stack.
    #[expect(clippy::too_many_lines, reason = "an arm for each kind of node")]
    fn many(&self, mut node: &'p Node, mut scope: Scope<'p>, mut input: Pv, out: Out<'_>) -> Run {
        self.check_stack()?;
        let mut is_first = true;
        loop {
            if node.is_single && !is_first {
                return out(self.one(node, &scope, input)?);
            }
            is_first = false;
            match &node.kind {
                Kind::Pipe(l, r) => {
                    if !l.is_single {
                        return self
                            .eval(l, &scope, input, &mut |pv| self.eval(r, &scope, pv, out));
                    }
                    input = self.one(l, &scope, input)?;
                    node = r;
                }
                Kind::Comma(l, r) => {
                    self.eval(l, &scope, input.clone(), out)?;
                    node = r;
                }
                Kind::If(c, t, e) => {
                    if !c.is_single {
                        let value = input.value.clone();
                        return self.values(c, &scope, &value, &mut |c| {
                            let branch = if c.is_true() { t } else { e };
                            self.eval(branch, &scope, input.clone(), out)
                        });
                    }
                    let is_true = self.value(c, &scope, &input.value)?.is_true();
                    node = if is_true { t } else { e };
                }
                Kind::Call(number, args, skip) => {
                    let base = scope.without(*skip);
                    let body = &self.program.bodies[*number];
                    let is_direct = |arg: &Arg| match arg {
                        Arg::Filter(_) => true,
                        Arg::Value(node) => node.is_single,
                    };
                    if !args.iter().all(is_direct) {
                        return self.call(
                            &Call {
                                args,
                                base,
                                body,
                                scope: &scope,
                            },
                            &input,
                            out,
                        );
                    }
                    let mut inner = base;
                    for arg in args {
                        inner = inner.with(match arg {
                            Arg::Filter(node) => closure(node, &scope),
                            Arg::Value(node) => {
                                Bound::Var(self.value(node, &scope, &input.value)?)
                            }
                        });
                    }
                    scope = inner;
                    node = body;
                }
                Kind::Closure(back) => {
                    let Some(Bound::Closure(body, theirs)) = scope.get(*back) else {
                        return Ok(());
                    };
                    node = body;
                    scope = theirs.clone();
                }
                Kind::Bind(source, patterns, body) => {
                    return self.bind(source, &scope, &input, patterns, &mut |inner, input| {
                        self.eval(body, inner, input, out)
                    });
                }
                Kind::Optional(step) => return self.optional(step, (&scope, &input), out),
                Kind::Try(body, handler) => {
                    let mut is_below = false;
                    let ended = self.eval(body, &scope, input.clone(), &mut |pv| {
                        let ended = out(pv);
                        is_below |= ended.is_err();
                        ended
                    });
                    match (ended, handler) {
                        (Err(Stop::Fault(fault)), handler) if !is_below => match handler {
                            None => return Ok(()),
                            Some(handler) => {
                                input = input.with(fault.value());
                                node = handler;
                            }
                        },
                        (ended, _) => return ended,
                    }
                }
                Kind::Label(body) => {
                    let label = self.label();
                    let inner = scope.with(Bound::Label(label));
                    return match self.eval(body, &inner, input, out) {
                        Err(Stop::Break(at)) if at == label => Ok(()),
                        ended => ended,
                    };
                }
                Kind::Break(back) => {
                    return match scope.get(*back) {
                        Some(Bound::Label(label)) => Err(Stop::Break(*label)),
                        _ => Ok(()),
                    };
                }
                Kind::Else(l, r) => {
                    let mut any = false;
                    self.eval(l, &scope, input.clone(), &mut |pv| {
                        if !pv.value.is_true() {
                            return Ok(());
                        }
                        any = true;
                        out(pv)
                    })?;
                    if any {
                        return Ok(());
                    }
                    node = r;
                }
                Kind::Each(inner) => {
                    if inner.is_single {
                        return Self::each(&self.one(inner, &scope, input)?, out);
                    }
                    return self.eval(inner, &scope, input, &mut |pv| Self::each(&pv, out));
                }
                Kind::Reduce(source, patterns, steps) => {
                    return self.reduce((source, patterns), steps, (&scope, &input), out);
                }
                Kind::Foreach(source, patterns, steps, result) => {
                    let source = (&**source, patterns, result.as_deref());
                    return self.foreach(source, steps, (&scope, &input), out);
                }
                Kind::Set(l, r) => return self.set((l, r), &scope, input, out),
                Kind::Update(l, f) => {
                    return out(self.update((l, f), &scope, input)?);
                }
                Kind::Change(l, r, how) => {
                    return self.change((l, r), *how, (&scope, input), out);
                }
                Kind::Form(form, args) => return self.form(*form, args, (&scope, input), out),
                _ => return self.combined(node, &scope, &input, out),
            }
        }
    }

    /// A call whose arguments have several values: the first changes slowest.
    fn call(&self, call: &Call<'p, '_>, input: &Pv, out: Out<'_>) -> Run {
        let Some((arg, rest)) = call.args.split_first() else {
            return self.eval(call.body, &call.base, input.clone(), out);
        };
        let next = |base| Call {
            args: rest,
            base,
            body: call.body,
            scope: call.scope,
        };
        match arg {
            Arg::Filter(node) => {
                let base = call.base.with(closure(node, call.scope));
                self.call(&next(base), input, out)
            }
            Arg::Value(node) => self.values(node, call.scope, &input.value, &mut |value| {
                self.call(&next(call.base.with(Bound::Var(value))), input, out)
            }),
        }
    }
}

/// A call on its way.
struct Call<'p, 's> {
    args: &'p [Arg],
    base: Scope<'p>,
    body: &'p Node,
    /// Where it is called.
    scope: &'s Scope<'p>,
}

fn closure<'p>(node: &'p Node, scope: &Scope<'p>) -> Bound<'p> {
    // A parameter that is handed on is what it stands for.
    if let Kind::Closure(back) = &node.kind
        && let Some(Bound::Closure(body, theirs)) = scope.get(*back)
    {
        return Bound::Closure(body, theirs.clone());
    }
    Bound::Closure(node, scope.clone())
}

fn var(scope: &Scope<'_>, back: usize) -> Val {
    match scope.get(back) {
        Some(Bound::Var(value)) => value.clone(),
        _ => Val::Null,
    }
}

/// The key of a slice.
pub fn slice_key(from: Val, to: Val) -> Val {
    Val::of([("start", from), ("end", to)])
}

/// `-x`
pub fn negate(value: Val) -> Result<Val, Fault> {
    match value {
        Val::Number(n) => Ok(Val::Number(n.negated())),
        other => Err(Fault::about(other, "cannot be negated")),
    }
}

/// Compares two values.
pub fn compare(how: Compare, left: &Val, right: &Val) -> bool {
    match how {
        Compare::Eq => left.equals(right),
        Compare::Ne => !left.equals(right),
        Compare::Lt => left.order(right).is_lt(),
        Compare::Le => left.order(right).is_le(),
        Compare::Gt => left.order(right).is_gt(),
        Compare::Ge => left.order(right).is_ge(),
    }
}

/// Adds a member to an object.
pub fn insert(members: &mut Members, key: Val, value: Val) -> Result<(), Fault> {
    let Val::Text(name) = key else {
        return Err(Fault::of([
            "Cannot use ".into(),
            key.kind().into(),
            " (".into(),
            key.into(),
            ") as object key".into(),
        ]));
    };
    large::check_count(members.len())?;
    members.insert(name, value);
    Ok(())
}

//! Takes values apart for `as`, `reduce` and `foreach`, and combines several results.

use super::eval::{Bound, Machine, Out, Pv, Run, Scope, Stop, compare, insert, negate, slice_key};
use super::node::{Kind, Node, Pattern, Patterns, Piece};
use crate::output::jq::fault::Fault;
use crate::output::jq::value::{Members, Val, large, place};

/// What is run once the variables are bound.
type Then<'t, 'p> = &'t mut dyn FnMut(&Scope<'p>, Pv) -> Run;

impl<'p> Machine<'p> {
    /// Runs `then` with the variables of the patterns, for each value of the source.
    pub fn bind(
        &self,
        source: &'p Node,
        scope: &Scope<'p>,
        input: &Pv,
        patterns: &'p Patterns,
        then: Then<'_, 'p>,
    ) -> Run {
        self.values(source, scope, &input.value, &mut |value| {
            if let [Pattern::Var(_)] = patterns.all[..] {
                return then(&scope.with(Bound::Var(value)), input.clone());
            }
            let last = patterns.all.len() - 1;
            for (at, pattern) in patterns.all.iter().enumerate() {
                let blank = vec![Val::Null; patterns.count];
                let ended = self.take_apart(pattern, scope, &value, blank, &mut |vars| {
                    let mut inner = scope.clone();
                    for var in vars {
                        inner = inner.with(Bound::Var(var));
                    }
                    then(&inner, input.clone())
                });
                match ended {
                    // An error in what follows makes the next pattern the one, too.
                    Err(Stop::Fault(_)) if at < last => {}
                    ended => return ended,
                }
            }
            Ok(())
        })
    }

    fn take_apart(
        &self,
        pattern: &'p Pattern,
        scope: &Scope<'p>,
        value: &Val,
        mut vars: Vec<Val>,
        then: &mut dyn FnMut(Vec<Val>) -> Run,
    ) -> Run {
        match pattern {
            Pattern::Var(place) => {
                vars[*place] = value.clone();
                then(vars)
            }
            Pattern::List(items) => self.items(items, 0, (scope, value), vars, then),
            Pattern::Object(_) => self.members(pattern, 0, (scope, value), vars, then),
        }
    }

    fn items(
        &self,
        items: &'p [Pattern],
        at: usize,
        (scope, value): (&Scope<'p>, &Val),
        vars: Vec<Val>,
        then: &mut dyn FnMut(Vec<Val>) -> Run,
    ) -> Run {
        let Some((first, rest)) = items.split_first() else {
            return then(vars);
        };
        let item = place::get(value, &Val::count(at))?;
        self.take_apart(first, scope, &item, vars, &mut |vars| {
            self.items(rest, at + 1, (scope, value), vars, then)
        })
    }

    fn members(
        &self,
        pattern: &'p Pattern,
        at: usize,
        (scope, value): (&Scope<'p>, &Val),
        vars: Vec<Val>,
        then: &mut dyn FnMut(Vec<Val>) -> Run,
    ) -> Run {
        let Pattern::Object(members) = pattern else {
            return then(vars);
        };
        let Some(member) = members.get(at) else {
            return then(vars);
        };
        self.values(&member.key, scope, value, &mut |key| {
            if key.as_text().is_none() {
                return Err(Fault::of([
                    "Cannot index ".into(),
                    value.kind().into(),
                    " with ".into(),
                    key.kind().into(),
                    " (".into(),
                    key.into(),
                    ")".into(),
                ])
                .into());
            }
            let part = place::get(value, &key)?;
            let mut vars = vars.clone();
            if let Some(var) = member.var {
                vars[var] = part.clone();
            }
            let mut next = |vars| self.members(pattern, at + 1, (scope, value), vars, then);
            match &member.inner {
                Some(inner) => self.take_apart(inner, scope, &part, vars, &mut next),
                None => next(vars),
            }
        })
    }

    /// `reduce`: the last result of each step is the state of the next.
    pub fn reduce(
        &self,
        (source, patterns): (&'p Node, &'p Patterns),
        steps: &'p [Node; 2],
        (scope, input): (&Scope<'p>, &Pv),
        out: Out<'_>,
    ) -> Run {
        let [start, update] = steps;
        self.values(start, scope, &input.value, &mut |start| {
            let mut state = start;
            self.bind(source, scope, input, patterns, &mut |inner, _| {
                let old = input.with(std::mem::replace(&mut state, Val::Null));
                if update.is_single {
                    state = self.one(update, inner, old)?.value;
                    return Ok(());
                }
                self.eval(update, inner, old, &mut |pv| {
                    state = pv.value;
                    Ok(())
                })
            })?;
            out(input.with(std::mem::replace(&mut state, Val::Null)))
        })
    }

    /// `foreach`: as `reduce`, with what comes of each step.
    pub fn foreach(
        &self,
        (source, patterns, result): (&'p Node, &'p Patterns, Option<&'p Node>),
        steps: &'p [Node; 2],
        (scope, input): (&Scope<'p>, &Pv),
        out: Out<'_>,
    ) -> Run {
        let [start, update] = steps;
        self.values(start, scope, &input.value, &mut |start| {
            let mut state = start;
            self.bind(source, scope, input, patterns, &mut |inner, _| {
                let old = input.with(std::mem::replace(&mut state, Val::Null));
                self.eval(update, inner, old, &mut |pv| {
                    state = pv.value.clone();
                    match result {
                        Some(result) => self.eval(result, inner, pv, out),
                        None => out(pv),
                    }
                })
            })
        })
    }

    /// Nodes whose parts have several values.
    pub fn combined(&self, node: &'p Node, scope: &Scope<'p>, input: &Pv, out: Out<'_>) -> Run {
        let value = &input.value;
        match &node.kind {
            Kind::Math(how, l, r) => self.values(r, scope, value, &mut |right| {
                self.values(l, scope, value, &mut |left| {
                    out(input.with(how.of(left, right.clone())?))
                })
            }),
            Kind::Compare(how, l, r) => self.values(r, scope, value, &mut |right| {
                self.values(l, scope, value, &mut |left| {
                    out(input.with(Val::Bool(compare(*how, &left, &right))))
                })
            }),
            Kind::And(l, r) => self.values(l, scope, value, &mut |left| {
                if !left.is_true() {
                    return out(input.with(Val::Bool(false)));
                }
                self.values(r, scope, value, &mut |right| {
                    out(input.with(Val::Bool(right.is_true())))
                })
            }),
            Kind::Or(l, r) => self.values(l, scope, value, &mut |left| {
                if left.is_true() {
                    return out(input.with(Val::Bool(true)));
                }
                self.values(r, scope, value, &mut |right| {
                    out(input.with(Val::Bool(right.is_true())))
                })
            }),
            Kind::Negate(inner) => self.values(inner, scope, value, &mut |inner| {
                out(input.with(negate(inner)?))
            }),
            Kind::Index(inner, key) => self.values(key, scope, value, &mut |key| {
                self.eval(inner, scope, input.clone(), &mut |pv| {
                    out(Self::index(&pv, &key)?)
                })
            }),
            Kind::Slice(inner, from, to) => {
                self.maybe(from.as_deref(), scope, value, &mut |from| {
                    self.maybe(to.as_deref(), scope, value, &mut |to| {
                        let key = slice_key(from.clone(), to);
                        self.eval(inner, scope, input.clone(), &mut |pv| {
                            out(Self::index(&pv, &key)?)
                        })
                    })
                })
            }
            Kind::Object(members) => {
                self.object(members, (scope, value), Members::default(), &mut |made| {
                    out(input.with(Val::object(made)))
                })
            }
            Kind::Text(pieces) => self.text(pieces, (scope, value), String::new(), &mut |text| {
                out(input.with(Val::text(text)))
            }),
            Kind::Native(native, args) => {
                self.arguments(args, (scope, value), &mut Vec::new(), &mut |values| {
                    out(input.with(native(value, values)?))
                })
            }
            _ => out(self.one(node, scope, input.clone())?),
        }
    }

    /// A step that gives nothing where it fails.
    pub fn optional(&self, step: &'p Node, (scope, input): (&Scope<'p>, &Pv), out: Out<'_>) -> Run {
        let value = &input.value;
        let mut index = |pv: &Pv, key: &Val| match Self::index(pv, key) {
            Ok(part) => out(part),
            Err(Stop::Fault(fault)) if !pv.is_at_path() => Err(Stop::Fault(fault)),
            Err(_) => Ok(()),
        };
        match &step.kind {
            Kind::Index(inner, key) => self.values(key, scope, value, &mut |key| {
                self.eval(inner, scope, input.clone(), &mut |pv| index(&pv, &key))
            }),
            Kind::Slice(inner, from, to) => {
                self.maybe(from.as_deref(), scope, value, &mut |from| {
                    self.maybe(to.as_deref(), scope, value, &mut |to| {
                        let key = slice_key(from.clone(), to);
                        self.eval(inner, scope, input.clone(), &mut |pv| index(&pv, &key))
                    })
                })
            }
            Kind::Each(inner) => self.eval(inner, scope, input.clone(), &mut |pv| {
                let can_be = matches!(pv.value, Val::List(_) | Val::Object(_));
                if can_be || !pv.is_at_path() {
                    Self::each(&pv, out)
                } else {
                    Ok(())
                }
            }),
            _ => self.eval(step, scope, input.clone(), out),
        }
    }

    fn maybe(
        &self,
        node: Option<&'p Node>,
        scope: &Scope<'p>,
        input: &Val,
        out: &mut dyn FnMut(Val) -> Run,
    ) -> Run {
        match node {
            Some(node) => self.values(node, scope, input, out),
            None => out(Val::Null),
        }
    }

    /// The members of an object: those of the first change slowest.
    fn object(
        &self,
        members: &'p [(Node, Node)],
        (scope, input): (&Scope<'p>, &Val),
        made: Members,
        out: &mut dyn FnMut(Members) -> Run,
    ) -> Run {
        let Some(((key, value), rest)) = members.split_first() else {
            return out(made);
        };
        self.values(key, scope, input, &mut |key| {
            self.values(value, scope, input, &mut |value| {
                let mut made = made.clone();
                insert(&mut made, key.clone(), value)?;
                self.object(rest, (scope, input), made, out)
            })
        })
    }

    /// The pieces of a text: those of the last change slowest.
    fn text(
        &self,
        pieces: &'p [Piece],
        (scope, input): (&Scope<'p>, &Val),
        behind: String,
        out: &mut dyn FnMut(String) -> Run,
    ) -> Run {
        match pieces.split_last() {
            None => out(behind),
            Some((Piece::Text(text), rest)) => {
                self.text(rest, (scope, input), format!("{text}{behind}"), out)
            }
            Some((Piece::Node(node), rest)) => self.values(node, scope, input, &mut |value| {
                let text = value.to_text()?;
                large::check_length(text.len() + behind.len())?;
                self.text(rest, (scope, input), format!("{}{behind}", &*text), out)
            }),
        }
    }

    /// The arguments of a function of values: the last change slowest.
    fn arguments(
        &self,
        args: &'p [Node],
        (scope, input): (&Scope<'p>, &Val),
        values: &mut Vec<Val>,
        out: &mut dyn FnMut(&[Val]) -> Run,
    ) -> Run {
        let Some((last, rest)) = args.split_last() else {
            return out(values);
        };
        self.values(last, scope, input, &mut |value| {
            values.insert(0, value);
            let ended = self.arguments(rest, (scope, input), values, out);
            values.remove(0);
            ended
        })
    }
}

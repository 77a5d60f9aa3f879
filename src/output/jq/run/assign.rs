//! Changes what paths lead to: `=`, `|=`, `+=`, `del`.

use super::eval::{Machine, Out, Pv, Run, Scope, Stop};
use super::node::Node;
use crate::output::jq::fault::Fault;
use crate::output::jq::value::math::Math;
use crate::output::jq::value::{Val, large, place};

impl<'p> Machine<'p> {
    /// Gives each path that a node leads to.
    pub fn paths(
        &self,
        node: &'p Node,
        scope: &Scope<'p>,
        input: &Val,
        out: &mut dyn FnMut(Vec<Val>) -> Run,
    ) -> Run {
        if node.is_single {
            // The value is given back before it is changed: it is changed in place.
            let pv = self.one(node, scope, Pv::root(input.clone()))?;
            intact(&pv)?;
            let path = pv.path();
            drop(pv);
            return out(path);
        }
        self.eval(node, scope, Pv::root(input.clone()), &mut |pv| {
            intact(&pv)?;
            out(pv.path())
        })
    }

    /// `l = r`
    pub fn set(
        &self,
        (l, r): (&'p Node, &'p Node),
        scope: &Scope<'p>,
        input: Pv,
        out: Out<'_>,
    ) -> Run {
        let at = input.with(Val::Null);
        if l.is_single && r.is_single {
            let new = self.value(r, scope, &input.value)?;
            let mut path = Vec::new();
            self.paths(l, scope, &input.value, &mut |only| {
                path = only;
                Ok(())
            })?;
            return out(at.with(place::set_path(input.value, &path, &new)?));
        }
        self.values(r, scope, &input.value, &mut |new| {
            let mut steps = Steps::new(input.value.clone());
            self.paths(l, scope, &input.value, &mut |path| {
                steps.value = place::set_path(steps.take(), &path, &new)?;
                Ok(())
            })?;
            out(at.with(steps.take()))
        })
    }

    /// `l |= f`: the first result counts; where there is none, what was there is deleted.
    pub fn update(
        &self,
        (l, f): (&'p Node, &'p Node),
        scope: &Scope<'p>,
        input: Pv,
    ) -> Result<Pv, Stop> {
        let at = input.with(Val::Null);
        let value = self.changed((l, !f.is_single), scope, input.value, &mut |old| {
            if f.is_single {
                return Ok(Some(self.one(f, scope, Pv::plain(old))?.value));
            }
            let label = self.label();
            let mut first = None;
            let ended = self.eval(f, scope, Pv::plain(old), &mut |pv| {
                first = Some(pv.value);
                Err(Stop::Break(label))
            });
            match ended {
                Err(Stop::Break(to)) if to == label => Ok(first),
                Ok(()) => Ok(None),
                Err(stop) => Err(stop),
            }
        })?;
        Ok(at.with(value))
    }

    /// `l += r` and the like, and `l //= r`.
    pub fn change(
        &self,
        (l, r): (&'p Node, &'p Node),
        how: Option<Math>,
        (scope, input): (&Scope<'p>, Pv),
        out: Out<'_>,
    ) -> Run {
        let at = input.with(Val::Null);
        if r.is_single {
            let right = self.value(r, scope, &input.value)?;
            let mut change = |old| changed_by(how, old, &right);
            let value = self.changed((l, false), scope, input.value, &mut change)?;
            return out(at.with(value));
        }
        self.values(r, scope, &input.value.clone(), &mut |right| {
            let mut change = |old| changed_by(how, old, &right);
            let value = self.changed((l, false), scope, input.value.clone(), &mut change)?;
            out(at.with(value))
        })
    }

    /// Changes what the paths of a node lead to, one after the other. `may_delete` says that there
    /// may be nothing to change it to: then it stays for the moment, and is deleted in the end.
    fn changed(
        &self,
        (node, may_delete): (&'p Node, bool),
        scope: &Scope<'p>,
        input: Val,
        change: &mut dyn FnMut(Val) -> Result<Option<Val>, Stop>,
    ) -> Result<Val, Stop> {
        let mut gone = Vec::new();
        let mut steps = Steps::new(input);
        let mut step = |steps: &mut Steps, path: Vec<Val>| {
            if may_delete {
                let old = place::get_path(&steps.value, &path)?;
                match change(old)? {
                    Some(new) => steps.value = place::set_path(steps.take(), &path, &new)?,
                    None => gone.push(Val::list(path)),
                }
                return Ok::<(), Stop>(());
            }
            steps.value = place::change_path(steps.take(), &path, &mut |old| {
                Ok::<Val, Stop>(change(old)?.unwrap_or(Val::Null))
            })?;
            Ok(())
        };
        if node.is_single {
            let pv = self.one(node, scope, Pv::root(steps.value.clone()))?;
            intact(&pv)?;
            let path = pv.path();
            drop(pv);
            step(&mut steps, path)?;
        } else {
            let input = steps.value.clone();
            self.paths(node, scope, &input, &mut |path| step(&mut steps, path))?;
        }
        if gone.is_empty() {
            return Ok(steps.take());
        }
        Ok(place::delete_paths(steps.take(), gone)?)
    }

    /// `del(f)`
    pub fn delete(&self, node: &'p Node, scope: &Scope<'p>, input: Val) -> Result<Val, Stop> {
        let mut paths = Vec::new();
        self.paths(node, scope, &input, &mut |path| {
            large::check_count(paths.len())?;
            paths.push(Val::list(path));
            Ok(())
        })?;
        Ok(place::delete_paths(input, paths)?)
    }
}

/// A value between changes.
struct Steps {
    value: Val,
}

impl Steps {
    fn new(value: Val) -> Self {
        Self { value }
    }

    fn take(&mut self) -> Val {
        std::mem::replace(&mut self.value, Val::Null)
    }
}

fn changed_by(how: Option<Math>, old: Val, right: &Val) -> Result<Option<Val>, Stop> {
    Ok(Some(match how {
        Some(math) => math.of(old, right.clone())?,
        None if old.is_true() => old,
        None => right.clone(),
    }))
}

/// Fails where a value is not what a path leads to.
pub fn intact(pv: &Pv) -> Result<(), Fault> {
    if pv.is_at_path() {
        return Ok(());
    }
    Err(Fault::of([
        "Invalid path expression with result ".into(),
        pv.value.clone().into(),
    ]))
}

//! Functions that take filters, or do more than compute a value.

use super::assign::intact;
use super::eval::{Machine, Out, Pv, Run, Scope, Stop};
use super::node::{Form, Node};
use crate::output::jq::fault::Fault;
use crate::output::jq::library;
use crate::output::jq::value::math;
use crate::output::jq::value::{Val, large, place};

/// What is to be done of a function that goes on with its own results.
enum Task {
    Visit(Pv),
    Give(Pv),
    Stop(Stop),
}

impl<'p> Machine<'p> {
    /// Runs a function.
    #[expect(clippy::too_many_lines, reason = "an arm for each function")]
    pub fn form(
        &self,
        form: Form,
        args: &'p [Node],
        (scope, input): (&Scope<'p>, Pv),
        out: Out<'_>,
    ) -> Run {
        let value = &input.value;
        match form {
            Form::Empty => Ok(()),
            Form::Error => match args.first() {
                None => Err(Fault::Given(input.value).into()),
                Some(message) => self.values(message, scope, value, &mut |message| {
                    Err(Fault::Given(message).into())
                }),
            },
            Form::Path => self.eval(&args[0], scope, Pv::root(value.clone()), &mut |pv| {
                intact(&pv)?;
                out(input.with(Val::list(pv.path())))
            }),
            Form::GetPath => self.values(&args[0], scope, value, &mut |path| {
                out(Self::get_path(&input, &path)?)
            }),
            Form::Recurse => match args.first() {
                None => Self::all_below(input, out),
                Some(f) => Self::go_on(input, out, &mut |pv, tasks| {
                    tasks.push(Task::Give(pv.clone()));
                    let ended = self.eval(f, scope, pv, &mut |pv| {
                        large::check_count(tasks.len())?;
                        tasks.push(Task::Visit(pv));
                        Ok(())
                    });
                    tasks.extend(ended.err().map(Task::Stop));
                }),
            },
            Form::Until => Self::go_on(input, out, &mut |pv, tasks| {
                let ended = self.values(&args[0], scope, &pv.value.clone(), &mut |is_over| {
                    if is_over.is_true() {
                        tasks.push(Task::Give(pv.clone()));
                        return Ok(());
                    }
                    self.eval(&args[1], scope, pv.clone(), &mut |pv| {
                        large::check_count(tasks.len())?;
                        tasks.push(Task::Visit(pv));
                        Ok(())
                    })
                });
                tasks.extend(ended.err().map(Task::Stop));
            }),
            Form::While => Self::go_on(input, out, &mut |pv, tasks| {
                let ended = self.values(&args[0], scope, &pv.value.clone(), &mut |is_on| {
                    if !is_on.is_true() {
                        return Ok(());
                    }
                    tasks.push(Task::Give(pv.clone()));
                    self.eval(&args[1], scope, pv.clone(), &mut |pv| {
                        large::check_count(tasks.len())?;
                        tasks.push(Task::Visit(pv));
                        Ok(())
                    })
                });
                tasks.extend(ended.err().map(Task::Stop));
            }),
            Form::Repeat => loop {
                self.eval(&args[0], scope, input.clone(), out)?;
            },
            Form::First => {
                let label = self.label();
                let mut first = None;
                let ended = self.eval(&args[0], scope, input.clone(), &mut |pv| {
                    first = Some(pv);
                    Err(Stop::Break(label))
                });
                match ended {
                    Err(Stop::Break(to)) if to == label => first.map_or(Ok(()), out),
                    ended => ended,
                }
            }
            Form::Last => {
                let mut last = None;
                self.values(&args[0], scope, value, &mut |value| {
                    last = Some(value);
                    Ok(())
                })?;
                last.map_or(Ok(()), |last| out(input.with(last)))
            }
            Form::Limit => self.values(&args[0], scope, value, &mut |n| {
                self.limit(&n, &args[1], (scope, &input), out)
            }),
            Form::Skip => self.values(&args[0], scope, value, &mut |n| {
                let left = count(&n, "skip doesn't support negative count")?;
                let mut seen = 0.0;
                self.eval(&args[1], scope, input.clone(), &mut |pv| {
                    if seen < left.clone()? {
                        seen += 1.0;
                        return Ok(());
                    }
                    out(pv)
                })
            }),
            Form::Nth => self.values(&args[0], scope, value, &mut |n| {
                let left = count(&n, "nth doesn't support negative indices")?;
                let label = self.label();
                let mut found = None;
                let mut seen = 0.0;
                let ended = self.eval(&args[1], scope, input.clone(), &mut |pv| {
                    if seen < left.clone()? {
                        seen += 1.0;
                        return Ok(());
                    }
                    found = Some(pv);
                    Err(Stop::Break(label))
                });
                match ended {
                    Err(Stop::Break(to)) if to == label => found.take().map_or(Ok(()), &mut *out),
                    ended => ended,
                }
            }),
            Form::Range => self.range(args, (scope, &input), out),
            Form::Any | Form::All => {
                let found = self.look_for(form == Form::Any, args, scope, value)?;
                out(input.with(Val::Bool(found == (form == Form::Any))))
            }
            Form::IsEmpty => {
                let label = self.label();
                let ended = self.values(&args[0], scope, value, &mut |_| Err(Stop::Break(label)));
                match ended {
                    Err(Stop::Break(to)) if to == label => out(input.with(Val::Bool(false))),
                    Ok(()) => out(input.with(Val::Bool(true))),
                    ended => ended,
                }
            }
            Form::Add => {
                let mut sum = Val::Null;
                let mut add = |value| {
                    sum = math::add(std::mem::replace(&mut sum, Val::Null), value)?;
                    Ok(())
                };
                match args.first() {
                    Some(f) => self.values(f, scope, value, &mut add)?,
                    None => Self::each(&Pv::plain(value.clone()), &mut |pv| add(pv.value))?,
                }
                out(input.with(sum))
            }
            Form::SortBy | Form::GroupBy | Form::UniqueBy | Form::MinBy | Form::MaxBy => {
                let mut keys = Vec::new();
                Self::each(&Pv::plain(value.clone()), &mut |pv| {
                    let mut key = Vec::new();
                    self.values(&args[0], scope, &pv.value, &mut |value| {
                        large::check_count(key.len())?;
                        key.push(value);
                        Ok(())
                    })?;
                    keys.push(Val::list(key));
                    Ok(())
                })?;
                out(input.with(library::by_keys(form, value, keys)?))
            }
            Form::Del => {
                let at = input.with(Val::Null);
                out(at.with(self.delete(&args[0], scope, input.value)?))
            }
            Form::Input => Err(Fault::said("break").into()),
            Form::LineNumber => Err(Fault::said("Unknown input line number").into()),
            Form::Env => out(input.with(self.env.clone())),
            Form::Debug => {
                let note = |value: &Val| -> Run {
                    let text = value.to_json()?;
                    (self.hooks.note)(format!("[\"DEBUG:\",{text}]"))
                };
                match args.first() {
                    None => note(value)?,
                    Some(messages) => {
                        self.values(messages, scope, value, &mut |message| note(&message))?;
                    }
                }
                out(input)
            }
            Form::Stderr => {
                let text = value.to_text()?.to_string();
                (self.hooks.note)(text)?;
                out(input)
            }
            Form::Halt => Err(Stop::Halt(0, String::new())),
            Form::HaltError => match args.first() {
                None => Err(halted(5.0, value)?),
                Some(code) => self.values(code, scope, value, &mut |code| match code.as_float() {
                    Some(code) => Err(halted(code, value)?),
                    None => Err(Fault::said("halt_error/1: number required").into()),
                }),
            },
        }
    }

    fn limit(&self, n: &Val, f: &'p Node, (scope, input): (&Scope<'p>, &Pv), out: Out<'_>) -> Run {
        let most = count(n, "limit doesn't support negative count")?;
        if matches!(most, Ok(0.0)) {
            return Ok(());
        }
        let label = self.label();
        let mut seen = 0.0;
        let ended = self.eval(f, scope, input.clone(), &mut |pv| {
            let most = most.clone()?;
            seen += 1.0;
            out(pv)?;
            if seen >= most {
                return Err(Stop::Break(label));
            }
            Ok(())
        });
        match ended {
            Err(Stop::Break(to)) if to == label => Ok(()),
            ended => ended,
        }
    }

    /// Visits values and what comes of them, without a frame for each.
    fn go_on(input: Pv, out: Out<'_>, visit: &mut dyn FnMut(Pv, &mut Vec<Task>)) -> Run {
        let mut tasks = vec![Task::Visit(input)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Give(pv) => out(pv)?,
                Task::Stop(stop) => return Err(stop),
                Task::Visit(pv) => {
                    let before = tasks.len();
                    visit(pv, &mut tasks);
                    large::check_count(tasks.len())?;
                    tasks[before..].reverse();
                }
            }
        }
        Ok(())
    }

    /// `..`
    fn all_below(pv: Pv, out: Out<'_>) -> Run {
        let is_container = matches!(pv.value, Val::List(_) | Val::Object(_));
        if !is_container {
            return out(pv);
        }
        out(pv.clone())?;
        Self::each(&pv, &mut |pv| Self::all_below(pv, out))
    }

    fn get_path(input: &Pv, path: &Val) -> Result<Pv, Stop> {
        let Some(keys) = path.as_items() else {
            return Err(Fault::said("Path must be specified as an array").into());
        };
        intact(input)?;
        let value = place::get_path(&input.value, keys)?;
        if input.at.is_none() {
            return Ok(Pv::plain(value));
        }
        let mut pv = input.clone();
        for key in keys {
            pv = pv.step(key, value.clone());
        }
        pv.value = value;
        Ok(pv)
    }

    fn range(&self, args: &'p [Node], (scope, input): (&Scope<'p>, &Pv), out: Out<'_>) -> Run {
        let zero = Val::count(0);
        let one = Val::count(1);
        let value = &input.value;
        match args {
            [to] => self.values(to, scope, value, &mut |to| {
                count_up((&zero, &to, &one), input, out)
            }),
            [from, to] => self.values(from, scope, value, &mut |from| {
                self.values(to, scope, value, &mut |to| {
                    count_up((&from, &to, &one), input, out)
                })
            }),
            [from, to, by] => self.values(from, scope, value, &mut |from| {
                self.values(to, scope, value, &mut |to| {
                    self.values(by, scope, value, &mut |by| {
                        count_by((&from, &to, &by), input, out)
                    })
                })
            }),
            _ => Ok(()),
        }
    }

    /// Returns whether a condition is `wanted` for any of what is given.
    fn look_for(
        &self,
        wanted: bool,
        args: &'p [Node],
        scope: &Scope<'p>,
        input: &Val,
    ) -> Result<bool, Stop> {
        let label = self.label();
        let mut test = |value: Val| match args.last() {
            None if value.is_true() == wanted => Err(Stop::Break(label)),
            None => Ok(()),
            Some(condition) => self.values(condition, scope, &value, &mut |value| {
                if value.is_true() == wanted {
                    return Err(Stop::Break(label));
                }
                Ok(())
            }),
        };
        let ended = match args {
            [generator, _] => self.values(generator, scope, input, &mut test),
            _ => Self::each(&Pv::plain(input.clone()), &mut |pv| test(pv.value)),
        };
        match ended {
            Err(Stop::Break(to)) if to == label => Ok(true),
            Ok(()) => Ok(false),
            Err(stop) => Err(stop),
        }
    }
}

/// How many, where a function counts. What is above every number fails once something is counted.
fn count(n: &Val, negative: &'static str) -> Result<Result<f64, Fault>, Fault> {
    match n.as_float() {
        Some(x) if x >= 0.0 => Ok(Ok(x)),
        Some(_) => Err(Fault::said(negative)),
        None if matches!(n, Val::Null | Val::Bool(_)) => Err(Fault::said(negative)),
        None => Ok(Err(Fault::pair(
            n.clone(),
            Val::count(1),
            "cannot be subtracted",
        ))),
    }
}

fn count_up((from, to, by): (&Val, &Val, &Val), input: &Pv, out: Out<'_>) -> Run {
    let (Some(_), Some(_)) = (from.as_float(), to.as_float()) else {
        return Err(Fault::said("Range bounds must be numeric").into());
    };
    count_by((from, to, by), input, out)
}

fn count_by((from, to, by): (&Val, &Val, &Val), input: &Pv, out: Out<'_>) -> Run {
    let (Some(from), Some(to), Some(by)) = (from.as_float(), to.as_float(), by.as_float()) else {
        return Err(Fault::said("Range bounds must be numeric").into());
    };
    let mut x = from;
    while (by > 0.0 && x < to) || (by < 0.0 && x > to) {
        out(input.with(Val::float(x)))?;
        x += by;
    }
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "an exit code")]
fn halted(code: f64, value: &Val) -> Result<Stop, Fault> {
    Ok(Stop::Halt(code as i64, value.to_text()?.to_string()))
}

//! Functions of numbers: those of C's library that jq has.

use crate::output::jq::fault::{Fault, Result};
use crate::output::jq::run::Native;
use crate::output::jq::value::Val;

/// Functions of this theme.
pub fn native(name: &str, count: usize) -> Option<Native> {
    match count {
        0 => of_one(name),
        2 => of_two(name),
        3 if name == "fma" => Some(|_, a| {
            let (x, y, z) = (number(&a[0])?, number(&a[1])?, number(&a[2])?);
            Ok(Val::float(x.mul_add(y, z)))
        }),
        _ => None,
    }
}

fn number(value: &Val) -> Result<f64> {
    value
        .as_float()
        .ok_or_else(|| Fault::about(value.clone(), "number required"))
}

fn unary(value: &Val, f: fn(f64) -> f64) -> Result<Val> {
    Ok(Val::float(f(number(value)?)))
}

fn is(value: &Val, f: fn(f64) -> bool) -> Val {
    Val::Bool(value.as_float().is_some_and(f))
}

fn pair(a: f64, b: f64) -> Val {
    Val::list(vec![Val::float(a), Val::float(b)])
}

fn of_one(name: &str) -> Option<Native> {
    Some(match name {
        "floor" => |v, _| unary(v, f64::floor),
        "ceil" => |v, _| unary(v, f64::ceil),
        "round" => |v, _| unary(v, f64::round),
        "trunc" => |v, _| unary(v, f64::trunc),
        "rint" | "nearbyint" => |v, _| unary(v, f64::round_ties_even),
        "fabs" => |v, _| unary(v, f64::abs),
        "sqrt" => |v, _| unary(v, f64::sqrt),
        "cbrt" => |v, _| unary(v, f64::cbrt),
        "exp" => |v, _| unary(v, f64::exp),
        "exp2" => |v, _| unary(v, f64::exp2),
        "exp10" => |v, _| unary(v, libm::exp10),
        "expm1" => |v, _| unary(v, f64::exp_m1),
        "log" => |v, _| unary(v, f64::ln),
        "log2" => |v, _| unary(v, f64::log2),
        "log10" => |v, _| unary(v, f64::log10),
        "log1p" => |v, _| unary(v, f64::ln_1p),
        "sin" => |v, _| unary(v, f64::sin),
        "cos" => |v, _| unary(v, f64::cos),
        "tan" => |v, _| unary(v, f64::tan),
        "asin" => |v, _| unary(v, f64::asin),
        "acos" => |v, _| unary(v, f64::acos),
        "atan" => |v, _| unary(v, f64::atan),
        "sinh" => |v, _| unary(v, f64::sinh),
        "cosh" => |v, _| unary(v, f64::cosh),
        "tanh" => |v, _| unary(v, f64::tanh),
        "asinh" => |v, _| unary(v, libm::asinh),
        "acosh" => |v, _| unary(v, libm::acosh),
        "atanh" => |v, _| unary(v, libm::atanh),
        "erf" => |v, _| unary(v, libm::erf),
        "erfc" => |v, _| unary(v, libm::erfc),
        "j0" => |v, _| unary(v, libm::j0),
        "j1" => |v, _| unary(v, libm::j1),
        "y0" => |v, _| unary(v, libm::y0),
        "y1" => |v, _| unary(v, libm::y1),
        "gamma" | "lgamma" => |v, _| unary(v, libm::lgamma),
        "tgamma" => |v, _| unary(v, libm::tgamma),
        "lgamma_r" => |v, _| {
            let (x, sign) = libm::lgamma_r(number(v)?);
            Ok(pair(x, f64::from(sign)))
        },
        "frexp" => |v, _| {
            let x = number(v)?;
            if !x.is_finite() {
                return Ok(pair(x, 0.0));
            }
            let (mantissa, exponent) = libm::frexp(x);
            Ok(pair(mantissa, f64::from(exponent)))
        },
        "modf" => |v, _| {
            let x = number(v)?;
            let part = if x.is_infinite() {
                0.0_f64.copysign(x)
            } else {
                x - x.trunc()
            };
            Ok(pair(part.copysign(x), x.trunc()))
        },
        "significand" => |v, _| {
            let x = number(v)?;
            if x == 0.0 || !x.is_finite() {
                return Ok(Val::float(x));
            }
            Ok(Val::float(libm::frexp(x).0 * 2.0))
        },
        "logb" => |v, _| {
            let x = number(v)?;
            Ok(Val::float(if x == 0.0 {
                f64::NEG_INFINITY
            } else if x.is_finite() {
                f64::from(libm::frexp(x).1 - 1)
            } else {
                x * x
            }))
        },
        "abs" => |v, _| match v {
            Val::Number(n) if n.float() < 0.0 => Ok(Val::Number(n.negated())),
            // As `if . < 0 then -. end` has it.
            Val::Null | Val::Bool(_) => Err(Fault::about(v.clone(), "cannot be negated")),
            Val::Number(_) | Val::Text(_) | Val::List(_) | Val::Object(_) => Ok(v.clone()),
        },
        "isnan" => |v, _| Ok(is(v, f64::is_nan)),
        "isinfinite" => |v, _| Ok(is(v, f64::is_infinite)),
        "isfinite" => |v, _| Ok(is(v, |x| !x.is_infinite())),
        "isnormal" => |v, _| Ok(is(v, f64::is_normal)),
        _ => return None,
    })
}

fn binary(args: &[Val], f: fn(f64, f64) -> f64) -> Result<Val> {
    Ok(Val::float(f(number(&args[0])?, number(&args[1])?)))
}

/// An exponent, cut to what makes a difference.
#[expect(clippy::cast_possible_truncation, reason = "clamped")]
fn exponent(x: f64) -> i32 {
    x.clamp(-1e6, 1e6) as i32
}

/// The order of a Bessel function.
#[expect(clippy::cast_possible_truncation, reason = "checked")]
fn order(n: &Val) -> Result<i32> {
    let x = number(n)?;
    if x.abs() < 2_147_483_648.0 {
        return Ok(x as i32);
    }
    Err(Fault::about(n.clone(), "is too large an order"))
}

fn of_two(name: &str) -> Option<Native> {
    Some(match name {
        "pow" => |_, a| binary(a, f64::powf),
        "atan2" => |_, a| binary(a, f64::atan2),
        "fmod" => |_, a| binary(a, |x, y| x % y),
        "hypot" => |_, a| binary(a, f64::hypot),
        "copysign" => |_, a| binary(a, f64::copysign),
        "fmin" => |_, a| binary(a, f64::min),
        "fmax" => |_, a| binary(a, f64::max),
        "fdim" => |_, a| binary(a, libm::fdim),
        "nextafter" | "nexttoward" => |_, a| binary(a, libm::nextafter),
        "drem" | "remainder" => |_, a| binary(a, libm::remainder),
        "ldexp" | "scalbln" => |_, a| binary(a, |x, n| libm::ldexp(x, exponent(n))),
        "scalb" => |_, a| {
            binary(a, |x, n| {
                let is_whole = n.is_infinite() || n.fract() == 0.0;
                if is_whole {
                    libm::ldexp(x, exponent(n))
                } else {
                    f64::NAN
                }
            })
        },
        "jn" => |_, a| Ok(Val::float(libm::jn(order(&a[0])?, number(&a[1])?))),
        "yn" => |_, a| Ok(Val::float(libm::yn(order(&a[0])?, number(&a[1])?))),
        _ => return None,
    })
}

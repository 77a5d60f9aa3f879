//! Values of expressions. What the service answers with a warning and null is null here.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::{Expr, Refused};

/// The variables of one row, the newest last.
pub type Scope = Vec<(String, Value)>;

/// The value of an expression.
pub fn eval(expr: &Expr, scope: &Scope) -> Result<Value, Refused> {
    Ok(match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Variable(name) => match scope.iter().rev().find(|(known, _)| known == name) {
            Some((_, value)) => value.clone(),
            None => {
                let message = format!("collection or view not found: {name} (while parsing)");
                return Err(Refused::new(404, 1203, message));
            }
        },
        Expr::Part(whole, part) => {
            let part = eval(part, scope)?;
            // A member of a variable is looked up in place: documents need not be copied for it.
            let variable = match &**whole {
                Expr::Variable(name) => scope.iter().rev().find(|(known, _)| known == name),
                _ => None,
            };
            match variable {
                Some((_, whole)) => pick(whole, &part),
                None => pick(&eval(whole, scope)?, &part),
            }
        }
        Expr::Array(items) => items
            .iter()
            .map(|item| eval(item, scope))
            .collect::<Result<_, _>>()?,
        Expr::Object(members) => {
            let mut object = Map::new();
            for (name, value) in members {
                object.insert(name.clone(), eval(value, scope)?);
            }
            Value::Object(object)
        }
        Expr::Unary('!', value) => (!is_true(&eval(value, scope)?)).into(),
        Expr::Unary(_, value) => match eval(value, scope)? {
            Value::Number(number) if number.is_i64() => (-number.as_i64().unwrap_or(0)).into(),
            value => (-as_number(&value)).into(),
        },
        Expr::Binary("&&", left, right) => {
            let left = eval(left, scope)?;
            if is_true(&left) {
                eval(right, scope)?
            } else {
                left
            }
        }
        Expr::Binary("||", left, right) => {
            let left = eval(left, scope)?;
            if is_true(&left) {
                left
            } else {
                eval(right, scope)?
            }
        }
        Expr::Binary(operator, left, right) => {
            binary(operator, &eval(left, scope)?, &eval(right, scope)?)
        }
        Expr::Choice(parts) => {
            let yes = is_true(&eval(&parts[0], scope)?);
            eval(&parts[if yes { 1 } else { 2 }], scope)?
        }
        Expr::Call(name, arguments) => {
            let arguments: Vec<Value> = arguments
                .iter()
                .map(|argument| eval(argument, scope))
                .collect::<Result<_, _>>()?;
            call(name, &arguments)?
        }
    })
}

fn pick(whole: &Value, part: &Value) -> Value {
    match (whole, part) {
        (Value::Object(whole), Value::String(name)) => whole.get(name).cloned(),
        (Value::Array(whole), Value::Number(index)) => index
            .as_u64()
            .and_then(|index| whole.get(usize::try_from(index).ok()?))
            .cloned(),
        _ => None,
    }
    .unwrap_or_default()
}

/// What C8QL takes for true.
pub fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn as_number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or(0.0),
        Value::String(text) => text.trim().parse().unwrap_or(0.0),
        Value::Bool(true) => 1.0,
        _ => 0.0,
    }
}

/// The order of values: by type first (null, bool, number, string, list, object).
pub fn order(left: &Value, right: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    };
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(_), Value::Number(_)) => as_number(left).total_cmp(&as_number(right)),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Array(_), Value::Array(_)) | (Value::Object(_), Value::Object(_)) => {
            if left == right {
                Ordering::Equal
            } else {
                left.to_string().cmp(&right.to_string())
            }
        }
        _ => rank(left).cmp(&rank(right)),
    }
}

fn binary(operator: &str, left: &Value, right: &Value) -> Value {
    let whole = || left.as_i64().zip(right.as_i64());
    let (a, b) = (as_number(left), as_number(right));
    match operator {
        "==" => order(left, right).is_eq().into(),
        "!=" => order(left, right).is_ne().into(),
        "<" => order(left, right).is_lt().into(),
        "<=" => order(left, right).is_le().into(),
        ">" => order(left, right).is_gt().into(),
        ">=" => order(left, right).is_ge().into(),
        "IN" => {
            let items = right.as_array().map(Vec::as_slice).unwrap_or_default();
            items.iter().any(|item| order(left, item).is_eq()).into()
        }
        "+" => whole().map_or_else(|| (a + b).into(), |(a, b)| a.saturating_add(b).into()),
        "-" => whole().map_or_else(|| (a - b).into(), |(a, b)| a.saturating_sub(b).into()),
        "*" => whole().map_or_else(|| (a * b).into(), |(a, b)| a.saturating_mul(b).into()),
        "%" => match whole() {
            Some((a, b)) if b != 0 => a.wrapping_rem(b).into(),
            _ => Value::Null,
        },
        "/" if b != 0.0 => match whole() {
            Some((a, b)) if a % b == 0 => (a / b).into(),
            _ => (a / b).into(),
        },
        _ => Value::Null,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn call(name: &str, arguments: &[Value]) -> Result<Value, Refused> {
    Ok(match (name, arguments) {
        ("CONCAT", parts) => parts.iter().map(text).collect::<String>().into(),
        ("TO_STRING", [value]) => text(value).into(),
        ("TO_NUMBER", [value]) => as_number(value).into(),
        ("LENGTH" | "COUNT", [value]) => match value {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            other => text(other).chars().count(),
        }
        .into(),
        ("UPPER", [value]) => text(value).to_uppercase().into(),
        ("REPEAT", [value, count]) => {
            let count = usize::try_from(count.as_u64().unwrap_or(0)).unwrap_or(0);
            text(value).repeat(count.min(1 << 24)).into()
        }
        ("FAIL", reason) => {
            let reason = reason.first().map(text).unwrap_or_default();
            let message = format!("FAIL({reason}) called (while executing)");
            return Err(Refused::new(400, 1569, message));
        }
        ("CONCAT_SEPARATOR", [by, parts @ ..]) => {
            let parts: Vec<String> = parts.iter().map(text).collect();
            parts.join(&text(by)).into()
        }
        (
            "TO_STRING" | "TO_NUMBER" | "LENGTH" | "COUNT" | "UPPER" | "REPEAT"
            | "CONCAT_SEPARATOR",
            _,
        ) => {
            let message =
                format!("invalid number of arguments for function '{name}()' (while parsing)");
            return Err(Refused::new(400, 1541, message));
        }
        _ => {
            let message = format!("usage of unknown function '{name}()' (while parsing)");
            return Err(Refused::new(400, 1540, message));
        }
    })
}

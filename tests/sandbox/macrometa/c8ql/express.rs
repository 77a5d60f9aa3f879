//! Expressions of C8QL and SQL, by how tightly their operators bind.

use serde_json::Value;

use super::lex::Kind;
use super::parse::Parser;
use super::{Expr, Refused};

impl Parser<'_> {
    /// Reads an expression.
    pub fn expr(&mut self) -> Result<Expr, Refused> {
        let condition = self.binary(0)?;
        if !self.sign("?") {
            return Ok(condition);
        }
        let yes = self.expr()?;
        self.need(":")?;
        Ok(Expr::Choice(Box::new([condition, yes, self.expr()?])))
    }

    fn operator(&mut self, level: usize) -> Option<&'static str> {
        const LEVELS: [&[(&str, &str)]; 6] = [
            &[("||", "||"), ("OR", "||")],
            &[("&&", "&&"), ("AND", "&&")],
            &[("==", "=="), ("!=", "!="), ("<>", "!=")],
            &[
                ("<=", "<="),
                (">=", ">="),
                ("<", "<"),
                (">", ">"),
                ("IN", "IN"),
            ],
            &[("+", "+"), ("-", "-")],
            &[("*", "*"), ("/", "/"), ("%", "%")],
        ];
        if level == 2 && self.row.is_some() && self.sign("=") {
            return Some("==");
        }
        let found = LEVELS.get(level)?.iter().find(|(spelling, _)| {
            self.sign(spelling)
                || (spelling.chars().all(char::is_alphabetic) && self.word(spelling))
        });
        found.map(|(_, operator)| *operator)
    }

    fn binary(&mut self, level: usize) -> Result<Expr, Refused> {
        if level == 6 {
            return self.unary();
        }
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(level) {
            let right = self.binary(level + 1)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    pub(super) fn unary(&mut self) -> Result<Expr, Refused> {
        if self.sign("!") || self.word("NOT") {
            return Ok(Expr::Unary('!', Box::new(self.unary()?)));
        }
        if self.sign("-") {
            return Ok(Expr::Unary('-', Box::new(self.unary()?)));
        }
        let mut value = self.primary()?;
        loop {
            let part = if self.sign(".") {
                match self.next() {
                    Kind::Name(name) => Expr::Literal(name.into()),
                    Kind::Bind(name) => Expr::Literal(self.bound(&name)?),
                    _ => {
                        self.at -= 1;
                        return self.fail();
                    }
                }
            } else if self.sign("[") {
                let part = self.expr()?;
                self.need("]")?;
                part
            } else {
                return Ok(value);
            };
            value = Expr::Part(Box::new(value), Box::new(part));
        }
    }

    fn primary(&mut self) -> Result<Expr, Refused> {
        let start = self.at;
        match self.next() {
            Kind::Text(text) => Ok(Expr::Literal(text.into())),
            Kind::Number(number) => serde_json::from_str(&number)
                .map(Expr::Literal)
                .or_else(|_| self.fail()),
            Kind::Bind(name) if !name.starts_with('@') => self.bound(&name).map(Expr::Literal),
            Kind::Sign("(") => {
                let inner = self.expr()?;
                self.need(")")?;
                Ok(inner)
            }
            Kind::Sign("[") => self.list("]").map(Expr::Array),
            Kind::Sign("{") => self.members(),
            Kind::Name(name) => match name.to_ascii_lowercase().as_str() {
                "null" => Ok(Expr::Literal(Value::Null)),
                "true" => Ok(Expr::Literal(true.into())),
                "false" => Ok(Expr::Literal(false.into())),
                "for" | "in" | "return" | "filter" | "limit" | "let" | "sort" => {
                    self.at = start;
                    self.fail()
                }
                _ if self.sign("(") => {
                    let arguments = self.list(")")?;
                    Ok(Expr::Call(name.to_ascii_uppercase(), arguments))
                }
                _ => Ok(match self.row {
                    Some(row) => Expr::Part(
                        Box::new(Expr::Variable(row.to_owned())),
                        Box::new(Expr::Literal(name.into())),
                    ),
                    None => Expr::Variable(name),
                }),
            },
            _ => {
                self.at = start;
                self.fail()
            }
        }
    }

    fn list(&mut self, end: &str) -> Result<Vec<Expr>, Refused> {
        let mut items = Vec::new();
        while !self.sign(end) {
            if !items.is_empty() {
                self.need(",")?;
            }
            items.push(self.expr()?);
        }
        Ok(items)
    }

    fn members(&mut self) -> Result<Expr, Refused> {
        let mut members: Vec<(String, Expr)> = Vec::new();
        while !self.sign("}") {
            if !members.is_empty() {
                self.need(",")?;
            }
            let (name, short) = match self.next() {
                Kind::Name(name) => (name, true),
                Kind::Text(name) => (name, false),
                _ => {
                    self.at -= 1;
                    return self.fail();
                }
            };
            let value = if short && !matches!(self.kind(), Kind::Sign(":")) {
                Expr::Variable(name.clone())
            } else {
                self.need(":")?;
                self.expr()?
            };
            members.push((name, value));
        }
        Ok(Expr::Object(members))
    }
}

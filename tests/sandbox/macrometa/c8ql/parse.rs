//! Makes a [`Statement`] of a query's text.

use serde_json::Value;

use super::lex::{Kind, Token, split, unexpected};
use super::{Act, Binds, Expr, Refused, Source, Statement, Step, Write};

/// Parses C8QL. Every bind variable in it must be given, and every one given must be in it; where `binds` is `None`, they stand
/// for null.
pub fn parse(text: &str, binds: Binds) -> Result<Statement, Refused> {
    let mut parser = Parser::new(text, binds)?;
    let statement = parser.statement()?;
    parser.end()?;
    parser.finish(statement)
}

/// The tokens of a query and how far they are read.
pub struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    pub(super) at: usize,
    binds: Binds<'a>,
    seen: Vec<String>,
    /// In SQL, the row whose columns bare names are.
    pub row: Option<&'static str>,
}

impl<'a> Parser<'a> {
    /// At the beginning of a query.
    pub fn new(text: &'a str, binds: Binds<'a>) -> Result<Self, Refused> {
        if text.trim().is_empty() {
            return Err(Refused::new(400, 1502, "query is empty"));
        }
        Ok(Self {
            text,
            tokens: split(text)?,
            at: 0,
            binds,
            seen: Vec::new(),
            row: None,
        })
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.tokens[self.at].kind
    }

    /// Refuses the present token.
    pub fn fail<T>(&self) -> Result<T, Refused> {
        let what = match self.kind() {
            Kind::Name(_) => "unexpected identifier",
            Kind::Text(_) => "unexpected quoted string",
            Kind::Number(_) => "unexpected number",
            Kind::Bind(_) => "unexpected bind parameter",
            Kind::Sign(sign) => &format!("unexpected {sign}"),
            Kind::End => "unexpected end of query string",
        };
        Err(unexpected(self.text, self.tokens[self.at].at, what))
    }

    pub(super) fn next(&mut self) -> Kind {
        let kind = self.kind().clone();
        self.at += usize::from(kind != Kind::End);
        kind
    }

    /// Reads a keyword where it stands next.
    pub fn word(&mut self, wanted: &str) -> bool {
        let found = self.is_word(wanted);
        self.at += usize::from(found);
        found
    }

    fn is_word(&self, wanted: &str) -> bool {
        matches!(self.kind(), Kind::Name(name) if name.eq_ignore_ascii_case(wanted))
    }

    /// Reads a sign where it stands next.
    pub fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.kind(), Kind::Sign(sign) if *sign == wanted);
        self.at += usize::from(found);
        found
    }

    /// Reads a sign that must stand next.
    pub fn need(&mut self, wanted: &str) -> Result<(), Refused> {
        if self.sign(wanted) {
            Ok(())
        } else {
            self.fail()
        }
    }

    /// Reads a keyword that must stand next.
    pub fn need_word(&mut self, wanted: &str) -> Result<(), Refused> {
        if self.word(wanted) {
            Ok(())
        } else {
            self.fail()
        }
    }

    /// Reads a name.
    pub fn name(&mut self) -> Result<String, Refused> {
        match self.kind().clone() {
            Kind::Name(name) => {
                self.at += 1;
                Ok(name)
            }
            _ => self.fail(),
        }
    }

    /// Reads a whole number, also a bound one.
    pub fn number(&mut self) -> Result<usize, Refused> {
        let value = match self.kind().clone() {
            Kind::Number(digits) => digits.parse().ok(),
            Kind::Bind(name) => {
                let value = self.bound(&name)?;
                value.as_u64().or(value.is_null().then_some(0))
            }
            _ => None,
        };
        match value.and_then(|number: u64| usize::try_from(number).ok()) {
            Some(number) => {
                self.at += 1;
                Ok(number)
            }
            None => self.fail(),
        }
    }

    /// The value of a bind variable; null where the query is only checked.
    pub(super) fn bound(&mut self, name: &str) -> Result<Value, Refused> {
        if !self.seen.iter().any(|seen| seen == name) {
            self.seen.push(name.to_owned());
        }
        match self.binds {
            None => Ok(Value::Null),
            Some(binds) => binds.get(name).cloned().ok_or_else(|| {
                let message = format!(
                    "no value specified for declared bind parameter '{name}' (while parsing)"
                );
                Refused::new(400, 1551, message)
            }),
        }
    }

    /// Reads a collection's name, also a bound one.
    pub fn collection(&mut self) -> Result<String, Refused> {
        match self.kind().clone() {
            Kind::Bind(name) if name.starts_with('@') => {
                self.at += 1;
                let value = self.bound(&name)?;
                Ok(value.as_str().unwrap_or(&name).to_owned())
            }
            _ => self.name(),
        }
    }

    fn statement(&mut self) -> Result<Statement, Refused> {
        let mut statement = Statement {
            each: None,
            steps: Vec::new(),
            sort: None,
            limit: None,
            act: Act::Return(Expr::Literal(Value::Null)),
            binds: Vec::new(),
        };
        if self.word("FOR") {
            let variable = self.name()?;
            self.need_word("IN")?;
            statement.each = Some((variable, self.source()?));
        }
        loop {
            if self.word("LET") {
                let name = self.name()?;
                self.need("=")?;
                statement.steps.push(Step::Let(name, self.expr()?));
            } else if self.word("FILTER") {
                statement.steps.push(Step::Filter(self.expr()?));
            } else if statement.each.is_some() && self.word("SORT") {
                let by = self.expr()?;
                let descending = self.word("DESC");
                let _ = descending || self.word("ASC");
                statement.sort = Some((by, descending));
            } else if statement.each.is_some() && self.word("LIMIT") {
                let first = self.number()?;
                statement.limit = Some(if self.sign(",") {
                    (first, self.number()?)
                } else {
                    (0, first)
                });
            } else {
                break;
            }
        }
        statement.act = self.act()?;
        Ok(statement)
    }

    fn source(&mut self) -> Result<Source, Refused> {
        if matches!(self.kind(), Kind::Bind(name) if name.starts_with('@')) {
            return self.collection().map(Source::Collection);
        }
        let call = matches!(
            self.tokens.get(self.at + 1).map(|t| &t.kind),
            Some(Kind::Sign("(" | "."))
        );
        if matches!(self.kind(), Kind::Name(_)) && !call {
            return self.collection().map(Source::Collection);
        }
        let from = self.expr()?;
        Ok(if self.sign("..") {
            Source::Range(from, self.expr()?)
        } else {
            Source::List(from)
        })
    }

    fn act(&mut self) -> Result<Act, Refused> {
        if self.word("RETURN") {
            let _ = self.word("DISTINCT");
            return self.expr().map(Act::Return);
        }
        let kinds = [
            ("INSERT", Write::Insert),
            ("UPDATE", Write::Update),
            ("REPLACE", Write::Replace),
            ("REMOVE", Write::Remove),
        ];
        let Some((_, kind)) = kinds.into_iter().find(|(word, _)| self.word(word)) else {
            return self.fail();
        };
        // Without `IN` as an operator, which follows here as a keyword.
        let target = self.unary()?;
        let with = if matches!(kind, Write::Update | Write::Replace) && self.word("WITH") {
            Some(self.unary()?)
        } else {
            None
        };
        if !self.word("INTO") {
            self.need_word("IN")?;
        }
        let collection = self.collection()?;
        let returns = if self.word("RETURN") {
            let which = self.name()?.to_ascii_uppercase();
            if !matches!(which.as_str(), "NEW" | "OLD") {
                self.at -= 1;
                return self.fail();
            }
            Some(which)
        } else {
            None
        };
        Ok(Act::Write {
            kind,
            target,
            with,
            collection,
            returns,
        })
    }

    /// Refuses whatever is left.
    pub fn end(&mut self) -> Result<(), Refused> {
        if *self.kind() == Kind::End {
            Ok(())
        } else {
            self.fail()
        }
    }

    /// Checks that all bind variables given were used.
    pub fn finish(self, mut statement: Statement) -> Result<Statement, Refused> {
        let unused = self
            .binds
            .and_then(|binds| binds.keys().find(|name| !self.seen.contains(name)));
        if let Some(name) = unused {
            let message =
                format!("bind parameter '{name}' was not declared in the query (while parsing)");
            return Err(Refused::new(400, 1552, message));
        }
        statement.binds = self.seen;
        Ok(statement)
    }
}

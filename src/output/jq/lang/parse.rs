//! From tokens to terms: jq's grammar.
//!
//! Operators from loose to tight: `|`, `,`, `//`, assignments, `or`, `and`, comparisons, `+ -`,
//! `* / %`. `def`, `label` and what is behind `as` reach as far as they can; `try`, `catch` and `-`
//! take one term.

use std::ops::Range;

use super::lex::{self, Kind as Tok, Token};
use super::term::{Assign, Compare, Definition, Key, Kind, Member, Pattern, Piece, Term};
use super::{DEEPEST, Wrong};
use crate::output::jq::value::math::Math;

type Parsed<T> = Result<T, Wrong>;

/// Words that are no names.
const KEYWORDS: [&str; 19] = [
    "def", "module", "import", "include", "if", "then", "else", "elif", "end", "as", "reduce",
    "foreach", "and", "or", "try", "catch", "label", "break", "__loc__",
];

/// Reads a filter.
pub fn parse(text: &str) -> Parsed<Term> {
    let tokens = lex::tokens(text)?;
    let mut parser = Parser::new(&tokens, text.len(), text);
    for word in ["module", "import", "include"] {
        if parser.is_word(word) {
            return Err(Wrong::new(parser.here(), "filters read no files"));
        }
    }
    let term = parser.pipe()?;
    parser.end()?;
    Ok(term)
}

/// Reads definitions only, one behind the other.
pub fn definitions(text: &str) -> Parsed<Vec<Definition>> {
    let tokens = lex::tokens(text)?;
    let mut parser = Parser::new(&tokens, text.len(), text);
    let mut all = Vec::new();
    while parser.is_word("def") {
        all.push(parser.definition()?);
    }
    parser.end()?;
    Ok(all)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Where what is parsed ends.
    end: usize,
    text: &'a str,
    depth: usize,
}

/// How an operator binds: how tight, and what it makes.
enum Operator {
    Else,
    Assign(Assign),
    Or,
    And,
    Compare(Compare),
    Math(Math),
}

impl Operator {
    fn level(&self) -> u8 {
        match self {
            Self::Else => 2,
            Self::Assign(_) => 3,
            Self::Or => 4,
            Self::And => 5,
            Self::Compare(_) => 6,
            Self::Math(Math::Add | Math::Sub) => 7,
            Self::Math(Math::Mul | Math::Div | Math::Rem) => 8,
        }
    }
}

impl<'a> Parser<'a> {
    fn new(tokens: &'a [Token], end: usize, text: &'a str) -> Self {
        Self {
            tokens,
            at: 0,
            end,
            text,
            depth: 0,
        }
    }

    fn peek(&self) -> Option<&'a Tok> {
        self.tokens.get(self.at).map(|t| &t.kind)
    }

    fn here(&self) -> Range<usize> {
        let token = self.tokens.get(self.at);
        token.map_or(self.end..self.end, |t| t.at.clone())
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Tok::Sign(s)) if *s == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Tok::Word(w)) if w == word)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is_sign(sign);
        self.at += usize::from(is);
        is
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is = self.is_word(word);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.wrong(&format!("`{sign}`")))
    }

    fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(self.wrong(&format!("`{word}`")))
    }

    fn end(&self) -> Parsed<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong("an operator or the end")),
        }
    }

    /// Says what should be here.
    fn wrong(&self, expected: &str) -> Wrong {
        let at = self.here();
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(Tok::Text(_)) => "a text".to_owned(),
            Some(_) => format!("`{}`", &self.text[at.clone()]),
        };
        Wrong::new(at, format!("expected {expected}, found {found}"))
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > 4 * DEEPEST {
            return Err(Wrong::new(self.here(), "too much is nested here"));
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// A whole filter: what stands in parentheses.
    fn pipe(&mut self) -> Parsed<Term> {
        self.deeper(Self::pipe_inner)
    }

    fn pipe_inner(&mut self) -> Parsed<Term> {
        let start = self.here().start;
        if self.is_word("def") {
            let definition = self.definition()?;
            let body = self.pipe()?;
            let at = start..body.at.end;
            return Ok(Term::new(Kind::Def(definition.into(), body.into()), at));
        }
        if self.take_word("label") {
            let name = self.var()?;
            self.expect("|")?;
            let body = self.pipe()?;
            let at = start..body.at.end;
            return Ok(Term::new(Kind::Label(name, body.into()), at));
        }
        let mut left = self.bound()?;
        while self.take(",") {
            let is_far = self.is_word("def") || self.is_word("label");
            let right = if is_far { self.pipe()? } else { self.bound()? };
            let at = left.at.start..right.at.end;
            left = Term::new(Kind::Comma(left.into(), right.into()), at);
        }
        if self.take("|") {
            let right = self.pipe()?;
            let at = left.at.start..right.at.end;
            return Ok(Term::new(Kind::Pipe(left.into(), right.into()), at));
        }
        Ok(left)
    }

    /// Operators tighter than `,`, and what is behind `as`.
    fn bound(&mut self) -> Parsed<Term> {
        let term = self.binary(2)?;
        if !self.take_word("as") {
            return Ok(term);
        }
        let patterns = self.patterns()?;
        self.expect("|")?;
        let body = self.pipe()?;
        let at = term.at.start..body.at.end;
        Ok(Term::new(
            Kind::Bind(term.into(), patterns, body.into()),
            at,
        ))
    }

    fn operator(&self) -> Option<Operator> {
        Some(match self.peek()? {
            Tok::Sign(sign) => match *sign {
                "//" => Operator::Else,
                "=" => Operator::Assign(Assign::Set),
                "|=" => Operator::Assign(Assign::Update),
                "+=" => Operator::Assign(Assign::Math(Math::Add)),
                "-=" => Operator::Assign(Assign::Math(Math::Sub)),
                "*=" => Operator::Assign(Assign::Math(Math::Mul)),
                "/=" => Operator::Assign(Assign::Math(Math::Div)),
                "%=" => Operator::Assign(Assign::Math(Math::Rem)),
                "//=" => Operator::Assign(Assign::Else),
                "==" => Operator::Compare(Compare::Eq),
                "!=" => Operator::Compare(Compare::Ne),
                "<" => Operator::Compare(Compare::Lt),
                "<=" => Operator::Compare(Compare::Le),
                ">" => Operator::Compare(Compare::Gt),
                ">=" => Operator::Compare(Compare::Ge),
                "+" => Operator::Math(Math::Add),
                "-" => Operator::Math(Math::Sub),
                "*" => Operator::Math(Math::Mul),
                "/" => Operator::Math(Math::Div),
                "%" => Operator::Math(Math::Rem),
                _ => return None,
            },
            Tok::Word(word) if word == "or" => Operator::Or,
            Tok::Word(word) if word == "and" => Operator::And,
            _ => return None,
        })
    }

    /// Operators that bind at least as tight as `least`.
    fn binary(&mut self, least: u8) -> Parsed<Term> {
        let mut left = self.unary()?;
        let mut highest = u8::MAX;
        while let Some(operator) = self.operator() {
            let level = operator.level();
            if level < least {
                break;
            }
            // `a == b == c` and `a = b = c` are refused.
            if level > highest {
                return Err(self.wrong("another operator"));
            }
            self.at += 1;
            let right = match operator {
                Operator::Else => self.deeper(|p| p.binary(level))?,
                _ => self.deeper(|p| p.binary(level + 1))?,
            };
            highest = match operator {
                Operator::Assign(_) | Operator::Compare(_) => level - 1,
                _ => level,
            };
            let at = left.at.start..right.at.end;
            let (l, r) = (Box::new(left), Box::new(right));
            let kind = match operator {
                Operator::Else => Kind::Else(l, r),
                Operator::Assign(how) => Kind::Assign(how, l, r),
                Operator::Or => Kind::Or(l, r),
                Operator::And => Kind::And(l, r),
                Operator::Compare(how) => Kind::Compare(how, l, r),
                Operator::Math(how) => Kind::Math(how, l, r),
            };
            left = Term::new(kind, at);
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Term> {
        let start = self.here().start;
        if self.take("-") {
            let inner = self.deeper(Self::unary)?;
            let at = start..inner.at.end;
            return Ok(Term::new(Kind::Negate(inner.into()), at));
        }
        if self.take_word("try") {
            let body = self.deeper(Self::unary)?;
            let mut end = body.at.end;
            let mut handler = None;
            if self.take_word("catch") {
                let term = self.deeper(Self::unary)?;
                end = term.at.end;
                handler = Some(Box::new(term));
            }
            return Ok(Term::new(Kind::Try(body.into(), handler), start..end));
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Parsed<Term> {
        let mut is_step = matches!(self.peek(), Some(Tok::Field(_) | Tok::Sign(".")));
        let mut term = self.primary()?;
        loop {
            let start = term.at.start;
            match self.peek() {
                Some(Tok::Field(name)) => {
                    let key = text_term(name, self.here());
                    self.at += 1;
                    let at = start..key.at.end;
                    term = Term::new(Kind::Index(term.into(), key.into()), at);
                }
                Some(Tok::Sign(".")) => {
                    let behind = self.tokens.get(self.at + 1).map(|t| &t.kind);
                    match behind {
                        Some(Tok::Text(_) | Tok::Format(_)) => {
                            self.at += 1;
                            let key = self.text()?;
                            let at = start..key.at.end;
                            term = Term::new(Kind::Index(term.into(), key.into()), at);
                        }
                        Some(Tok::Sign("[")) => {
                            self.at += 1;
                            term = self.bracket(term)?;
                            // jq's grammar has a dot before an index, and none before a slice.
                            if matches!(term.kind, Kind::Slice(..)) {
                                let why = "a slice has no dot before it: `.a[1:]`";
                                return Err(Wrong::new(term.at, why));
                            }
                        }
                        _ => {
                            self.at += 1;
                            return Err(self.wrong("a name, a string or `[`"));
                        }
                    }
                }
                Some(Tok::Sign("[")) => term = self.bracket(term)?,
                Some(Tok::Sign("?")) => {
                    let at = start..self.here().end;
                    self.at += 1;
                    let can_be =
                        matches!(term.kind, Kind::Index(..) | Kind::Slice(..) | Kind::Each(_));
                    term = if is_step && can_be {
                        Term::new(Kind::Optional(term.into()), at)
                    } else {
                        Term::new(Kind::Try(term.into(), None), at)
                    };
                    is_step = false;
                    continue;
                }
                _ => return Ok(term),
            }
            is_step = true;
        }
    }

    /// `[…]` behind a term.
    fn bracket(&mut self, term: Term) -> Parsed<Term> {
        let start = term.at.start;
        self.expect("[")?;
        let term = Box::new(term);
        let kind = if self.is_sign("]") {
            Kind::Each(term)
        } else if self.take(":") {
            Kind::Slice(term, None, Some(self.pipe()?.into()))
        } else {
            let first = self.pipe()?;
            if self.take(":") {
                let end = if self.is_sign("]") {
                    None
                } else {
                    Some(self.pipe()?.into())
                };
                Kind::Slice(term, Some(first.into()), end)
            } else {
                Kind::Index(term, first.into())
            }
        };
        let at = start..self.here().end;
        self.expect("]")?;
        Ok(Term::new(kind, at))
    }

    fn primary(&mut self) -> Parsed<Term> {
        let at = self.here();
        let kind = match self.peek() {
            Some(Tok::Field(name)) => {
                self.at += 1;
                let dot = Term::new(Kind::Identity, at.start..at.start);
                Kind::Index(dot.into(), text_term(name, at.clone()).into())
            }
            Some(Tok::Number(number)) => {
                self.at += 1;
                Kind::Number(number.clone())
            }
            Some(Tok::Text(_) | Tok::Format(_)) => return self.string(),
            Some(Tok::Var(name)) => {
                self.at += 1;
                match name.as_str() {
                    "__loc__" => Kind::Place(self.line(at.start)),
                    name => Kind::Var(name.to_owned()),
                }
            }
            Some(Tok::Word(word)) => return self.worded(word),
            Some(Tok::Sign(".")) => {
                self.at += 1;
                match self.peek() {
                    Some(Tok::Text(_) | Tok::Format(_)) => {
                        let dot = Term::new(Kind::Identity, at.clone());
                        let key = self.text()?;
                        let at = at.start..key.at.end;
                        return Ok(Term::new(Kind::Index(dot.into(), key.into()), at));
                    }
                    _ => Kind::Identity,
                }
            }
            Some(Tok::Sign("..")) => {
                self.at += 1;
                Kind::Recurse
            }
            Some(Tok::Sign("(")) => {
                self.at += 1;
                let mut inner = self.pipe()?;
                inner.at = at.start..self.here().end;
                self.expect(")")?;
                return Ok(inner);
            }
            Some(Tok::Sign("[")) => {
                self.at += 1;
                let inner = if self.is_sign("]") {
                    None
                } else {
                    Some(self.pipe()?.into())
                };
                let end = self.here().end;
                self.expect("]")?;
                return Ok(Term::new(Kind::List(inner), at.start..end));
            }
            Some(Tok::Sign("{")) => {
                self.at += 1;
                let members = self.members()?;
                let end = self.here().end;
                self.expect("}")?;
                return Ok(Term::new(Kind::Object(members), at.start..end));
            }
            _ => return Err(self.wrong("a term")),
        };
        Ok(Term::new(kind, at))
    }

    /// A term that begins with a word.
    fn worded(&mut self, word: &str) -> Parsed<Term> {
        let at = self.here();
        match word {
            "if" => {
                self.at += 1;
                self.conditional(at.start)
            }
            "reduce" | "foreach" => {
                self.at += 1;
                let source = Box::new(self.deeper(|p| p.binary(2))?);
                self.expect_word("as")?;
                let patterns = self.patterns()?;
                self.expect("(")?;
                let first = self.pipe()?;
                self.expect(";")?;
                let second = self.pipe()?;
                let kind = if word == "reduce" {
                    Kind::Reduce(source, patterns, first.into(), second.into())
                } else {
                    let third = if self.take(";") {
                        Some(self.pipe()?.into())
                    } else {
                        None
                    };
                    Kind::Foreach(source, patterns, [first, second].into(), third)
                };
                let end = self.here().end;
                self.expect(")")?;
                Ok(Term::new(kind, at.start..end))
            }
            "break" => {
                self.at += 1;
                let end = self.here().end;
                let name = self.var()?;
                Ok(Term::new(Kind::Break(name), at.start..end))
            }
            word if KEYWORDS.contains(&word) => Err(self.wrong("a term")),
            word => {
                self.at += 1;
                let mut args = Vec::new();
                if self.take("(") {
                    loop {
                        args.push(self.pipe()?);
                        if !self.take(";") {
                            break;
                        }
                    }
                    if !self.take(")") {
                        return Err(self.wrong("`;` or `)`"));
                    }
                }
                Ok(Term::new(Kind::Call(word.to_owned(), args), at))
            }
        }
    }

    /// What stands behind `if` or `elif`.
    fn conditional(&mut self, start: usize) -> Parsed<Term> {
        let condition = self.pipe()?;
        self.expect_word("then")?;
        let then = self.pipe()?;
        let otherwise = if self.take_word("else") {
            let term = self.pipe()?;
            self.expect_word("end")?;
            Some(Box::new(term))
        } else if self.is_word("elif") {
            let start = self.here().start;
            self.at += 1;
            Some(self.deeper(|p| p.conditional(start))?.into())
        } else if self.take_word("end") {
            None
        } else {
            return Err(self.wrong("`else`, `elif` or `end`"));
        };
        let end = self.tokens[self.at - 1].at.end;
        let kind = Kind::If(condition.into(), then.into(), otherwise);
        Ok(Term::new(kind, start..end))
    }

    /// A text, with or without a format.
    fn text(&mut self) -> Parsed<Term> {
        let term = self.string()?;
        if matches!(term.kind, Kind::Format(_)) {
            return Err(self.wrong("a text"));
        }
        Ok(term)
    }

    /// A text, with or without a format, or a format alone.
    fn string(&mut self) -> Parsed<Term> {
        let at = self.here();
        let mut format = None;
        if let Some(Tok::Format(name)) = self.peek() {
            self.at += 1;
            if !matches!(self.peek(), Some(Tok::Text(_))) {
                return Ok(Term::new(Kind::Format(name.clone()), at));
            }
            format = Some(name.clone());
        }
        let end = self.here().end;
        let Some(Tok::Text(pieces)) = self.peek() else {
            return Err(self.wrong("a text"));
        };
        self.at += 1;
        let mut parts = Vec::new();
        for piece in pieces {
            parts.push(match piece {
                lex::Piece::Text(text) => Piece::Text(text.clone()),
                lex::Piece::Tokens(tokens) => {
                    let end = tokens.last().map_or(end - 1, |t| t.at.end);
                    let mut inner = Parser::new(tokens, end, self.text);
                    inner.depth = self.depth;
                    let term = inner.pipe()?;
                    inner.end()?;
                    Piece::Term(term)
                }
            });
        }
        Ok(Term::new(Kind::Text(format, parts), at.start..end))
    }

    /// The members of an object, up to its end.
    fn members(&mut self) -> Parsed<Vec<(Key, Option<Term>)>> {
        let mut members = Vec::new();
        while !self.is_sign("}") {
            let at = self.here();
            let (key, needs_value) = match self.peek() {
                Some(Tok::Word(word)) => {
                    self.at += 1;
                    (Key::Name(text_term(word, at)), false)
                }
                Some(Tok::Var(name)) => {
                    self.at += 1;
                    match name.as_str() {
                        "__loc__" => (Key::Place(self.line(at.start)), false),
                        name => (Key::Var(name.to_owned(), at), false),
                    }
                }
                Some(Tok::Text(_) | Tok::Format(_)) => {
                    let key = self.string()?;
                    let is_format = matches!(key.kind, Kind::Format(_));
                    (Key::Name(key), is_format)
                }
                Some(Tok::Sign("(")) => {
                    self.at += 1;
                    let key = self.pipe()?;
                    self.expect(")")?;
                    (Key::Term(key), true)
                }
                _ => return Err(self.wrong("a key")),
            };
            let value = if needs_value || self.is_sign(":") {
                self.expect(":")?;
                Some(self.member_value()?)
            } else {
                None
            };
            members.push((key, value));
            if !self.take(",") && !self.is_sign("}") {
                return Err(self.wrong("`,` or `}`"));
            }
        }
        Ok(members)
    }

    /// The value of a member: no comma, no `as`, no `def`.
    fn member_value(&mut self) -> Parsed<Term> {
        let left = self.deeper(|p| p.binary(2))?;
        if self.take("|") {
            let right = self.member_value()?;
            let at = left.at.start..right.at.end;
            return Ok(Term::new(Kind::Pipe(left.into(), right.into()), at));
        }
        Ok(left)
    }

    fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    fn var(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Tok::Var(name)) => {
                self.at += 1;
                Ok(name.clone())
            }
            _ => Err(self.wrong("a variable")),
        }
    }

    fn patterns(&mut self) -> Parsed<Vec<Pattern>> {
        let mut patterns = vec![self.pattern()?];
        while self.take("?//") {
            patterns.push(self.pattern()?);
        }
        Ok(patterns)
    }

    fn pattern(&mut self) -> Parsed<Pattern> {
        self.deeper(Self::pattern_inner)
    }

    fn pattern_inner(&mut self) -> Parsed<Pattern> {
        if self.take("[") {
            let mut items = vec![self.pattern()?];
            while self.take(",") {
                items.push(self.pattern()?);
            }
            self.expect("]")?;
            return Ok(Pattern::List(items));
        }
        if self.take("{") {
            let mut members = vec![self.pattern_member()?];
            while self.take(",") {
                members.push(self.pattern_member()?);
            }
            self.expect("}")?;
            return Ok(Pattern::Object(members));
        }
        match self.peek() {
            Some(Tok::Var(_)) => Ok(Pattern::Var(self.var()?)),
            _ => Err(self.wrong("a variable, `[` or `{`")),
        }
    }

    fn pattern_member(&mut self) -> Parsed<Member> {
        let at = self.here();
        let (key, var) = match self.peek() {
            Some(Tok::Var(name)) => {
                self.at += 1;
                (text_term(name, at), Some(name.clone()))
            }
            Some(Tok::Word(word)) => {
                self.at += 1;
                (text_term(word, at), None)
            }
            Some(Tok::Text(_) | Tok::Format(_)) => (self.string()?, None),
            Some(Tok::Sign("(")) => {
                self.at += 1;
                let key = self.pipe()?;
                self.expect(")")?;
                (key, None)
            }
            _ => return Err(self.wrong("a key")),
        };
        let inner = if var.is_none() || self.is_sign(":") {
            self.expect(":")?;
            Some(self.pattern()?)
        } else {
            None
        };
        Ok(Member { key, var, inner })
    }

    fn definition(&mut self) -> Parsed<Definition> {
        self.expect_word("def")?;
        let name = self.free_word()?;
        let mut params = Vec::new();
        if self.take("(") {
            loop {
                params.push(match self.peek() {
                    Some(Tok::Var(name)) => {
                        self.at += 1;
                        format!("${name}")
                    }
                    _ => self.free_word()?,
                });
                if !self.take(";") {
                    break;
                }
            }
            self.expect(")")?;
        }
        self.expect(":")?;
        let body = self.pipe()?;
        self.expect(";")?;
        Ok(Definition { name, params, body })
    }

    /// A name that is no keyword.
    fn free_word(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Tok::Word(word)) if !KEYWORDS.contains(&word.as_str()) => {
                self.at += 1;
                Ok(word.clone())
            }
            _ => Err(self.wrong("a name")),
        }
    }
}

fn text_term(text: &str, at: Range<usize>) -> Term {
    Term::new(Kind::Text(None, vec![Piece::Text(text.to_owned())]), at)
}

//! Makes values of the tokens of JSON.

use std::io;
use std::rc::Rc;

use super::{List, Number, Object, Text, Val};
use crate::error::{Exit, Failure};
use crate::json::{Container, Lexer, Scalar, Sink, TokenPart};
use crate::output::values::text_of;

/// Texts are nested no deeper than this, as in jq.
pub const DEEPEST: usize = 10_000;

/// Makes a value of the tokens it takes.
#[derive(Default)]
pub struct Builder {
    open: Vec<Open>,
    value: Option<Val>,
    /// The token that comes in parts.
    token: Vec<u8>,
}

enum Open {
    List(List),
    /// The members so far, and the key of the next.
    Object(Object, Text),
}

impl Builder {
    /// The value whose tokens have passed, and makes room for the next.
    pub fn take(&mut self) -> Option<Val> {
        self.value.take()
    }

    fn put(&mut self, value: Val) {
        match self.open.last_mut() {
            Some(Open::List(list)) => {
                list.depth = list.depth.max(value.depth() + 1);
                list.items.push(value);
            }
            Some(Open::Object(object, key)) => {
                object.depth = object.depth.max(value.depth() + 1);
                object
                    .members
                    .insert(std::mem::replace(key, Text::from("")), value);
            }
            None => self.value = Some(value),
        }
    }

    /// Gives the whole token, once its last part has come.
    fn whole(&mut self, bytes: &[u8], part: TokenPart, then: impl FnOnce(&mut Self, &[u8])) {
        if part == TokenPart::WHOLE {
            return then(self, bytes);
        }
        self.token.extend_from_slice(bytes);
        if part.last {
            let token = std::mem::take(&mut self.token);
            then(self, &token);
        }
    }
}

/// Builds the value of a JSON text; none where it is empty.
pub fn parse(text: &[u8]) -> io::Result<Option<Val>> {
    let mut builder = Builder::default();
    replay(text, &mut builder)?;
    Ok(builder.take())
}

/// Passes the tokens of a text to a sink.
pub fn replay<S: Sink>(text: &[u8], sink: &mut S) -> io::Result<()> {
    let mut lexer = Lexer::new();
    lexer
        .feed(text, sink)
        .and_then(|()| lexer.finish(sink))
        .map_err(|e| match e {
            crate::json::Error::Sink(e) => e,
            crate::json::Error::Fault(fault) => io::Error::other(fault),
        })
}

fn string(token: &[u8]) -> Text {
    text_of(token).into()
}

impl Sink for Builder {
    fn begin(&mut self, kind: Container) -> io::Result<()> {
        if self.open.len() == DEEPEST {
            return Err(io::Error::other(Failure::new(
                Exit::Other,
                format!("values nested deeper than {DEEPEST} levels cannot be filtered"),
            )));
        }
        self.open.push(match kind {
            Container::Array => Open::List(List {
                items: Vec::new(),
                depth: 1,
            }),
            Container::Object => {
                let depth = 1;
                Open::Object(
                    Object {
                        depth,
                        ..Object::default()
                    },
                    Text::from(""),
                )
            }
        });
        Ok(())
    }

    fn end(&mut self, _: Container) -> io::Result<()> {
        match self.open.pop() {
            Some(Open::List(list)) => self.put(Val::List(Rc::new(list))),
            Some(Open::Object(object, _)) => self.put(Val::Object(Rc::new(object))),
            None => {}
        }
        Ok(())
    }

    fn key(&mut self, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.whole(bytes, part, |this, token| {
            if let Some(Open::Object(_, key)) = this.open.last_mut() {
                *key = string(token);
            }
        });
        Ok(())
    }

    fn scalar(&mut self, kind: Scalar, bytes: &[u8], part: TokenPart) -> io::Result<()> {
        self.whole(bytes, part, |this, token| {
            this.put(match kind {
                Scalar::String => Val::Text(string(token)),
                Scalar::Number => Val::Number(Number::read(&String::from_utf8_lossy(token))),
                Scalar::True => Val::Bool(true),
                Scalar::False => Val::Bool(false),
                Scalar::Null => Val::Null,
            });
        });
        Ok(())
    }
}

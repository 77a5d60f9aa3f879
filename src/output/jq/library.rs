//! What filters can call: the library of jaq without what reaches the machine, and what jq has
//! besides.

use std::cell::RefCell;
use std::io;

use jaq_core::box_iter::box_once;
use jaq_core::data::HasLut;
use jaq_core::load::parse::Def;
use jaq_core::native::{Fun, run, v};
use jaq_core::{DataT, Error, Exn, Lut, RunPtr};
use jaq_json::Val;
use jaq_std::ValT as _;

use super::value;

/// The values and data that filters work with.
pub struct Kind;

impl DataT for Kind {
    type V<'a> = Val;
    type Data<'a> = &'a Data<'a>;
}

/// What functions know besides their input.
pub struct Data<'a> {
    pub lut: &'a Lut<Kind>,
    /// The variables of the environment that a filter may see.
    pub env: &'a Val,
    /// The last text for stderr: what `halt_error` ends with.
    pub said: &'a RefCell<String>,
}

impl<'a> HasLut<'a, Kind> for &'a Data<'a> {
    fn lut(&self) -> &'a Lut<Kind> {
        self.lut
    }
}

/// What jq defines and jaq does not.
const DEFINITIONS: &str = r#"
def @csv: [.[]
  | if isstring then "\"" + (split("\"") | join("\"\"")) + "\""
    elif isarray or isobject then error("an array or object is no field of a CSV row")
    elif . == null then ""
    else tostring end]
  | join(",");
def @tsv: [.[]
  | if isstring then split("\\") | join("\\\\") | split("\t") | join("\\t")
      | split("\n") | join("\\n") | split("\r") | join("\\r")
    elif isarray or isobject then error("an array or object is no field of a TSV row")
    elif . == null then ""
    else tostring end]
  | join("\t");
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] |= $row);
def INDEX(f): INDEX(.[]; f);
def toarray: if isarray then . else [.] end;
def leaf_paths: paths(scalars);
def ascii: [.] | implode;
def have_literal_numbers: true;
"#;

/// The definitions that a filter can use.
pub fn definitions() -> impl Iterator<Item = Def<&'static str>> {
    let own = jaq_core::load::parse(DEFINITIONS, |p| p.defs()).unwrap_or_default();
    jaq_core::defs()
        .chain(jaq_std::defs())
        .chain(jaq_json::defs())
        .chain(own)
}

/// The functions that a filter can use. There are none that read or write files, and those that
/// would read the whole environment or write to stderr are our own.
pub fn functions() -> impl Iterator<Item = Fun<Kind>> {
    let own = own().into_vec().into_iter().map(run::<Kind>);
    // The first of a name is the one that is called.
    own.chain(jaq_core::funs())
        .chain(jaq_std::funs())
        .chain(jaq_json::funs())
}

type Own = (&'static str, Box<[jaq_core::Bind]>, RunPtr<Kind>);

fn own() -> Box<[Own]> {
    Box::new([
        ("env", v(0), |cv| box_once(Ok(cv.0.data().env.clone()))),
        // Reads numbers as the response's are read, and knows a limit of nesting.
        ("fromjson", v(0), |cv| {
            let value = match cv.1.try_as_utf8_bytes() {
                Ok(text) => value::parse(text)
                    .and_then(|value| value.ok_or_else(|| io::Error::other("there is nothing")))
                    .map_err(|e| Error::str(format_args!("cannot parse {} as JSON: {e}", cv.1))),
                Err(e) => Err(e),
            };
            box_once(value.map_err(Exn::from))
        }),
        ("input_filename", v(0), |_| box_once(Ok(Val::Null))),
        ("inputs", v(0), |_| Box::new(std::iter::empty())),
        ("input", v(0), |_| {
            box_once(Err(Exn::from(Error::str("no more inputs"))))
        }),
        // Notes for people who write filters; stdout holds results only.
        ("debug_empty", v(0), |_| Box::new(std::iter::empty())),
        ("stderr_empty", v(0), |cv| {
            let text = match cv.1.as_utf8_bytes() {
                Some(text) => String::from_utf8_lossy(text).into_owned(),
                None => cv.1.to_string(),
            };
            cv.0.data().said.replace(text);
            Box::new(std::iter::empty())
        }),
    ])
}

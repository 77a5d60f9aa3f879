//! The words that flags take for enums of other modules, with the help of each.
//!
//! Those modules do not know clap; a new variant is an arm here, which the compiler asks for.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::flow::import::source;
use crate::output::Format;
use crate::request::snippet::Language;
use crate::ui::Color;

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Json,
            Self::Compact,
            Self::Raw,
            Self::Yaml,
            Self::Ndjson,
            Self::Csv,
            Self::Tsv,
            Self::Table,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        choice(match self {
            Self::Json => ("json", "Pretty-printed JSON, two spaces"),
            Self::Compact => ("compact", "JSON on one line, without whitespace"),
            Self::Raw => ("raw", "Byte for byte, unchecked"),
            Self::Yaml => ("yaml", "YAML 1.2 in block style"),
            Self::Ndjson => ("ndjson", "One JSON element per line"),
            Self::Csv => ("csv", "One row per element (RFC 4180), lines end with LF"),
            Self::Tsv => ("tsv", "Tab-separated; tab, newline and `\\` are escaped"),
            Self::Table => ("table", "One row per element, aligned for people"),
        })
    }
}

impl ValueEnum for source::Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Ndjson, Self::Json, Self::Csv, Self::Tsv]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Ndjson => "JSON objects, one per line or pretty-printed",
            Self::Json => "A JSON array, or a response that contains one",
            Self::Csv => "Comma-separated values with a header line",
            Self::Tsv => "Tab-separated values with a header line",
            // Not among the variants: no documents, but rows of a batch.
            Self::Lines => "A string on each line",
        };
        choice((self.name(), help))
    }
}

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Curl => "POSIX shell with curl 7.76 or newer",
            Self::Httpie => "POSIX shell with HTTPie 3 or newer",
            Self::Fish => "fish with curl",
            Self::Python => "Python 3, its standard library only",
            Self::Ruby => "Ruby, its standard library only",
            Self::Javascript => "JavaScript for Node 18 or newer, without packages",
        };
        choice((self.as_str(), help))
    }
}

impl ValueEnum for Color {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        choice(match self {
            Self::Auto => (
                "auto",
                "On a terminal, unless `NO_COLOR` or `TERM=dumb` is set",
            ),
            Self::Always => ("always", "Always"),
            Self::Never => ("never", "Never"),
        })
    }
}

#[allow(clippy::unnecessary_wraps, reason = "what clap's trait returns")]
fn choice((name, help): (&'static str, &'static str)) -> Option<PossibleValue> {
    Some(PossibleValue::new(name).help(help))
}

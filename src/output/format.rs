//! Lists the formats a body can be written in, and what each can do.
//!
//! `cli` gives them their words, `pipeline` their writers.

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pretty-printed JSON, two spaces.
    Json,
    /// JSON on one line, without whitespace.
    Compact,
    /// Byte for byte, unchecked.
    Raw,
    /// YAML 1.2 in block style.
    Yaml,
    /// One JSON element per line.
    Ndjson,
    /// Elements as rows of comma-separated values (RFC 4180), lines end with LF.
    Csv,
    /// Tab-separated; tab, newline and `\` are escaped.
    Tsv,
    /// Elements as rows of a table for people.
    Table,
}

/// How values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notation {
    /// JSON, pretty or on one line.
    #[default]
    Json,
    /// YAML.
    Yaml,
}

impl Format {
    /// Returns whether the format shows elements: those of an array, or of an envelope's.
    #[must_use]
    pub fn is_of_elements(self) -> bool {
        match self {
            Self::Ndjson | Self::Csv | Self::Tsv | Self::Table => true,
            Self::Json | Self::Compact | Self::Raw | Self::Yaml => false,
        }
    }

    /// Returns whether the format has columns.
    #[must_use]
    pub fn has_columns(self) -> bool {
        match self {
            Self::Csv | Self::Tsv | Self::Table => true,
            Self::Json | Self::Compact | Self::Raw | Self::Yaml | Self::Ndjson => false,
        }
    }

    /// Returns the notation of a value that is no row.
    #[must_use]
    pub fn notation(self) -> Notation {
        match self {
            Self::Yaml => Notation::Yaml,
            Self::Json
            | Self::Compact
            | Self::Raw
            | Self::Ndjson
            | Self::Csv
            | Self::Tsv
            | Self::Table => Notation::Json,
        }
    }
}

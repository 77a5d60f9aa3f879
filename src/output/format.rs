//! The forms a body can be written in.

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Pretty-printed JSON, two spaces.
    Json,
    /// JSON without blanks, on one line.
    Compact,
    /// Byte for byte, without judging.
    Raw,
    /// Each element as JSON on a line of its own.
    Ndjson,
    /// Elements as rows of comma-separated values (RFC 4180), lines end with LF.
    Csv,
    /// The same with tabs; tab, line end and `\` are escaped.
    Tsv,
    /// Elements as rows of a table for people.
    Table,
}

impl Format {
    /// Tells whether the format shows elements: those of an array, or of an envelope's.
    #[must_use]
    pub fn is_of_elements(self) -> bool {
        !matches!(self, Self::Json | Self::Compact | Self::Raw)
    }

    /// Tells whether the format has columns.
    #[must_use]
    pub fn has_columns(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Table)
    }
}

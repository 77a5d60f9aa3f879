//! When a batch has seen enough failures. Pure.

/// When no more calls are started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaxFail {
    /// After so many failures.
    Count(u64),
    /// Above so many percent of the rows that have ended, from 10 on.
    Percent(f64),
}

impl MaxFail {
    /// Reads `5` or `10%`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "write it as `5` or `10%`".to_owned();
        match text.strip_suffix('%') {
            Some(percent) => match percent.parse::<f64>() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Self::Percent(percent)),
                _ => Err(wrong()),
            },
            None => match text.parse() {
                Ok(count) if count > 0 => Ok(Self::Count(count)),
                _ => Err(wrong()),
            },
        }
    }

    /// Returns whether it is reached.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
    pub fn is_reached(self, counts: &Counts) -> bool {
        match self {
            Self::Count(most) => counts.failed >= most,
            Self::Percent(most) => {
                counts.ended >= 10 && counts.failed as f64 * 100.0 > most * counts.ended as f64
            }
        }
    }
}

/// What became of rows so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that have ended.
    pub ended: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// Those of the failed that may have been carried out.
    pub uncertain: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_failures() {
        assert_eq!(MaxFail::parse("5"), Ok(MaxFail::Count(5)));
        assert_eq!(MaxFail::parse("2.5%"), Ok(MaxFail::Percent(2.5)));
        for wrong in ["", "0", "-1", "%", "101%", "x%", "NaN%", "1.5"] {
            assert!(MaxFail::parse(wrong).is_err(), "{wrong}");
        }
    }
}

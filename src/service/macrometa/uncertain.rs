//! Judges whether a write to Macrometa was carried out whose response got lost.
//!
//! Things created with a name or a key of the caller's are there or not; anything else stays
//! unknown. Pure.

use crate::service::uncertain::{Check, Subject, Write, segment};

/// Returns what to look at.
#[must_use]
pub fn check(write: &Write<'_>) -> Option<Check> {
    if write.method != "POST" {
        return None;
    }
    let (_, below) = write.path.split_once("/_api/")?;
    let segments: Vec<&str> = below.trim_end_matches('/').split('/').collect();
    let (what, key, name) = match segments.as_slice() {
        ["collection"] => {
            let name = (write.field)("name")?;
            ("collection", name.clone(), name)
        }
        ["document", collection] => {
            let key = (write.field)("_key")?;
            ("document", key.clone(), format!("{collection}/{key}"))
        }
        _ => return None,
    };
    Some(Check {
        path: format!("{}/{}", write.path.trim_end_matches('/'), segment(&key)),
        subject: Subject::Named(what, name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at() {
        let look = |path: &str, name: &str| {
            let field = |asked: &str| (asked == name).then(|| "17".to_owned());
            let found = check(&Write {
                method: "POST",
                path,
                op: None,
                field: &field,
            });
            found.map(|c| (c.path, c.subject))
        };
        let base = "/_fabric/_system/_api";
        assert_eq!(
            look(&format!("{base}/document/orders"), "_key"),
            Some((
                format!("{base}/document/orders/17"),
                Subject::Named("document", "orders/17".into())
            ))
        );
        assert_eq!(
            look(&format!("{base}/collection"), "name"),
            Some((
                format!("{base}/collection/17"),
                Subject::Named("collection", "17".into())
            ))
        );
        assert_eq!(look(&format!("{base}/document/orders"), "n"), None);
        assert_eq!(look(&format!("{base}/cursor"), "name"), None);
    }
}

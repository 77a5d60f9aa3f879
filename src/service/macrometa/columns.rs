//! The columns of a table of Macrometa's resources. Pure.
//!
//! Each is a path in the element, `NAME=PATH` where the header is another one. Documents and
//! results of queries have the columns of their own members.

/// Returns the columns for elements of what a path names; none where it is not known.
#[must_use]
pub fn columns(path: &str) -> &'static [&'static str] {
    let route = match path.split_once("/_api/") {
        Some((_, route)) => route,
        None => path,
    };
    let segments: Vec<&str> = route.split('/').filter(|s| !s.is_empty()).collect();
    match &segments[..] {
        ["collection"] | ["collection", _] => &[
            "name",
            "type",
            "model=collectionModel",
            "stream=hasStream",
            "spot=isSpot",
            "local=isLocal",
            "system=isSystem",
            "search=searchEnabled",
            "id",
        ],
        ["database" | "environments", "user"] => &[
            "name",
            "status=options.status",
            "tenant=options.tenant",
            "regions=options.dcList",
            "system=isSystem",
        ],
        ["datacenter", ..] => &[
            "name",
            "status",
            "local",
            "host",
            "city=locationInfo.city",
            "country=locationInfo.countryname",
        ],
        ["key"] | ["key", _] => &["keyid", "user", "tenant", "system=isSystem"],
        ["restql", "user"] => &["name", "query=value", "_key"],
        ["search", "analyzer"] => &["name", "type", "features"],
        ["streams"] => &["topic", "type", "local", "db", "tenant"],
        ["user"] | ["user", _] => &["user", "displayName", "email", "active", "tenant"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_have_columns() {
        for (path, first) in [
            ("/_fabric/shop/_api/collection", Some("name")),
            ("/_fabric/shop/_api/collection/addresses", Some("name")),
            ("/_fabric/shop/_api/collection/addresses/figures", None),
            ("/_api/key", Some("keyid")),
            ("/_api/user/", Some("user")),
            ("/_fabric/_system/_api/streams", Some("topic")),
            ("/datacenter/all", Some("name")),
            ("/_fabric/_system/_api/cursor", None),
            ("/_fabric/_system/_api/document/users", None),
        ] {
            assert_eq!(columns(path).first().copied(), first, "{path}");
        }
    }
}

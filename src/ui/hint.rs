//! Completes the commands in a hint: a call that was made with `-p NAME` is repeated with it.
//!
//! In a hint, what stands in backticks and begins with `apicall` is a command to type; nothing else
//! is looked at. Pure.

/// The commands that take `-p`; a test of the command line holds them against its definition.
pub const CALLS: [&str; 19] = [
    "auth-header",
    "batch",
    "call",
    "delete",
    "doctor",
    "events",
    "export",
    "get",
    "head",
    "import",
    "ops",
    "options",
    "patch",
    "post",
    "put",
    "query",
    "upload-image",
    "wait",
    "whoami",
];

/// Returns a hint whose commands name the profile.
#[must_use]
pub fn with_profile(hint: &str, profile: &str) -> String {
    let parts = hint.split('`').enumerate().map(|(at, part)| {
        if at % 2 == 1 && lacks_profile(part) {
            format!("{part} -p {profile}")
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

fn lacks_profile(command: &str) -> bool {
    let mut words = command.split(' ');
    words.next() == Some("apicall")
        && words.next().is_some_and(|name| CALLS.contains(&name))
        && words.all(|word| word != "-p" && word != "--profile")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_the_profile() {
        for (hint, want) in [
            (
                "is `a` a name? `apicall get /machines/@a/`",
                "is `a` a name? `apicall get /machines/@a/ -p eu`",
            ),
            (
                "`apicall ops` or `apicall ops x --show`",
                "`apicall ops -p eu` or `apicall ops x --show -p eu`",
            ),
            (
                "`apicall login --replace -p eu`",
                "`apicall login --replace -p eu`",
            ),
            ("`apicall get /x/ -p us`", "`apicall get /x/ -p us`"),
            (
                "`apicall maas eu machines read`",
                "`apicall maas eu machines read`",
            ),
            ("`apicall profile list`", "`apicall profile list`"),
            ("apicall get: `add=@@x`", "apicall get: `add=@@x`"),
            ("`apicall`", "`apicall`"),
            ("an odd ` in it", "an odd ` in it"),
        ] {
            assert_eq!(with_profile(hint, "eu"), want);
        }
    }
}

//! Writes what `--help` prints on each level.
//!
//! Our own words for commands, the description's for the rest, laid out as the `maas` command line
//! does it. Pure.

use crate::profile::Profile;
use crate::service::maas::API;
use crate::service::maas::describe::{Action, Description, Handled, Handler};

use super::profiles::Known;

/// The column in which explanations begin.
const COLUMN: usize = 24;

/// Lines of sentences end here.
const WIDTH: usize = 70;

const HELP: (&str, &str) = ("-h, --help", "show this help message and exit");
const INSECURE: (&str, &str) = ("-k, --insecure", "Disable SSL certificate check");

/// The commands that are no profile, and what they do.
pub const COMMANDS: [(&str, &str); 4] = [
    (
        "login",
        "Log in to a remote API, and remember its description and credentials.",
    ),
    (
        "logout",
        "Log out of a remote API, purging any stored credentials.",
    ),
    ("list", "List remote APIs that have been logged-in to."),
    ("refresh", "Refresh the API descriptions of all profiles."),
];

/// Commands and profiles.
pub fn top(program: &str, profiles: &[Known]) -> String {
    let mut text = usage(program, "[-h] COMMAND ...");
    text.push_str("Interact with a remote MAAS server: the `maas` command line, by apicall.\n\n");
    text.push_str("drill down:\n  COMMAND\n");
    for (name, help) in COMMANDS {
        row(&mut text, 4, name, help);
    }
    for known in profiles {
        let help = format!("Interact with {}{API}", known.profile.address);
        row(&mut text, 4, known.profile.label(), &help);
    }
    options(&mut text, &[HELP]);
    text.push_str(&format!(
        "\nExamples:\n  {program} login lab http://10.0.0.2:5240/MAAS -\n"
    ));
    text.push_str(&format!("  {program} lab machines read hostname=node18\n"));
    text.push_str(&format!(
        "  {program} lab machine deploy 4y3h7n distro_series=noble\n"
    ));
    text
}

/// Returns the handlers of a profile.
pub fn profile(program: &str, profile: &Profile, description: &Description) -> String {
    let mut text = usage(program, "[-h] COMMAND ...");
    let notice = format!(
        "Issue commands to the MAAS region controller at {}{API}.",
        profile.address
    );
    text.push_str(&format!("{notice}\n\ndrill down:\n  COMMAND\n"));
    for handled in description.commands(profile.key.is_some()) {
        row(&mut text, 4, &handled.name, &handled.handler.help().0);
    }
    options(&mut text, &[HELP]);
    text.push_str(
        "\nThe commands come from the server's description of its API, which is\n\
         refreshed by itself when the server's has changed.\n",
    );
    text
}

/// Returns the actions of a handler.
pub fn handler(program: &str, handled: &Handled<'_>) -> String {
    let (title, body) = handled.handler.help();
    let mut text = usage(program, "[-h] COMMAND ...");
    text.push_str(&format!("{title}\n\ndrill down:\n  COMMAND\n"));
    for (name, action) in handled.actions() {
        row(&mut text, 4, &name, &action.help().0);
    }
    options(&mut text, &[HELP]);
    let body = body.trim_end();
    if !body.is_empty() {
        text.push_str(&format!("\n{body}\n"));
    }
    text
}

/// Returns an action: its positionals, its data, its options.
pub fn action(program: &str, handler: &Handler, action: &Action) -> String {
    let (title, body) = action.help();
    let takes_data = action.takes_data();
    let mut arguments = "[--help] [-d] [-k]".to_owned();
    for name in &handler.params {
        arguments.push_str(&format!(" {name}"));
    }
    if takes_data {
        arguments.push_str(" [data ...]");
    }
    let mut text = usage(program, &arguments);
    text.push_str(&format!("{title}\n"));
    if !handler.params.is_empty() {
        text.push_str("\n\nPositional arguments:\n");
        for name in &handler.params {
            text.push_str(&format!("\t{name}\n"));
        }
    }
    let body = body.trim_end();
    if !body.is_empty() {
        text.push_str("\n\n");
        if takes_data {
            text.push_str(
                "Data are pairs behind the positional arguments: name=value sends a\n\
                 text, name@=file the contents of a file. A name may repeat.\n\n",
            );
        }
        text.push_str(&format!("{body}\n"));
    }
    text.push_str("\n\nCommon command-line options:\n");
    for (names, help) in [
        ("--help, -h", "Show this help message and exit."),
        (
            "-d, --debug",
            "Display more information about API responses.",
        ),
        ("-k, --insecure", "Disable SSL certificate check"),
    ] {
        text.push_str(&format!("    {names}\n\t{help}\n"));
    }
    text
}

/// Returns the help of `login`.
pub fn login(program: &str) -> String {
    let mut text = usage(
        &format!("{program} login"),
        "[-h] [--cacerts CACERTS] [-k] profile-name url [credentials]",
    );
    text.push_str("Log in to a remote API, and remember its description and credentials.\n\n");
    text.push_str("positional arguments:\n");
    row(
        &mut text,
        2,
        "profile-name",
        "The name of the server and key from now on.",
    );
    row(
        &mut text,
        2,
        "url",
        "The server, e.g. http://example.com:5240/MAAS/",
    );
    row(
        &mut text,
        2,
        "credentials",
        "The API key; `-` reads it from standard input. It is asked for where it is left out.",
    );
    let cacerts = ("--cacerts CACERTS", "Certificate CA file in PEM format");
    options(&mut text, &[HELP, cacerts, INSECURE]);
    text
}

/// Returns the help of `logout`.
pub fn logout(program: &str) -> String {
    let mut text = usage(&format!("{program} logout"), "[-h] profile-name");
    text.push_str("Log out of a remote API, purging any stored credentials.\n");
    options(&mut text, &[HELP]);
    text
}

/// Returns the help of `list`.
pub fn list(program: &str) -> String {
    let mut text = usage(&format!("{program} list"), "[-h] [--show-keys]");
    text.push_str("List remote APIs that have been logged-in to.\n");
    options(
        &mut text,
        &[HELP, ("--show-keys", "print keys instead of ***")],
    );
    text
}

/// Returns the help of `refresh`.
pub fn refresh(program: &str) -> String {
    let mut text = usage(&format!("{program} refresh"), "[-h]");
    text.push_str(
        "Refresh the API descriptions of all profiles. They are refreshed by\n\
         themselves, too, when a server names another than the one that is known.\n",
    );
    options(&mut text, &[HELP]);
    text
}

fn usage(program: &str, arguments: &str) -> String {
    format!("usage: {program} {arguments}\n\n")
}

fn options(text: &mut String, rows: &[(&str, &str)]) {
    text.push_str("\noptions:\n");
    for (names, help) in rows {
        row(text, 2, names, help);
    }
}

/// Appends a name and its explanation, which begins a line of its own after a long name.
fn row(text: &mut String, indent: usize, name: &str, help: &str) {
    text.push_str(&format!("{:indent$}{name}", ""));
    let used = indent + name.len();
    if help.is_empty() {
        text.push('\n');
    } else if used + 2 > COLUMN {
        text.push_str(&format!("\n{:COLUMN$}{help}\n", ""));
    } else {
        text.push_str(&format!("{:1$}{help}\n", "", COLUMN - used));
    }
}

/// Returns a sentence in lines.
pub fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        if column > 0 && column + 1 + word.len() > WIDTH {
            lines.push('\n');
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += word.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_lines() {
        let mut text = String::new();
        row(&mut text, 4, "read", "List.");
        row(&mut text, 4, "a-name-that-is-long-enough", "X");
        row(&mut text, 4, "bare", "");
        assert_eq!(
            text,
            "    read                List.\n    a-name-that-is-long-enough\n                        X\n    bare\n"
        );
        let sentence = "You are now logged in to the MAAS server at \
                        http://10.0.0.2:5240/MAAS/api/2.0/ with the profile name 'lab'.";
        let lines = wrapped(sentence);
        assert_eq!(lines.replace('\n', " "), sentence);
        assert!(lines.lines().all(|line| line.len() <= WIDTH) && lines.contains("at\nhttp"));
    }
}

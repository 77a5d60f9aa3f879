//! The built binary against the sandbox: stdout, stderr, exit status, and the request as it
//! arrived.
//!
//! One test binary, so that the sandbox is compiled and linked once. `support` starts the binary
//! in a cleared environment with a home of its own; each other module tests one promise.

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::format_collect,
    clippy::unnecessary_to_owned,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests print, read the environment, fail by panicking, and hold long tables"
)]

#[path = "../sandbox/mod.rs"]
mod sandbox;
mod support;
mod typed;

mod auth_header;
mod batch;
mod batch_checks;
#[cfg(target_os = "linux")]
mod batch_journal;
mod batch_results;
mod batch_resume;
mod batch_rows;
mod batch_terminal;
mod bodies;
#[cfg(target_os = "linux")]
mod bulk;
mod catalog;
mod completion;
mod concurrency;
mod config;
mod config_file;
mod doctor;
#[cfg(unix)]
mod download;
mod dropin;
mod early;
mod errors;
mod events;
mod exits;
mod explained;
mod export;
mod fanout;
mod filters;
mod forms;
mod from_maas;
mod gdn_identity;
mod gdn_ops;
mod generated;
mod headers;
mod help;
#[cfg(target_os = "linux")]
mod hostile;
mod house;
mod images;
mod import;
mod import_maas;
#[cfg(unix)]
mod interrupted;
mod items;
mod jq;
#[cfg(unix)]
mod leftovers;
mod login;
mod login_address;
mod login_key;
mod login_names;
mod login_prompt;
mod manual;
mod many_machines;
mod masks;
mod matrix;
mod names;
mod odd_responses;
mod one_line;
mod ops;
mod paging;
mod paging_breaks;
#[cfg(unix)]
mod paging_ends;
mod partial;
mod paths;
mod profile_set;
mod profiles;
#[cfg(target_os = "linux")]
mod prompts;
mod proxies;
mod query;
mod quiet;
mod redirects;
mod reported;
mod responses;
mod retries;
mod secrecy;
#[cfg(unix)]
mod sessions;
mod settings;
mod shells;
mod shells_hostile;
mod signals;
mod smoke;
#[cfg(unix)]
mod snippets;
#[cfg(unix)]
mod snippets_rules;
mod streaming;
mod terminal;
mod threads;
mod times;
mod tls;
#[cfg(unix)]
mod trusted;
mod uncertain;
mod wait;
#[cfg(unix)]
mod wait_terminal;
mod wire;

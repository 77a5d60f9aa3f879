//! The binary: collects arguments, environment and streams, and ends with the exit code.

use std::process::ExitCode;

use apicall::env::Env;
use apicall::ui::Ui;

#[expect(
    clippy::disallowed_methods,
    reason = "arguments are collected here and nowhere else"
)]
fn main() -> ExitCode {
    apicall::signals::install();
    let args: Vec<_> = std::env::args_os().collect();
    let exit = apicall::run(&args, &Env::from_process(), &mut Ui::from_process());
    ExitCode::from(exit.code())
}

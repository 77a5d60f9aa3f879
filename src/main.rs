//! Collects arguments, environment and streams, runs the program and ends with the exit code.
//!
//! The only place that ends the process in order; a panic gets one line and a code here.

use std::io::Write as _;
use std::process::ExitCode;

use apicall::env::Env;
use apicall::error::Exit;
use apicall::ui::Ui;

#[expect(
    clippy::disallowed_methods,
    reason = "arguments are collected here and nowhere else"
)]
fn main() -> ExitCode {
    std::panic::set_hook(Box::new(bug));
    apicall::signals::install();
    let args: Vec<_> = std::env::args_os().collect();
    let exit = apicall::run(&args, &Env::from_process(), &mut Ui::from_process());
    ExitCode::from(exit.code())
}

/// Ends a panic as the exit codes promise it for a bug. What panicked is not shown, because it may
/// hold a secret; the place says enough.
fn bug(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(|l| format!(" at {}:{}", l.file(), l.line()));
    let place = place.unwrap_or_default();
    // Nobody is left to read it where stderr is gone.
    let _ = writeln!(
        std::io::stderr(),
        "apicall: a bug{place}\nhint: please report it with the command that led here"
    );
    std::process::exit(i32::from(Exit::Other.code()));
}

//! Questions to whoever sits at the terminal, and their answers.

use std::io::{self, Write as _};

use crate::output::visible;
use crate::secret::Secret;
use crate::signals::Question;

use super::Ui;

impl Ui {
    /// Asks for a secret without showing it. Fails where there is no terminal.
    pub fn ask_secret(&mut self, question: &str) -> io::Result<Secret> {
        // Hidden before the question shows: who pastes at once must not see what is pasted.
        let asked = self.put(question, true)?;
        let answer = read_hidden();
        drop(asked);
        // The Enter was not shown either.
        end_question();
        answer.map(Secret::new)
    }

    /// Asks a question that is answered with yes or no; no is the default.
    pub fn confirm(&mut self, question: &str) -> io::Result<bool> {
        self.agrees(question, |response| io::stdin().read_line(response))
    }

    /// Asks the same at the terminal itself: standard input is read for something else. Fails where
    /// there is none.
    pub fn confirm_at_terminal(&mut self, question: &str) -> io::Result<bool> {
        let terminal = crate::files::terminal()?;
        self.agrees(question, |response| {
            io::BufRead::read_line(&mut io::BufReader::new(terminal), response)
        })
    }

    fn agrees(
        &mut self,
        question: &str,
        read: impl FnOnce(&mut String) -> io::Result<usize>,
    ) -> io::Result<bool> {
        let asked = self.put(&format!("{question} [y/N] "), false)?;
        let mut response = String::new();
        let read = read(&mut response);
        drop(asked);
        // Ctrl-D ends the response and not the line.
        if !response.ends_with('\n') {
            end_question();
        }
        read?;
        Ok(is_yes(&response))
    }

    /// Puts a question. A signal that ends the run ends its line, and after Ctrl-Z and `fg` it is
    /// put again.
    fn put(&mut self, question: &str, hides: bool) -> io::Result<Question> {
        self.progress.clear();
        let question = visible::line(&self.masks.lock().apply(question)).into_owned();
        let show = move || {
            let mut stderr = io::stderr();
            let _ = stderr.write_all(question.as_bytes());
        };
        Question::put(hides, show, end_question).map_err(io::Error::other)
    }
}

/// Reads a line that the terminal does not show.
#[cfg(unix)]
fn read_hidden() -> io::Result<String> {
    // The terminal is hidden already, and signals are its own.
    let config = rpassword::ConfigBuilder::new().input_reader(io::stdin());
    rpassword::read_password_with_config(config.output_discard().build())
}

/// Reads a line that the terminal does not show.
#[cfg(not(unix))]
fn read_hidden() -> io::Result<String> {
    rpassword::read_password()
}

fn is_yes(response: &str) -> bool {
    matches!(response.trim(), "y" | "Y" | "yes" | "Yes")
}

/// Ends the line of a question that a signal has ended.
fn end_question() {
    let _ = io::stderr().write_all(b"\n");
}

//! A question at a terminal, and the signals while it waits for its answer.
//!
//! A signal that ends the run, and Ctrl-Z, find the terminal as it was before the question; after
//! `fg` the question is put again. Knows neither the question's words nor who reads the answer.

use crate::error::Failure;

use super::{Guard, guard};

/// A question that is put; dropped when the answer was read.
#[derive(Debug)]
pub struct Question {
    // Dropped before a signal that came meanwhile ends the process.
    _terminal: os::Terminal,
    _guard: Guard,
}

impl Question {
    /// Puts a question by `show`, which is called again after a suspension. With `hides`, what is
    /// typed does not show, from before the question does. `on_signal` runs before a signal ends
    /// the process.
    pub fn put(
        hides: bool,
        show: impl Fn() + Send + 'static,
        on_signal: impl FnOnce() + Send + 'static,
    ) -> Result<Self, Failure> {
        let state = os::State::of(hides);
        let restored = state.clone();
        let guard = guard(move || {
            restored.restore();
            on_signal();
        })?;
        Ok(Self {
            _terminal: os::Terminal::watch(state, show),
            _guard: guard,
        })
    }
}

#[cfg(unix)]
mod os {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };
    use signal_hook::consts::SIGTSTP;
    use signal_hook::flag;

    use crate::signals::LOOK;

    /// The code of a key that does nothing.
    const NO_KEY: u8 = if cfg!(target_os = "linux") { 0 } else { 0xff };

    /// How standard input's terminal was, and how it is while nothing shows.
    #[derive(Clone, Debug)]
    pub struct State(Option<(Termios, Termios)>);

    impl State {
        /// Reads the state. A terminal that is gone needs no care, nor one that shows everything.
        pub fn of(hides: bool) -> Self {
            let before = hides.then(|| tcgetattr(std::io::stdin()).ok()).flatten();
            Self(before.map(|before| {
                let mut quiet = before.clone();
                // Byte by byte, because a line of a terminal's own has a limit that keys exceed.
                let shown = LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON;
                quiet.local_modes.remove(shown);
                quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
                quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
                // It would leave the terminal like this.
                quiet.special_codes[SpecialCodeIndex::VQUIT] = NO_KEY;
                (before, quiet)
            }))
        }

        pub fn restore(&self) {
            if let Some((before, _)) = &self.0 {
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
            }
        }

        fn hide(&self) {
            if let Some((_, quiet)) = &self.0 {
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, quiet);
            }
        }
    }

    /// Whether Ctrl-Z suspends the process as usual, and whether it was pressed while not.
    static SUSPEND: OnceLock<(Arc<AtomicBool>, Arc<AtomicBool>)> = OnceLock::new();

    /// The terminal of a question that is put.
    #[derive(Debug)]
    pub struct Terminal {
        state: State,
        over: Arc<Mutex<bool>>,
    }

    impl Terminal {
        /// Puts the question, and looks for Ctrl-Z from then on.
        pub fn watch(state: State, show: impl Fn() + Send + 'static) -> Self {
            let (as_usual, pressed) = SUSPEND.get_or_init(|| {
                let (as_usual, pressed) = (Arc::new(AtomicBool::new(true)), Arc::default());
                let _ = flag::register_conditional_default(SIGTSTP, Arc::clone(&as_usual));
                let _ = flag::register(SIGTSTP, Arc::clone(&pressed));
                (as_usual, pressed)
            });
            pressed.store(false, Ordering::SeqCst);
            as_usual.store(false, Ordering::SeqCst);
            state.hide();
            show();
            let over = Arc::new(Mutex::new(false));
            let (pressed, ended) = (Arc::clone(pressed), Arc::clone(&over));
            let watched = state.clone();
            let watching = crate::threads::start(move || {
                loop {
                    // Kept while the terminal is changed: the next question may hide it by then.
                    let is_over = ended.lock().unwrap_or_else(PoisonError::into_inner);
                    if *is_over {
                        return;
                    }
                    if pressed.swap(false, Ordering::SeqCst) {
                        watched.restore();
                        let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
                        watched.hide();
                        show();
                    }
                    drop(is_over);
                    std::thread::sleep(LOOK);
                }
            });
            if watching.is_err() {
                as_usual.store(true, Ordering::SeqCst);
            }
            Self { state, over }
        }
    }

    impl Drop for Terminal {
        fn drop(&mut self) {
            let mut is_over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
            *is_over = true;
            if let Some((as_usual, _)) = SUSPEND.get() {
                as_usual.store(true, Ordering::SeqCst);
            }
            self.state.restore();
        }
    }
}

#[cfg(not(unix))]
mod os {
    /// Whoever reads from a terminal switches echo off here.
    #[derive(Clone, Debug)]
    pub struct State;

    impl State {
        pub fn of(_: bool) -> Self {
            Self
        }

        pub fn restore(&self) {}
    }

    /// A terminal that cannot be suspended.
    #[derive(Debug)]
    pub struct Terminal;

    impl Terminal {
        /// Puts the question.
        pub fn watch(_: State, show: impl Fn() + Send + 'static) -> Self {
            show();
            Self
        }
    }
}

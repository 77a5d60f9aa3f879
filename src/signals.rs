//! Ctrl-C and SIGTERM: end with their own exit codes, but never in the middle of a change.
//!
//! A signal ends the process at once, from the handler: a response that streams to stdout needs no
//! clean-up. [`hold`] puts the end off while something must be finished first, as a new config
//! file in the place of the old one; [`guard`] while something must be cleaned up, as a cursor on
//! the server.

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, OnceLock};

    use std::time::Duration;

    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;

    use crate::error::Exit;

    struct State {
        /// Whether a signal ends the process from its handler.
        armed: Arc<AtomicBool>,
        interrupted: Arc<AtomicBool>,
        terminated: Arc<AtomicBool>,
        holds: AtomicUsize,
        /// Guards that have something to clean up; the last to do so ends the process.
        guards: AtomicUsize,
    }

    static STATE: OnceLock<State> = OnceLock::new();

    /// Takes over the two signals. Without this they end the process as the system does it.
    pub fn install() {
        let state = STATE.get_or_init(|| State {
            armed: Arc::new(AtomicBool::new(true)),
            interrupted: Arc::default(),
            terminated: Arc::default(),
            holds: AtomicUsize::new(0),
            guards: AtomicUsize::new(0),
        });
        for (signal, seen, exit) in [
            (SIGINT, &state.interrupted, Exit::Interrupted),
            (SIGTERM, &state.terminated, Exit::Terminated),
        ] {
            // The flag first, so that a signal during a hold is not forgotten. Registering fails
            // for signals that can not be caught, and these can.
            let _ = flag::register(signal, Arc::clone(seen));
            let _ = flag::register_conditional_shutdown(
                signal,
                i32::from(exit.code()),
                Arc::clone(&state.armed),
            );
        }
    }

    /// While it lives, signals wait.
    #[derive(Debug)]
    pub struct Hold(());

    /// Puts the end by a signal off until the value is dropped.
    #[must_use]
    pub fn hold() -> Hold {
        if let Some(state) = STATE.get() {
            state.holds.fetch_add(1, Ordering::SeqCst);
            state.armed.store(false, Ordering::SeqCst);
        }
        Hold(())
    }

    impl Drop for Hold {
        fn drop(&mut self) {
            let Some(state) = STATE.get() else { return };
            if state.holds.fetch_sub(1, Ordering::SeqCst) > 1 {
                return;
            }
            state.armed.store(true, Ordering::SeqCst);
            if let Some(exit) = pending() {
                std::process::exit(i32::from(exit.code()));
            }
        }
    }

    /// How often a guard looks for a signal.
    const LOOK: Duration = Duration::from_millis(50);

    /// While it lives, a signal ends the process only after the terminal is as it was: a prompt
    /// switches echo off.
    #[must_use]
    pub fn guard_terminal() -> Hold {
        match tcgetattr(std::io::stdin()) {
            // A terminal that is gone needs no care.
            Ok(before) => guard(move || {
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &before);
            }),
            Err(_) => hold(),
        }
    }

    /// While it lives, a signal ends the process only after `cleanup` has run, on a thread of its
    /// own: the others may be waiting for a server or a reader.
    ///
    /// Whoever drops it has cleaned up as well: a signal that came meanwhile ends the process then.
    #[must_use]
    pub fn guard(cleanup: impl FnOnce() + Send + 'static) -> Hold {
        let hold = hold();
        if let Some(state) = STATE.get() {
            state.guards.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                while is_held() {
                    if let Some(exit) = pending() {
                        cleanup();
                        if state.guards.fetch_sub(1, Ordering::SeqCst) == 1 {
                            std::process::exit(i32::from(exit.code()));
                        }
                        return;
                    }
                    std::thread::sleep(LOOK);
                }
                state.guards.fetch_sub(1, Ordering::SeqCst);
            });
        }
        hold
    }

    fn is_held() -> bool {
        STATE
            .get()
            .is_some_and(|s| s.holds.load(Ordering::SeqCst) > 0)
    }

    /// The exit code of a signal that came during a hold.
    #[must_use]
    pub fn pending() -> Option<Exit> {
        let state = STATE.get()?;
        if state.interrupted.load(Ordering::SeqCst) {
            Some(Exit::Interrupted)
        } else if state.terminated.load(Ordering::SeqCst) {
            Some(Exit::Terminated)
        } else {
            None
        }
    }
}

#[cfg(unix)]
pub use unix::{Hold, guard, guard_terminal, hold, install, pending};

#[cfg(not(unix))]
mod other {
    use crate::error::Exit;

    /// Windows ends the process by itself.
    pub fn install() {}

    /// Does nothing here.
    #[derive(Debug)]
    pub struct Hold(());

    /// Does nothing here.
    #[must_use]
    pub fn hold() -> Hold {
        Hold(())
    }

    /// Does nothing here.
    #[must_use]
    pub fn guard_terminal() -> Hold {
        Hold(())
    }

    /// Does nothing here.
    #[must_use]
    pub fn guard(_: impl FnOnce() + Send + 'static) -> Hold {
        Hold(())
    }

    /// Nothing is ever pending here.
    #[must_use]
    pub fn pending() -> Option<Exit> {
        None
    }
}

#[cfg(not(unix))]
pub use other::{Hold, guard, guard_terminal, hold, install, pending};

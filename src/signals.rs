//! Ctrl-C, SIGTERM and SIGHUP: end with their own exit codes, but never in the middle of a change.
//!
//! A signal ends the process at once, from the handler: a response that streams to stdout needs no
//! clean-up. [`hold`] puts the end off while something must be finished first, as a new config
//! file in the place of the old one; [`guard`] while something must be cleaned up, as a cursor on
//! the server. [`guarded`] makes a thing, e.g. a temporary file, and its clean-up in one step:
//! there is no moment at which the thing is there and its clean-up is not known. All clean-ups are
//! in one list; the signal path takes the list and closes it before it runs them. `question` keeps
//! a terminal as it was while a person is asked; `second` lets the second signal end what holds the
//! first.

mod question;
mod second;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Exit, Failure};
use crate::threads;

/// From here on another signal ends the process at once, whatever is held.
pub fn let_next_end() {
    let _ends = ends();
    os::arm(true);
}

/// What undoes a thing where a signal ends the run.
type Cleanup = Box<dyn FnOnce() + Send>;

/// What has to be done before the process may end.
struct Ends {
    holds: usize,
    cleanups: BTreeMap<u64, Cleanup>,
    next: u64,
    /// Whether the signal path has taken the clean-ups; from then on nothing is made.
    closed: bool,
    watched: bool,
}

static ENDS: Mutex<Ends> = Mutex::new(Ends {
    holds: 0,
    cleanups: BTreeMap::new(),
    next: 0,
    closed: false,
    watched: false,
});

fn ends() -> MutexGuard<'static, Ends> {
    ENDS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the end that another thread is bringing about.
fn stay() -> ! {
    loop {
        std::thread::park();
    }
}

fn end(exit: Exit) -> ! {
    std::process::exit(i32::from(exit.code()))
}

/// While it lives, signals wait.
#[derive(Debug)]
pub struct Hold(());

/// Puts the end by a signal off until the value is dropped.
#[must_use]
pub fn hold() -> Hold {
    hold_in(&mut ends())
}

fn hold_in(ends: &mut Ends) -> Hold {
    ends.holds += 1;
    os::arm(false);
    Hold(())
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut ends = ends();
        ends.holds -= 1;
        if ends.holds > 0 || ends.closed {
            return;
        }
        os::arm(true);
        if let Some(exit) = pending() {
            drop(ends);
            end(exit);
        }
    }
}

/// A clean-up that is in the list, and a hold.
#[derive(Debug)]
pub struct Guard {
    id: u64,
    // Dropped after the clean-up has been taken out.
    _hold: Hold,
}

impl Guard {
    /// Ends what is guarded, e.g. by giving a file its name, in one step with forgetting the
    /// clean-up. A failure leaves both.
    pub fn settle<T, E>(&mut self, act: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut ends = ends();
        if ends.closed {
            drop(ends);
            stay();
        }
        let result = act();
        if result.is_ok() {
            ends.cleanups.remove(&self.id);
        }
        result
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut ends = ends();
        let cleanup = ends.cleanups.remove(&self.id);
        let is_taken = cleanup.is_none() && ends.closed;
        drop(ends);
        // The clean-up is running, and ends the process; whoever went on could end it before.
        if is_taken {
            stay();
        }
    }
}

/// Guards a cleanup: while the guard lives, a signal ends the process only after `cleanup` has run,
/// on a thread of its own: the others may be waiting for a server or a reader.
///
/// Whoever drops it has cleaned up as well: a signal that came meanwhile ends the process then. An
/// error says that there is no thread to watch for signals.
pub fn guard(cleanup: impl FnOnce() + Send + 'static) -> Result<Guard, Failure> {
    let made = guarded(|| Ok::<_, std::convert::Infallible>(((), Box::new(cleanup) as Cleanup)));
    let ((), guard) = match made {
        Ok(both) => both,
        Err(never) => match never {},
    };
    watch()?;
    Ok(guard)
}

/// Makes a thing that has to be cleaned up where a signal ends the run; signals wait meanwhile.
///
/// As long as the guard lives and nobody watches ([`watch`]), a signal waits for its end, so what
/// is made this way and used for longer than a moment needs a watch.
pub fn guarded<T, E>(make: impl FnOnce() -> Result<(T, Cleanup), E>) -> Result<(T, Guard), E> {
    let hold = hold();
    let mut ends = ends();
    if ends.closed {
        drop(ends);
        stay();
    }
    let (thing, cleanup) = match make() {
        Ok(both) => both,
        Err(e) => {
            drop(ends);
            return Err(e);
        }
    };
    let id = ends.next;
    ends.next += 1;
    ends.cleanups.insert(id, cleanup);
    Ok((thing, Guard { id, _hold: hold }))
}

/// How often a signal is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Has a thread run the clean-ups and end the process as soon as a signal comes.
pub fn watch() -> Result<(), Failure> {
    if std::mem::replace(&mut ends().watched, true) || !os::is_installed() {
        return Ok(());
    }
    let started = threads::start(|| {
        loop {
            if let Some(exit) = pending() {
                let mut ends = ends();
                ends.closed = true;
                let cleanups = std::mem::take(&mut ends.cleanups);
                drop(ends);
                for cleanup in cleanups.into_values() {
                    cleanup();
                }
                end(exit);
            }
            {
                let mut ends = ends();
                if ends.cleanups.is_empty() {
                    ends.watched = false;
                    return;
                }
            }
            std::thread::sleep(LOOK);
        }
    });
    if started.is_err() {
        ends().watched = false;
    }
    started.map(drop)
}

pub use os::{install, pending};
pub use question::Question;
pub use second::{Second, second};

#[cfg(unix)]
mod os {
    use std::io::Read as _;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;

    use super::Exit;

    /// The signals that end a run, each with its exit code.
    const SIGNALS: [(i32, Exit); 3] = [
        (SIGINT, Exit::Interrupted),
        (SIGTERM, Exit::Terminated),
        (SIGHUP, Exit::HungUp),
    ];

    struct State {
        /// Whether a signal ends the process from its handler.
        armed: Arc<AtomicBool>,
        seen: [Arc<AtomicBool>; 3],
    }

    static STATE: OnceLock<State> = OnceLock::new();

    /// Takes over the signals. Without this they end the process as the system does it. A SIGHUP
    /// that the parent ignores, as `nohup` does, stays ignored.
    pub fn install() {
        let state = STATE.get_or_init(|| State {
            armed: Arc::new(AtomicBool::new(true)),
            seen: Default::default(),
        });
        for ((signal, exit), seen) in SIGNALS.into_iter().zip(&state.seen) {
            if signal == SIGHUP && is_ignored(signal) {
                continue;
            }
            // The flag first, so that a signal during a hold is not forgotten. Registering fails
            // for signals that cannot be caught, and these can.
            let _ = flag::register(signal, Arc::clone(seen));
            let _ = flag::register_conditional_shutdown(
                signal,
                i32::from(exit.code()),
                Arc::clone(&state.armed),
            );
        }
    }

    /// Returns whether a signal is ignored already, which only the kernel's own file says without
    /// `unsafe`; elsewhere than on Linux it is not known.
    #[expect(
        clippy::disallowed_methods,
        reason = "a leaf that `files` itself stands on, and a file of the kernel's"
    )]
    fn is_ignored(signal: i32) -> bool {
        // Room for all of it: one read, where a string that grows takes seven.
        let mut status = String::with_capacity(4096);
        if let Ok(mut file) = std::fs::File::open("/proc/self/status") {
            let _ = file.read_to_string(&mut status);
        }
        let mask = status.lines().find_map(|l| l.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|m| u64::from_str_radix(m.trim(), 16).ok());
        mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
    }

    pub(super) fn is_installed() -> bool {
        STATE.get().is_some()
    }

    /// Arms or disarms the handlers. Callers hold the lock of the list, so that the last state set
    /// is right.
    pub(super) fn arm(armed: bool) {
        if let Some(state) = STATE.get() {
            state.armed.store(armed, Ordering::SeqCst);
        }
    }

    /// Returns the exit code of a signal that came during a hold.
    #[must_use]
    pub fn pending() -> Option<Exit> {
        let state = STATE.get()?;
        let mut all = SIGNALS.iter().zip(&state.seen);
        all.find(|(_, seen)| seen.load(Ordering::SeqCst))
            .map(|((_, exit), _)| *exit)
    }
}

#[cfg(not(unix))]
mod os {
    use super::Exit;

    /// Windows ends the process by itself.
    pub fn install() {}

    pub(super) fn is_installed() -> bool {
        false
    }

    pub(super) fn arm(_: bool) {}

    /// Returns `None`: without signals nothing is ever pending.
    #[must_use]
    pub fn pending() -> Option<Exit> {
        None
    }
}

/// While it lives, a signal does not break a call off: its response names what has to be freed.
#[derive(Debug)]
pub struct Awaited(());

static AWAITED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

/// Keeps calls from being broken off by a signal until the value is dropped.
#[must_use]
pub fn awaited() -> Awaited {
    AWAITED.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    Awaited(())
}

impl Drop for Awaited {
    fn drop(&mut self) {
        AWAITED.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }
}

/// Returns whether a call that is waited for is to be broken off by a signal.
#[must_use]
pub fn breaks_off() -> bool {
    pending().is_some() && AWAITED.load(std::sync::atomic::Ordering::SeqCst) == 0
}

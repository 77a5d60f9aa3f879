//! The second signal of a run that holds the first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Failure;
use crate::threads;

use super::{LOOK, let_next_end, os, pending};

/// While it lives, the signal after the first ends the process at once, whatever the run waits for: a
/// reader that reads no further keeps it from looking for signals itself.
#[derive(Debug)]
pub struct Second(Arc<AtomicBool>);

/// Has the second signal end the process until the value is dropped.
pub fn second() -> Result<Second, Failure> {
    let over = Arc::new(AtomicBool::new(false));
    let second = Second(Arc::clone(&over));
    if os::is_installed() {
        threads::start(move || {
            while !over.load(Ordering::SeqCst) {
                if pending().is_some() {
                    return let_next_end();
                }
                std::thread::sleep(LOOK);
            }
        })?;
    }
    Ok(second)
}

impl Drop for Second {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

//! Standard output as the process has it: written without a buffer, and whether anyone reads it.

use std::io::{self, Write};
use std::time::Duration;
#[cfg(unix)]
use std::time::Instant;

/// Waits, and returns whether the reader of stdout has gone away meanwhile: whoever follows something
/// that is quiet would learn it with the next line only.
#[cfg(unix)]
#[must_use]
pub fn reader_leaves_within(time: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use std::os::fd::AsFd as _;
    let end = Instant::now() + time;
    let stdout = io::stdout();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        // Errors and the end are reported without being asked for.
        let mut look = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())];
        let left = Timespec::try_from(left).ok();
        match poll(&mut look, left.as_ref()) {
            Ok(0) => return false,
            Ok(_)
                if look[0]
                    .revents()
                    .intersects(PollFlags::ERR | PollFlags::HUP) =>
            {
                return true;
            }
            // macOS cannot look at devices.
            Ok(_) => {
                std::thread::sleep(end.saturating_duration_since(Instant::now()));
                return false;
            }
            // A signal that does not end the process.
            Err(_) if Instant::now() < end => {}
            Err(_) => return false,
        }
    }
}

/// Waits; what has become of the reader is seen with the next line.
#[cfg(not(unix))]
#[must_use]
pub fn reader_leaves_within(time: Duration) -> bool {
    std::thread::sleep(time);
    false
}

/// `std::io::stdout` looks for line ends in everything that passes; responses are large.
#[cfg(unix)]
pub fn unbuffered_stdout() -> Box<dyn Write + Send> {
    use std::os::fd::AsFd as _;
    match io::stdout().as_fd().try_clone_to_owned() {
        Ok(fd) => Box::new(std::fs::File::from(fd)),
        Err(_) => Box::new(io::stdout()),
    }
}

#[cfg(not(unix))]
pub fn unbuffered_stdout() -> Box<dyn Write + Send> {
    Box::new(io::stdout())
}

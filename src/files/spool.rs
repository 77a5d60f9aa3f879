//! Bytes that wait for their turn: in memory while they are few, in a temporary file beyond that.

use std::io::{self, Read, Seek as _, SeekFrom, Write};

use super::Temporary;

/// More than this is not kept in memory.
const MOST_HELD: usize = 1024 * 1024;

/// Takes bytes until they are read.
#[derive(Debug, Default)]
pub struct Spool {
    held: Vec<u8>,
    file: Option<Temporary>,
}

impl Spool {
    /// Reads what was written, from its start.
    pub fn read(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.file {
            Some(file) => {
                let mut file = file.file();
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
            None => Box::new(self.held.as_slice()),
        })
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            file.write_all(bytes)?;
            return Ok(bytes.len());
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() > MOST_HELD {
            let mut file = Temporary::anywhere()?;
            file.write_all(&std::mem::take(&mut self.held))?;
            self.file = Some(file);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        for size in [0, 1, MOST_HELD, MOST_HELD + 1, 3 * MOST_HELD] {
            let bytes: Vec<u8> = (0..size)
                .map(|at| u8::try_from(at % 251).unwrap())
                .collect();
            let mut spool = Spool::default();
            for chunk in bytes.chunks(100_000) {
                spool.write_all(chunk).unwrap();
            }
            assert_eq!(spool.file.is_some(), size > MOST_HELD);
            assert!(spool.held.len() <= MOST_HELD);
            let mut read = Vec::new();
            spool.read().unwrap().read_to_end(&mut read).unwrap();
            assert!(read == bytes, "{size}");
        }
    }
}

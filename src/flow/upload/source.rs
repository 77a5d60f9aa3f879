//! The file of an image: measured once, then read again in chunks.
//!
//! Both passes read the same open file. Size and time are looked at before each chunk, and the
//! content is hashed once more on its way: the last chunk is only given where all of it still is
//! what was announced.

use std::fs::{File, Metadata};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ring::digest::{Context, SHA256};

use crate::error::{Exit, Failure};
use crate::service::maas::image::CHUNK;

/// Blocks of this size are hashed.
const BLOCK: usize = 256 * 1024;

/// A file whose content is known by its hash.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    file: File,
    modified: Option<SystemTime>,
    /// Its length in bytes; never 0.
    pub len: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl Source {
    /// Opens a regular file and reads it once from end to end; `report` hears of each block's length.
    pub fn measure(path: &Path, report: &mut dyn FnMut(usize)) -> Result<Self, Failure> {
        let failed = |e: std::io::Error| fault(path, &e.to_string());
        let file = crate::files::input(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(fault(path, "is a folder"));
        }
        if !metadata.is_file() {
            return Err(fault(path, "is not a regular file").hint(
                "an image is read twice, for its hash and to send it: write it to a file first",
            ));
        }
        if metadata.len() == 0 {
            return Err(fault(path, "is empty"));
        }
        let mut source = Self {
            path: path.to_path_buf(),
            modified: metadata.modified().ok(),
            len: metadata.len(),
            sha256: String::new(),
            file,
        };
        let mut context = Context::new(&SHA256);
        source.hash(&mut context, source.len, report)?;
        // One that still grows has more to give.
        source.check_unchanged()?;
        source.sha256 = hex(context);
        Ok(source)
    }

    /// Returns the chunks from an offset on. What lies before is read once more for the hash.
    pub fn chunks(&self, offset: u64) -> Result<Chunks<'_>, Failure> {
        (&self.file)
            .seek(SeekFrom::Start(0))
            .map_err(|e| fault(&self.path, &e.to_string()))?;
        let mut context = Context::new(&SHA256);
        self.hash(&mut context, offset, &mut |_| {})?;
        Ok(Chunks {
            source: self,
            context,
            offset,
            buffer: Arc::from([]),
        })
    }

    /// Hashes so many bytes from where the file stands.
    fn hash(
        &self,
        context: &mut Context,
        mut left: u64,
        report: &mut dyn FnMut(usize),
    ) -> Result<(), Failure> {
        let mut block = vec![0; BLOCK];
        while left > 0 {
            let most = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
            self.fill(&mut block[..most])?;
            context.update(&block[..most]);
            report(most);
            left -= most as u64;
        }
        Ok(())
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        (&self.file).read_exact(bytes).map_err(|e| match e.kind() {
            std::io::ErrorKind::UnexpectedEof => self.changed(),
            _ => fault(&self.path, &e.to_string()),
        })
    }

    fn check_unchanged(&self) -> Result<(), Failure> {
        let now: Metadata = self
            .file
            .metadata()
            .map_err(|e| fault(&self.path, &e.to_string()))?;
        if now.len() != self.len || now.modified().ok() != self.modified {
            return Err(self.changed());
        }
        Ok(())
    }

    fn changed(&self) -> Failure {
        fault(&self.path, "changed while it was read")
    }
}

/// A chunk of a file.
#[derive(Debug)]
pub struct Chunk {
    /// Where it begins in the file.
    pub offset: u64,
    /// What it holds.
    pub bytes: Arc<[u8]>,
}

impl Chunk {
    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.bytes.len() as u64
    }
}

/// The chunks of a file, in order.
pub struct Chunks<'a> {
    source: &'a Source,
    context: Context,
    offset: u64,
    buffer: Arc<[u8]>,
}

impl Chunks<'_> {
    /// Returns the next chunk; `None` behind the last one. The memory of the chunk before it is
    /// used again where that was dropped.
    pub fn next(&mut self) -> Result<Option<Chunk>, Failure> {
        let left = self.source.len - self.offset;
        if left == 0 {
            return Ok(None);
        }
        self.source.check_unchanged()?;
        let len = usize::try_from(left.min(CHUNK))
            .map_err(|_| fault(&self.source.path, "is too large"))?;
        if self.buffer.len() != len || Arc::get_mut(&mut self.buffer).is_none() {
            self.buffer = std::iter::repeat_n(0, len).collect();
        }
        let Some(bytes) = Arc::get_mut(&mut self.buffer) else {
            return Err(fault(&self.source.path, "its last chunk is still in use"));
        };
        self.source.fill(bytes)?;
        self.context.update(bytes);
        let offset = self.offset;
        self.offset += len as u64;
        if self.offset == self.source.len && hex(self.context.clone()) != self.source.sha256 {
            return Err(self.source.changed());
        }
        Ok(Some(Chunk {
            offset,
            bytes: Arc::clone(&self.buffer),
        }))
    }
}

fn fault(path: &Path, what: &str) -> Failure {
    Failure::new(Exit::Other, format!("`{}`: {what}", path.display()))
}

fn hex(context: Context) -> String {
    let mut text = String::new();
    for byte in context.finish().as_ref() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

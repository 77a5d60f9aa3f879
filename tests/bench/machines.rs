//! A list of machines of any length, as a service sends it; nothing of it is ever in memory at once
//! but a megabyte that is said again and again.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// One machine, indented by four spaces as MAAS does: nested members, escapes, numbers that change
/// when they are read as floats, text that is not ASCII.
const MACHINE: &str = include_str!("machine.json");

/// So many machines are unlike each other.
const UNLIKE: u64 = 400;

/// A list of machines.
pub struct Machines {
    indented: bool,
    /// The unlike ones, each after a comma.
    block: String,
    times: u64,
}

impl Machines {
    /// So many bytes without blanks, or the same machines indented; up to a block more.
    pub fn new(bytes: u64, indented: bool) -> Self {
        let block = block(false);
        let times = bytes.div_ceil(block.len() as u64).max(1);
        Self {
            indented,
            block: if indented { self::block(true) } else { block },
            times,
        }
    }

    /// What stands before the first machine instead of a comma, and after the last.
    fn ends(&self) -> (&'static str, &'static str) {
        if self.indented {
            ("[\n", "\n]")
        } else {
            ("[", "]")
        }
    }

    pub fn length(&self) -> u64 {
        // The start is as long as a comma.
        self.block.len() as u64 * self.times + self.ends().1.len() as u64
    }

    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        let (start, end) = self.ends();
        out.write_all(start.as_bytes())?;
        out.write_all(&self.block.as_bytes()[start.len()..])?;
        for _ in 1..self.times {
            out.write_all(self.block.as_bytes())?;
        }
        out.write_all(end.as_bytes())
    }

    /// Packs them into a file, as servers do: level 6, one member.
    pub fn pack(&self, file: &Path) -> io::Result<()> {
        let mut packer = GzEncoder::new(File::create(file)?, Compression::default());
        self.write_to(&mut packer)?;
        packer.finish()?.flush()
    }
}

fn block(indented: bool) -> String {
    let mut block = String::new();
    for number in 0..UNLIKE {
        // Six digits without a pattern, the same in each run.
        let id = (number + 1) * 0x9e37_79b9 % 0x100_0000;
        let machine = MACHINE
            .replace("NUMBER", &number.to_string())
            .replace("SYSTEM_ID", &format!("{id:06x}"));
        if indented {
            block.push_str(",\n");
            block.push_str(machine.trim_end());
        } else {
            block.push(',');
            block.extend(
                machine
                    .lines()
                    .map(|l| l.trim_start().replace("\": ", "\":")),
            );
        }
    }
    block
}

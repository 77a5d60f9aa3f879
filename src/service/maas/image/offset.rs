//! How much of a file the server has.
//!
//! It reports `progress` only, `100.0 * received / (size * regions)` (MAAS's source), so an offset is
//! certain where one region counts and the number fits exactly. Everything else is doubt.

use super::{CHUNK, File};

/// Above this size `progress` would not distinguish one byte from the next.
const MOST: u64 = 1 << 40;

/// Returns how many bytes of a file the server has; `None` where that is not certain.
#[must_use]
pub fn received(file: &File, regions: usize) -> Option<u64> {
    let size = file.size?;
    if file.complete {
        return Some(size);
    }
    let progress = file.progress?;
    // Nothing of all regions is nothing of each.
    if progress == 0.0 {
        return Some(0);
    }
    if regions != 1 || size > MOST || !(0.0..=100.0).contains(&progress) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "sizes stay below 2^53")]
    let bytes = progress * size as f64 / 100.0;
    let whole = bytes.round();
    // The error of two roundings is below a thousandth up to the largest size.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between nothing and the size"
    )]
    ((bytes - whole).abs() < 0.01).then_some(whole as u64)
}

/// How the server stands after a chunk whose response did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The server has not counted the chunk.
    Before,
    /// The server has counted the chunk.
    After,
    /// The count leaves open which.
    Doubt,
}

/// Judges what the server has of a file, when a chunk of `len` bytes went out at `offset`.
#[must_use]
pub fn standing(file: &File, regions: usize, offset: u64, len: u64) -> Standing {
    match received(file, regions) {
        Some(bytes) if bytes == offset => Standing::Before,
        Some(bytes) if bytes == offset + len => Standing::After,
        _ => Standing::Doubt,
    }
}

/// Returns where an upload that another run began continues; `None` where that is not certain. Chunks
/// are complete ones up to there, of this program and of the `maas` command line.
#[must_use]
pub fn resumes_at(file: &File, regions: usize) -> Option<u64> {
    let size = file.size?;
    received(file, regions).filter(|bytes| bytes % CHUNK == 0 && *bytes < size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partial(size: u64, progress: f64) -> File {
        File {
            filetype: "root-tgz".into(),
            sha256: Some("a".repeat(64)),
            size: Some(size),
            complete: false,
            progress: Some(progress),
            upload_uri: Some("/MAAS/api/2.0/boot-resources/3/upload/4/".into()),
        }
    }

    /// As MAAS counts.
    fn progress(received: u64, size: u64, regions: u64) -> f64 {
        #[expect(clippy::cast_precision_loss)]
        let progress = 100.0 * received as f64 / (size * regions) as f64;
        progress
    }

    #[test]
    fn every_offset_is_distinguished_from_its_neighbours() {
        let cases = [7, CHUNK + 1, 3 * CHUNK, 300_000_001, 999_999_999_937, MOST];
        for size in cases {
            let chunks = size.div_ceil(CHUNK).min(2000);
            for at in (0..chunks).map(|n| n * CHUNK).chain([size - 1, size]) {
                let file = partial(size, progress(at, size, 1));
                assert_eq!(received(&file, 1), Some(at), "{at} of {size}");
            }
        }
    }

    #[test]
    fn how_the_server_stands() {
        let size = 10 * CHUNK;
        let at = |received| progress(received, size, 1);
        for (number, regions, offset, want) in [
            (at(CHUNK), 1, CHUNK, Standing::Before),
            (at(2 * CHUNK), 1, CHUNK, Standing::After),
            (at(3 * CHUNK), 1, CHUNK, Standing::Doubt),
            (at(CHUNK) + 0.001, 1, CHUNK, Standing::Doubt),
            (10.5, 1, CHUNK, Standing::Doubt),
            (f64::NAN, 1, CHUNK, Standing::Doubt),
            (-10.0, 1, 0, Standing::Doubt),
            (110.0, 1, 10 * CHUNK, Standing::Doubt),
            (0.0, 2, 0, Standing::Before),
            // Of two regions, this is the second chunk counted as well as the first one.
            (progress(2 * CHUNK, size, 2), 2, CHUNK, Standing::Doubt),
            (0.0, 0, 0, Standing::Before),
            (at(CHUNK), 0, 0, Standing::Doubt),
        ] {
            let file = partial(size, number);
            let found = standing(&file, regions, offset, CHUNK);
            assert_eq!(found, want, "{number} {regions} {offset}");
        }
        let too_large = partial(MOST + 4, progress(CHUNK, MOST + 4, 1));
        assert_eq!(standing(&too_large, 1, 0, CHUNK), Standing::Doubt);
        let mut silent = partial(size, 0.0);
        silent.progress = None;
        assert_eq!(standing(&silent, 1, 0, CHUNK), Standing::Doubt);
        silent.complete = true;
        assert_eq!(standing(&silent, 2, 9 * CHUNK, CHUNK), Standing::After);
    }

    #[test]
    fn where_another_run_left_off() {
        let size = 2 * CHUNK + 5;
        for (received, want) in [
            (0, Some(0)),
            (CHUNK, Some(CHUNK)),
            (2 * CHUNK, Some(2 * CHUNK)),
            (CHUNK + 1, None),
            (size, None),
        ] {
            let file = partial(size, progress(received, size, 1));
            assert_eq!(resumes_at(&file, 1), want, "{received}");
        }
        assert_eq!(
            resumes_at(&partial(size, progress(CHUNK, size, 1)), 2),
            None
        );
    }
}

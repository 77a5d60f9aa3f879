//! Looks at sixteen bytes at a time.
//!
//! Each function tells how many bytes of a piece, counted from its start, are of a kind; which kind
//! matters where is the scanner's. Most tokens and indentations fit into one piece, so that their
//! end is found without a loop, and without a branch that nobody can foresee.

/// A piece.
pub(super) type Lanes = [u8; 16];

/// Counts the bytes of a string that stand for themselves: ASCII other than quote, backslash and
/// control characters.
#[inline]
pub(super) fn text(lanes: &Lanes) -> usize {
    before_first(lanes, is_mark)
}

/// Counts spaces.
#[inline]
pub(super) fn spaces(lanes: &Lanes) -> usize {
    before_first(lanes, |byte| byte != b' ')
}

/// Counts decimal digits.
#[inline]
pub(super) fn digits(lanes: &Lanes) -> usize {
    before_first(lanes, |byte| !byte.is_ascii_digit())
}

/// Tells whether a byte of a string needs a look.
#[inline]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "with branches this would not become vector code: six times slower"
)]
pub(super) fn is_mark(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | !(0x20..0x80).contains(&byte)
}

/// Counts the lanes before the first for which `is_other` holds.
///
/// No early exit, so that it becomes vector code: about twenty instructions.
#[inline]
fn before_first(lanes: &Lanes, is_other: impl Fn(u8) -> bool) -> usize {
    let hits = lanes.map(|byte| if is_other(byte) { 0xff } else { 0 });
    u128::from_le_bytes(hits).trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    type Count = fn(&Lanes) -> usize;

    #[test]
    fn counts_up_to_every_byte_at_every_place() {
        let kinds: [(u8, Count, fn(u8) -> bool); 3] = [
            (b'a', text, |byte| !is_mark(byte)),
            (b' ', spaces, |byte| byte == b' '),
            (b'7', digits, |byte| byte.is_ascii_digit()),
        ];
        for (filling, count, belongs) in kinds {
            for byte in 0..=255 {
                for place in 0..=16 {
                    // What follows a hit must not matter.
                    for after in [filling, byte, byte ^ 1] {
                        let mut lanes = [filling; 16];
                        lanes[place..].fill(after);
                        if let Some(lane) = lanes.get_mut(place) {
                            *lane = byte;
                        }
                        let other = lanes.iter().position(|&byte| !belongs(byte));
                        assert_eq!(count(&lanes), other.unwrap_or(16), "{lanes:x?}");
                    }
                }
            }
        }
    }
}

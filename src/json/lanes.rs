//! Looks at sixteen bytes at a time.
//!
//! Each function returns how many bytes of a piece, counted from its start, are of a kind; which kind
//! matters where is the scanner's. Most tokens and indentations fit into one piece, so that their
//! end is found without a loop, and without a branch that nobody can foresee.
//!
//! On x86-64 this is SSE2, elsewhere plain code, which is a third slower there.

/// A piece.
pub(super) type Lanes = [u8; 16];

/// Counts the bytes of a string that stand for themselves: ASCII other than quote, backslash and
/// control characters.
#[inline]
pub(super) fn text(lanes: &Lanes) -> usize {
    wide::text(lanes)
}

/// Counts spaces.
#[inline]
pub(super) fn spaces(lanes: &Lanes) -> usize {
    wide::spaces(lanes)
}

/// Counts decimal digits.
#[inline]
pub(super) fn digits(lanes: &Lanes) -> usize {
    wide::digits(lanes)
}

/// Returns whether a byte of a string needs a look.
#[inline]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "with branches this would not become vector code: six times slower"
)]
pub(super) fn is_mark(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | !(0x20..0x80).contains(&byte)
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use safe_arch::{
        bitor_m128i, cmp_eq_mask_i8_m128i, load_unaligned_m128i, m128i, min_u8_m128i,
        move_mask_i8_m128i, set_splat_i8_m128i, sub_i8_m128i,
    };

    use super::Lanes;

    #[inline]
    pub(super) fn text(lanes: &Lanes) -> usize {
        let bytes = load_unaligned_m128i(lanes);
        let quote = cmp_eq_mask_i8_m128i(bytes, all(b'"'));
        let backslash = cmp_eq_mask_i8_m128i(bytes, all(b'\\'));
        // The high bit is what counts: that of bytes that are not ASCII, too.
        let others = bitor_m128i(at_most(bytes, 0x1f), bytes);
        before_first(bitor_m128i(bitor_m128i(quote, backslash), others))
    }

    #[inline]
    pub(super) fn spaces(lanes: &Lanes) -> usize {
        let bytes = load_unaligned_m128i(lanes);
        before_last(cmp_eq_mask_i8_m128i(bytes, all(b' ')))
    }

    #[inline]
    pub(super) fn digits(lanes: &Lanes) -> usize {
        let values = sub_i8_m128i(load_unaligned_m128i(lanes), all(b'0'));
        before_last(at_most(values, 9))
    }

    #[inline]
    fn all(byte: u8) -> m128i {
        set_splat_i8_m128i(byte.cast_signed())
    }

    #[inline]
    fn at_most(bytes: m128i, most: u8) -> m128i {
        cmp_eq_mask_i8_m128i(min_u8_m128i(bytes, all(most)), bytes)
    }

    /// Returns the number of lanes before the first that is set.
    #[inline]
    fn before_first(lanes: m128i) -> usize {
        (move_mask_i8_m128i(lanes) | 1 << 16).trailing_zeros() as usize
    }

    /// Returns the number of lanes before the first that is not set.
    #[inline]
    fn before_last(lanes: m128i) -> usize {
        move_mask_i8_m128i(lanes).trailing_ones() as usize
    }
}

#[cfg(not(target_arch = "x86_64"))]
use plain as wide;

#[cfg(any(test, not(target_arch = "x86_64")))]
mod plain {
    use super::{Lanes, is_mark};

    #[inline]
    pub(super) fn text(lanes: &Lanes) -> usize {
        before_first(lanes, is_mark)
    }

    #[inline]
    pub(super) fn spaces(lanes: &Lanes) -> usize {
        before_first(lanes, |byte| byte != b' ')
    }

    #[inline]
    pub(super) fn digits(lanes: &Lanes) -> usize {
        before_first(lanes, |byte| !byte.is_ascii_digit())
    }

    /// Returns the number of lanes before the first that `is_other`.
    ///
    /// No early exit, so that it becomes vector code.
    #[inline]
    fn before_first(lanes: &Lanes, is_other: impl Fn(u8) -> bool) -> usize {
        let hits = lanes.map(|byte| if is_other(byte) { 0xff } else { 0 });
        u128::from_le_bytes(hits).trailing_zeros() as usize / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Count = fn(&Lanes) -> usize;
    /// A byte, what counts it in both ways, what returns whether a byte belongs.
    type Kind = (u8, [Count; 2], fn(u8) -> bool);

    #[test]
    fn counts_up_to_every_byte_at_every_place() {
        let kinds: [Kind; 3] = [
            (b'a', [wide::text, plain::text], |byte| !is_mark(byte)),
            (b' ', [wide::spaces, plain::spaces], |byte| byte == b' '),
            (b'7', [wide::digits, plain::digits], |byte| {
                byte.is_ascii_digit()
            }),
        ];
        for (filling, counts, belongs) in kinds {
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
                        for count in counts {
                            assert_eq!(count(&lanes), other.unwrap_or(16), "{lanes:x?}");
                        }
                    }
                }
            }
        }
    }
}

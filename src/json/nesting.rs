//! Keeps the stack of open objects and arrays, at one bit a level.
//!
//! The only memory of the lexer that grows with the input.

use super::sink::Container;

/// The containers that are open, innermost last.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    depth: usize,
    /// The innermost levels, lowest bit last opened; a set bit is an object.
    near: u64,
    /// The levels further out, in words of 64.
    far: Vec<u64>,
}

impl Nesting {
    /// Opens a level.
    #[inline]
    pub(super) fn push(&mut self, kind: Container) {
        if self.depth.is_multiple_of(64) && self.depth > 0 {
            self.far.push(self.near);
        }
        self.near = self.near << 1 | u64::from(kind == Container::Object);
        self.depth += 1;
    }

    /// Closes the innermost level; there must be one.
    #[inline]
    pub(super) fn pop(&mut self) {
        debug_assert!(self.depth > 0, "nothing is open");
        self.near >>= 1;
        self.depth -= 1;
        if self.depth.is_multiple_of(64) {
            self.near = self.far.pop().unwrap_or_default();
        }
    }

    /// Returns the kind of the innermost level.
    #[inline]
    pub(super) fn top(&self) -> Option<Container> {
        match (self.depth, self.near & 1) {
            (0, _) => None,
            (_, 0) => Some(Container::Array),
            _ => Some(Container::Object),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_every_level() {
        let kind = |level: usize| match level % 3 {
            0 => Container::Object,
            _ => Container::Array,
        };
        let mut nesting = Nesting::default();
        for depth in [0, 1, 63, 64, 65, 127, 128, 129, 1000] {
            for level in 0..depth {
                nesting.push(kind(level));
                assert_eq!(nesting.top(), Some(kind(level)));
            }
            for level in (0..depth).rev() {
                assert_eq!(nesting.top(), Some(kind(level)), "level {level} of {depth}");
                nesting.pop();
            }
            assert_eq!(nesting.top(), None);
        }
    }
}

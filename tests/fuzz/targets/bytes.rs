//! Choices from bytes, one after the other; when they run out everything is zero. No two draws share a
//! byte, so that a change of one byte changes one draw: a flag, a place in a table, a set of up to eight.

/// What is left of the bytes.
pub(crate) struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One bit of a byte of its own.
    pub(crate) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// Below `bound`, and now and then `bound` itself, which is one too many.
    pub(crate) fn index(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % (bound + 1)
    }

    /// One of a table.
    pub(crate) fn one_of<T: Copy>(&mut self, table: &[T]) -> T {
        table[usize::from(self.byte()) % table.len()]
    }
}

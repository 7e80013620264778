//! The levels that the other end is to see, and those it has been told.

use std::collections::BTreeMap;

/// Levels by number, as last handed on.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(BTreeMap<u8, bool>);

impl Lines {
    /// Nothing has been handed on: everything will be.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    /// This one will be handed on again.
    pub(super) fn again(&mut self, number: u8) {
        self.0.remove(&number);
    }

    /// Those of these levels that have to be handed on now.
    pub(super) fn changed(&mut self, levels: impl IntoIterator<Item = (u8, bool)>) -> Vec<(u8, bool)> {
        let new = levels.into_iter().filter(|(number, level)| self.0.insert(*number, *level) != Some(*level));
        new.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_handed_on() {
        let mut lines = Lines::default();
        assert_eq!(lines.changed([(1, false), (2, true)]), [(1, false), (2, true)]);
        assert_eq!(lines.changed([(1, true), (2, true)]), [(1, true)]);
        lines.again(2);
        assert_eq!(lines.changed([(1, true), (2, true)]), [(2, true)]);
        lines.forget();
        assert_eq!(lines.changed([(1, true)]), [(1, true)]);
    }
}

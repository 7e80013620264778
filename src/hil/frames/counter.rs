//! Passages from a board's own counts.

use crate::apb::time::Span;

/// No lane lets more bodies through in a second than this. Assumed: the fastest flap gates are sold with 60
/// in a minute.
const BODIES_PER_S: u64 = 3;

/// So many more may have gone through at once: a group on one release.
const BODIES_AT_ONCE: u64 = 5;

/// What became of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many more bodies went through; the count may have gone over its end.
    Forward(u32),
    /// The board began anew, and since then so many went through.
    Restarted(u32),
    /// The count is somewhere else; nobody knows how many went through.
    Jump,
}

/// What became of a count within a span. `size`: how many values it has; `None`: without end.
pub(super) fn step(old: u32, new: u32, size: Option<u64>, within: Span) -> Step {
    let possible = BODIES_AT_ONCE.saturating_add(BODIES_PER_S.saturating_mul(within.0 / 1_000_000));
    let (from, to) = (u64::from(old), u64::from(new));
    let forward = match size {
        Some(size) => (to + size).checked_sub(from).map(|n| n % size.max(1)),
        None => to.checked_sub(from),
    };
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    match forward {
        Some(n) if n <= possible => Step::Forward(narrow(n)),
        _ if to < from && to <= possible => Step::Restarted(new),
        _ => Step::Jump,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTE: Option<u64> = Some(256);

    #[test]
    fn a_count_goes_over_its_end() {
        assert_eq!(step(254, 2, BYTE, Span::ZERO), Step::Forward(4));
        assert_eq!(step(254, 254, BYTE, Span::ZERO), Step::Forward(0));
        assert_eq!(step(3, 8, None, Span::ZERO), Step::Forward(5));
    }

    #[test]
    fn a_count_that_is_back_at_its_start_is_a_restart() {
        assert_eq!(step(100, 0, BYTE, Span::ZERO), Step::Restarted(0));
        assert_eq!(step(100, 2, Some(1 << 24), Span::seconds(1)), Step::Restarted(2));
        assert_eq!(step(4_000_000, 1, None, Span::ZERO), Step::Restarted(1));
    }

    #[test]
    fn more_than_can_have_gone_through_is_a_jump() {
        assert_eq!(step(0, 6, None, Span::ZERO), Step::Jump);
        assert_eq!(step(0, 6, None, Span::seconds(1)), Step::Forward(6));
        assert_eq!(step(100, 50, BYTE, Span::ZERO), Step::Jump);
        assert_eq!(step(0, 5, None, Span::ZERO), Step::Forward(5));
    }

    #[test]
    fn the_ends_of_the_numbers_are_no_trouble() {
        assert_eq!(step(u32::MAX, 0, Some(1 << 32), Span(u64::MAX)), Step::Forward(1));
        assert_eq!(step(u32::MAX, 0, Some(0), Span::ZERO), Step::Restarted(0));
        assert_eq!(step(300, 1, BYTE, Span::ZERO), Step::Restarted(1), "a count that cannot be");
    }
}

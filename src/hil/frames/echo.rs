//! Our own frames that come back, as on two-wire adapters that hear themselves.

use crate::apb::time::Time;

/// Takes our own frame out of what arrives after it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Echo {
    expected: Vec<u8>,
    matched: usize,
    until: Time,
}

impl Echo {
    /// Expects these bytes back until some time, after those that are expected already.
    pub(super) fn expect(&mut self, bytes: &[u8], until: Time) {
        /// More than this is never on its way back.
        const EXPECTED_MAX: usize = 1_024;
        if self.expected.len() + bytes.len() > EXPECTED_MAX {
            self.clear();
        }
        self.expected.extend(bytes);
        self.until = until;
    }

    /// Expects nothing any more.
    pub(super) fn clear(&mut self) {
        self.expected.clear();
        self.matched = 0;
    }

    /// What of these bytes is not echo, and whether all that was expected has come back. A byte that differs
    /// ends it: then what looked like echo was none.
    pub(super) fn strip(&mut self, now: Time, bytes: &[u8]) -> (Vec<u8>, bool) {
        if self.expected.is_empty() {
            return (bytes.to_vec(), false);
        }
        let wanted = self.expected.get(self.matched..).unwrap_or_default();
        let same = bytes.iter().zip(wanted).take_while(|(came, sent)| came == sent).count();
        let rest = bytes.get(same..).unwrap_or_default();
        let whole = same == wanted.len();
        if now > self.until || !whole && !rest.is_empty() {
            let held = self.expected.get(..self.matched).unwrap_or_default();
            let all = [held, bytes].concat();
            self.clear();
            return (all, false);
        }
        self.matched += same;
        if whole {
            self.clear();
        }
        (rest.to_vec(), whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_in_pieces_is_taken_out_and_nothing_else() {
        let mut echo = Echo::default();
        echo.expect(&[1, 2, 3], Time(10));
        assert_eq!(echo.strip(Time(1), &[1]), (vec![], false));
        assert_eq!(echo.strip(Time(2), &[2, 3, 1, 2, 3]), (vec![1, 2, 3], true), "a second copy is none");
        assert_eq!(echo.strip(Time(3), &[1]), (vec![1], false));
    }

    #[test]
    fn an_echo_that_does_not_come_is_not_waited_for() {
        let mut echo = Echo::default();
        echo.expect(&[1, 2], Time(10));
        assert_eq!(echo.strip(Time(11), &[1, 2]).0, [1, 2]);
        assert_eq!(echo.strip(Time(11), &[1, 2]).0, [1, 2]);
    }

    #[test]
    fn an_answer_that_begins_like_what_was_sent_is_whole() {
        let mut echo = Echo::default();
        echo.expect(&[7, 2, 0x14, 4], Time(10));
        assert_eq!(echo.strip(Time(1), &[7, 2]), (vec![], false));
        assert_eq!(echo.strip(Time(2), &[0x44, 0, 4]), (vec![7, 2, 0x44, 0, 4], false));
    }
}

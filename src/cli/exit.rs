//! Exit codes: what a script can tell from how the command ended.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// 0: everything asked for was done, and every expectation held.
    #[default]
    Passed = 0,
    /// 1: an expectation failed; the system under test is bad. Of `journal verify`: it was tampered with.
    Failed = 1,
    /// 3: the rig failed; no verdict on the gate. Kept free for real hardware: a simulation has no rig that
    /// fails.
    Rig = 3,
    /// 2: bad usage, or a file that is bad or cannot be read or written.
    Usage = 2,
    /// 130: interrupted; what there was until then is kept.
    Interrupted = 130,
    /// 4: an invariant of apbrig itself broke.
    Broken = 4,
}

impl Exit {
    /// The graver of two ends.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let gravity = |e: Self| match e {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Rig => 2,
            Self::Usage => 3,
            Self::Interrupted => 4,
            Self::Broken => 5,
        };
        if gravity(other) > gravity(self) { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_end_wins() {
        assert_eq!(Exit::Passed.and(Exit::Failed), Exit::Failed);
        assert_eq!(Exit::Broken.and(Exit::Interrupted), Exit::Broken);
        assert_eq!(Exit::Failed.and(Exit::Passed), Exit::Failed);
    }
}

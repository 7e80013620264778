//! Two-wire adapters hear themselves: what is sent comes back, in front of the answer.

use super::pdu::Ask;
use crate::hil::driver::Note;

/// After so many answers in a row with no echo before them, a line that was said to echo does not.
const MISSING_BELIEVED: u32 = 3;
/// Echoes are noted once in so many.
const NOTED_EVERY: u64 = 1_000;

/// What a master knows about its own requests coming back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Echo {
    declared: bool,
    /// Whether it is waited for.
    expected: bool,
    /// Whether that of the request under way has come.
    come: bool,
    missing: u32,
    count: u64,
    told: bool,
}

/// What to make of a frame that equals our own request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// It is our echo; perhaps something is to be said about it.
    Echo(Option<Note>),
    /// It is the answer: that to the writing of one coil or register equals its request.
    Answer,
}

impl Echo {
    pub(super) fn new(declared: bool) -> Self {
        Self { declared, expected: declared, ..Self::default() }
    }

    /// The line opened.
    pub(super) fn begin_anew(&mut self) {
        *self = Self::new(self.declared);
    }

    /// A request goes out.
    pub(super) fn sent(&mut self) {
        self.come = false;
    }

    /// A frame came that equals the request under way.
    pub(super) fn own(&mut self, ask: &Ask) -> Own {
        if self.come || (!self.expected && is_twofold(ask)) {
            return Own::Answer;
        }
        self.come = true;
        self.missing = 0;
        self.count += 1;
        if !self.expected {
            self.expected = true;
            let first = !std::mem::replace(&mut self.told, true);
            let text = "our own request came back: the line echoes: set `echoes: true`";
            return Own::Echo(first.then(|| Note::BadFrame(text.into())));
        }
        Own::Echo((self.declared && self.count % NOTED_EVERY == 1).then_some(Note::Echo))
    }

    /// The answer to a request came.
    pub(super) fn answered(&mut self, ask: &Ask) -> Option<Note> {
        if !self.expected || self.come || is_twofold(ask) {
            return None;
        }
        self.missing += 1;
        if self.missing < MISSING_BELIEVED {
            return None;
        }
        (self.expected, self.missing) = (false, 0);
        let text = "answers come without an echo before them: set `echoes: false`";
        self.declared.then(|| Note::BadFrame(text.into()))
    }

    /// Why no answer came to a request, as far as an echo tells.
    pub(super) fn silence(&self) -> &'static str {
        match (self.come, self.declared) {
            (true, false) => "only our own request comes back: the line echoes: set `echoes: true`",
            (true, true) => "no answer, only the echo of what we ask",
            (false, _) => "no answer",
        }
    }
}

/// Whether the answer equals the request.
fn is_twofold(ask: &Ask) -> bool {
    matches!(ask, Ask::Coil(..) | Ask::Word(..))
}

#[cfg(test)]
mod tests {
    use super::super::pdu::Table;
    use super::*;

    const READ: Ask = Ask::Read(Table::Coils, 0, 8);
    const WRITE: Ask = Ask::Coil(0, true);

    #[test]
    fn a_declared_echo_is_taken_first() {
        let mut echo = Echo::new(true);
        echo.sent();
        assert_eq!(echo.own(&WRITE), Own::Echo(Some(Note::Echo)));
        assert_eq!(echo.own(&WRITE), Own::Answer);
        echo.sent();
        assert_eq!(echo.own(&READ), Own::Echo(None), "noted once in a while");
    }

    #[test]
    fn an_echo_that_was_not_declared_shows_at_a_read() {
        let mut echo = Echo::new(false);
        echo.sent();
        assert_eq!(echo.own(&WRITE), Own::Answer);
        echo.sent();
        assert!(
            matches!(echo.own(&READ), Own::Echo(Some(Note::BadFrame(text))) if text.contains("echoes: true"))
        );
        assert!(echo.silence().contains("echoes: true"));
        echo.sent();
        assert_eq!(echo.own(&WRITE), Own::Echo(None), "known from then on");
        assert_eq!(echo.own(&WRITE), Own::Answer);
    }

    #[test]
    fn a_declared_echo_that_never_comes_is_given_up() {
        let mut echo = Echo::new(true);
        let notes: Vec<_> = (0..5)
            .filter_map(|_| {
                echo.sent();
                echo.answered(&READ)
            })
            .collect();
        assert!(matches!(&notes[..], [Note::BadFrame(text)] if text.contains("echoes: false")));
        echo.sent();
        assert_eq!(echo.own(&WRITE), Own::Answer);
    }
}

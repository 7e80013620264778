//! Outputs that are set for good or for a while.

use crate::apb::time::{Span, Time};
use crate::hil::osdp::codec::part::{OutputControlCode, OutputRecord};

/// Timers of outputs are in tenths of a second (OSDP 2.2, table 14).
const TENTH: Span = Span::millis(100);

/// One output.
#[derive(Clone, Copy, Debug, Default)]
struct Output {
    lasting: bool,
    /// For a while it is this, until then.
    passing: Option<(bool, Time)>,
    /// It does not do as told, but this.
    stuck: Option<bool>,
}

impl Output {
    fn told(&self) -> bool {
        self.passing.map_or(self.lasting, |(on, _)| on)
    }

    fn set(&mut self, now: Time, record: &OutputRecord) {
        use OutputControlCode as Code;
        let until = now + Span(TENTH.0 * u64::from(record.timer));
        let for_a_while = |on| if record.timer == 0 { None } else { Some((on, until)) };
        match record.code {
            Code::Nop => {}
            Code::PermanentOffAbortTimed => (self.lasting, self.passing) = (false, None),
            Code::PermanentOnAbortTimed => (self.lasting, self.passing) = (true, None),
            Code::PermanentOffAllowTimed => self.lasting = false,
            Code::PermanentOnAllowTimed => self.lasting = true,
            // A timer of zero is for ever.
            Code::TemporaryOnResume if record.timer == 0 => (self.lasting, self.passing) = (true, None),
            Code::TemporaryOffResume if record.timer == 0 => (self.lasting, self.passing) = (false, None),
            Code::TemporaryOnResume => self.passing = for_a_while(true),
            Code::TemporaryOffResume => self.passing = for_a_while(false),
        }
    }
}

/// The outputs of one reader.
#[derive(Clone, Debug)]
pub(super) struct Outputs(Vec<Output>);

impl Outputs {
    pub(super) fn new(count: u8) -> Self {
        Self(vec![Output::default(); usize::from(count)])
    }

    /// Whether the output is there.
    pub(super) fn has(&self, number: u8) -> bool {
        usize::from(number) < self.0.len()
    }

    /// How they read back, a byte each.
    pub(super) fn read_back(&self) -> Vec<u8> {
        self.0.iter().map(|output| u8::from(output.stuck.unwrap_or(output.told()))).collect()
    }

    /// Has an output read back like this whatever it is told; `false`: it is not there.
    pub(super) fn stick(&mut self, number: u8, on: bool) -> bool {
        let output = self.0.get_mut(usize::from(number));
        output.map(|output| output.stuck = Some(on)).is_some()
    }

    /// Sets one; whether it changed, and to what.
    pub(super) fn set(&mut self, now: Time, record: &OutputRecord) -> Option<bool> {
        let output = self.0.get_mut(usize::from(record.output))?;
        let before = output.told();
        output.set(now, record);
        (output.told() != before).then_some(!before)
    }

    /// Ends what was for a while; those that changed, and to what.
    pub(super) fn expire(&mut self, now: Time) -> Vec<(u8, bool)> {
        let mut changed = Vec::new();
        for (number, output) in self.0.iter_mut().enumerate() {
            let Some((on, _)) = output.passing.filter(|(_, until)| *until <= now) else { continue };
            output.passing = None;
            if output.told() != on {
                changed.push((u8::try_from(number).unwrap_or(u8::MAX), output.told()));
            }
        }
        changed
    }

    /// When the next one changes by itself.
    pub(super) fn next(&self) -> Option<Time> {
        self.0.iter().filter_map(|output| output.passing.map(|(_, until)| until)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(code: OutputControlCode, timer: u16) -> OutputRecord {
        OutputRecord { output: 1, code, timer }
    }

    #[test]
    fn a_pulse_ends_by_itself_and_says_so() {
        let mut outputs = Outputs::new(2);
        let now = Time(1_000);
        assert_eq!(outputs.set(now, &record(OutputControlCode::TemporaryOnResume, 5)), Some(true));
        assert_eq!(outputs.read_back(), [0, 1]);
        assert_eq!(outputs.next(), Some(Time(501_000)));
        assert_eq!(outputs.expire(Time(500_999)), []);
        assert_eq!(outputs.expire(Time(501_000)), [(1, false)]);
        assert_eq!(outputs.next(), None);
    }

    #[test]
    fn a_lasting_state_may_wait_for_the_pulse_to_end() {
        let mut outputs = Outputs::new(2);
        outputs.set(Time(0), &record(OutputControlCode::TemporaryOnResume, 5));
        assert_eq!(outputs.set(Time(0), &record(OutputControlCode::PermanentOnAllowTimed, 0)), None);
        assert_eq!(outputs.expire(Time(500_000)), []);
        assert_eq!(outputs.read_back(), [0, 1]);
        assert_eq!(outputs.set(Time(0), &record(OutputControlCode::PermanentOffAbortTimed, 0)), Some(false));
    }

    #[test]
    fn a_stuck_output_reads_back_other_than_told() {
        let mut outputs = Outputs::new(2);
        assert!(outputs.stick(1, false) && !outputs.stick(2, false));
        assert_eq!(outputs.set(Time(0), &record(OutputControlCode::PermanentOnAbortTimed, 0)), Some(true));
        assert_eq!(outputs.read_back(), [0, 0]);
    }
}

//! Orders as commands, within what a peripheral says it can.

use crate::apb::time::Span;
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::message::Order;
use crate::hil::osdp::codec::Command;
use crate::hil::osdp::codec::part::{
    FunctionCode, OutputControl, OutputControlCode, OutputRecord, OutputStatus, PdCap, Text, TextCommand,
};
use crate::hil::osdp::lamp;

/// What a text may be long at most: its length is one byte.
const TEXT_MAX: usize = 255;

/// What a peripheral says it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Abilities {
    pub(super) lamp: bool,
    pub(super) buzzer: bool,
    pub(super) text: bool,
    pub(super) inputs: u8,
    pub(super) outputs: u8,
}

impl Default for Abilities {
    /// Of one that does not say: nothing.
    fn default() -> Self {
        Self { lamp: false, buzzer: false, text: false, inputs: 0, outputs: 0 }
    }
}

impl Abilities {
    /// As it answers.
    pub(super) fn told(caps: &PdCap) -> Self {
        let level = |code| caps.capability(code).filter(|c| c.compliance > 0).is_some();
        let number = |code| caps.capability(code).filter(|c| c.compliance > 0).map_or(0, |c| c.number_of);
        Self {
            lamp: level(FunctionCode::LedControl),
            buzzer: level(FunctionCode::AudibleOutput),
            text: level(FunctionCode::TextOutput),
            inputs: number(FunctionCode::ContactStatus),
            outputs: number(FunctionCode::OutputControl),
        }
    }

    /// As capabilities, beside those that every peripheral has.
    pub(super) fn capabilities(self) -> Capabilities {
        let has = [
            (self.lamp || self.buzzer, Capability::Show),
            (self.text, Capability::Text),
            (self.buzzer, Capability::Buzz),
            (self.inputs > 0, Capability::Inputs),
            (self.outputs > 0, Capability::Outputs),
            (self.outputs > 0, Capability::ReadBack),
        ];
        has.into_iter().filter(|(has, _)| *has).fold(Capabilities::default(), |set, (_, one)| set.with(one))
    }
}

/// The commands for an order, in order.
///
/// # Errors
/// The peripheral cannot do it; why.
pub(super) fn commands(order: Order, can: Abilities, lamp_for: Span) -> Result<Vec<Command>, String> {
    let cannot = |what: &str| Err(format!("{what}: this reader says it has none"));
    match order {
        Order::Show(signal) => {
            let lamp = can.lamp.then(|| Command::Led(lamp::lamp(signal, lamp_for)));
            let beeps = lamp::beeps(signal).filter(|_| can.buzzer).map(Command::Buzzer);
            let list: Vec<Command> = lamp.into_iter().chain(beeps).collect();
            if list.is_empty() { cannot("lamp or buzzer") } else { Ok(list) }
        }
        Order::Buzz(tone) if can.buzzer => Ok(vec![Command::Buzzer(lamp::buzz(tone))]),
        Order::Buzz(_) => cannot("buzzer"),
        Order::Text(text) if can.text => Ok(vec![Command::Text(show(&text))]),
        Order::Text(_) => cannot("text"),
        Order::Output(number, on) if number < can.outputs => Ok(vec![
            Command::Output(OutputControl::new(vec![record(number, on)])),
            Command::OutputStatus(OutputStatus),
        ]),
        Order::Output(number, _) => Err(format!("output {number}: this reader says it has {}", can.outputs)),
        Order::Release(_) | Order::Shut | Order::Mode(..) | Order::Fire(_) | Order::Beam(..) => {
            Err("a reader is no gate".into())
        }
    }
}

/// The output that a command sets, and to what.
pub(super) fn output_set(command: &Command) -> Option<(u8, bool)> {
    let Command::Output(control) = command else { return None };
    let record = control.records.first()?;
    Some((record.output, record.code == OutputControlCode::PermanentOnAbortTimed))
}

fn record(output: u8, on: bool) -> OutputRecord {
    let code =
        if on { OutputControlCode::PermanentOnAbortTimed } else { OutputControlCode::PermanentOffAbortTimed };
    OutputRecord { output, code, timer: 0 }
}

/// A text, from the top left. OSDP knows printable ASCII only: anything else becomes a question mark.
fn show(text: &str) -> Text {
    let printable = |c: char| u8::try_from(c).ok().filter(|b| (0x20..=0x7E).contains(b)).unwrap_or(b'?');
    Text {
        reader: 0,
        command: TextCommand::PermanentNoWrap,
        temp_time_s: 0,
        row: 1,
        column: 1,
        text: text.chars().take(TEXT_MAX).map(printable).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::effect::{Signal, Tone};
    use crate::apb::id::Direction;

    const ALL: Abilities = Abilities { lamp: true, buzzer: true, text: true, inputs: 2, outputs: 2 };

    fn count(order: Order, can: Abilities) -> Result<usize, String> {
        commands(order, can, Span::seconds(1)).map(|list| list.len())
    }

    #[test]
    fn what_a_reader_does_not_have_is_not_sent() {
        let none = Abilities::default();
        assert_eq!(count(Order::Show(Signal::Granted), ALL), Ok(2));
        assert_eq!(count(Order::Show(Signal::Busy), ALL), Ok(1));
        assert_eq!(count(Order::Show(Signal::Granted), Abilities { lamp: false, ..ALL }), Ok(1));
        assert!(count(Order::Show(Signal::Granted), none).is_err());
        assert!(count(Order::Buzz(Tone::Off), none).is_err());
        assert!(count(Order::Text("x".into()), none).is_err());
        assert_eq!(count(Order::Output(1, true), ALL), Ok(2));
        assert_eq!(count(Order::Output(2, true), ALL), Err("output 2: this reader says it has 2".into()));
        assert!(count(Order::Release(Direction::In), ALL).is_err());
    }

    #[test]
    fn a_text_is_what_osdp_can_carry() {
        assert_eq!(show("Guten Tag, Ä\n").text, b"Guten Tag, ??");
        assert_eq!(show(&"x".repeat(300)).text.len(), 255);
        assert!(show(&"é".repeat(300)).encode().is_ok());
    }

    #[test]
    fn abilities_with_level_zero_are_none() {
        use crate::hil::osdp::codec::part::Capability;
        let caps = [(1, 1, 4), (2, 0, 3), (4, 1, 1), (200, 1, 1)];
        let caps = caps.map(|(code, compliance, number_of)| Capability { code, compliance, number_of });
        let told = Abilities::told(&PdCap::new(caps.to_vec()));
        assert_eq!(told, Abilities { lamp: true, buzzer: false, text: false, inputs: 4, outputs: 0 });
    }
}

//! What people do at emulated devices, one line of text each.

use super::emulator::Stimulus;
use super::plan::Rig;
use crate::apb::id::{CardNumber, Direction};
use crate::apb::input::Factor;
use crate::apb::time::{Span, Time};
use crate::hil::cable::{CableFault, Trouble};
use crate::hil::driver::Unit;
use crate::hil::emulate::{GateFault, Manner, ReaderFault, Then, Walker};
use crate::scenario::names::{listed, nearest};
use crate::scenario::units::parse_span;

/// Everything that can be written.
pub const HELP: &str = "\
DEVICE card NUMBER            somebody holds this credential to the reader
DEVICE walk in|out            somebody walks through the gate
DEVICE follow in|out GAP_MM   two walk through, so far apart
DEVICE turn in|out            somebody walks into the gate and turns back
DEVICE push in|out NEWTONS    somebody pushes the shut leaf
DEVICE jam|power|mute on|off  the leaf is held; the power fails; the device says nothing
DEVICE dead on|off            the reader neither reads nor shows
DEVICE beam N blocked|clear|sound   a beam is stuck so, or sound again
LINE unplug|cut TIME          the line is pulled out, or carries nothing, so long: LINE unplug 2s
LINE drop|flip|double SHARE TIME    each byte is lost or turned, or each frame doubled, with this chance
LINE delay BY TIME            everything takes this much longer
LINE echo TIME                what an end sends comes back to it
wait TIME                     nothing happens so long";

/// Something that people do at emulated devices.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// At these devices, one after the other with so much time between.
    Device(usize, Unit, Vec<(Span, Stimulus)>),
    /// To the cable of this line.
    Cable(usize, CableFault),
    /// Nothing, for so long.
    Wait(Span),
}

/// Reads one line; `None`: it is empty or a remark.
///
/// # Errors
/// What is wrong with it, and what can be written instead.
pub fn read_act(line: &str, rig: &Rig) -> Result<Option<Act>, String> {
    let text = line.split('#').next().unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((name, rest)) = words.split_first() else { return Ok(None) };
    if *name == "wait" {
        let [time] = rest else { return Err("expected `wait TIME`".into()) };
        return span(time).map(|time| Some(Act::Wait(time)));
    }
    for (index, line) in rig.lines.iter().enumerate() {
        if line.id == *name {
            return cable_act(rest).map(|fault| Some(Act::Cable(index, fault)));
        }
        if let Some(unit) = line.devices.iter().position(|d| d.id == *name) {
            let unit = Unit(u16::try_from(unit).unwrap_or(u16::MAX));
            return device_act(rest).map(|acts| Some(Act::Device(index, unit, acts)));
        }
    }
    let lines = rig.lines.iter().map(|l| l.id.as_str());
    let names: Vec<&str> = rig.devices().map(|(_, d)| d.id.as_str()).chain(lines).collect();
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => format!("there is no device or line `{name}`; did you mean `{near}`?"),
        None => format!("there is no device or line `{name}`, only {}", listed(names.into_iter())),
    })
}

fn device_act(words: &[&str]) -> Result<Vec<(Span, Stimulus)>, String> {
    let one = |stimulus| Ok(vec![(Span::ZERO, stimulus)]);
    match words {
        ["card", number] => {
            let number = number.parse().map_err(|_| format!("`{number}` is no card number"))?;
            one(Stimulus::Present(CardNumber(number), Factor::None))
        }
        ["walk", way] => one(Stimulus::Walk(Walker::new(direction(way)?))),
        ["turn", way] => {
            // Into the lane as far as the reference lane's second beam.
            let manner = Manner::Stop { at_mm: 400, wait: Span::millis(500), then: Then::TurnBack };
            one(Stimulus::Walk(Walker { manner, ..Walker::new(direction(way)?) }))
        }
        ["push", way, newtons] => {
            let newtons = newtons.parse().map_err(|_| format!("`{newtons}` is no force in newtons"))?;
            one(Stimulus::Walk(Walker { manner: Manner::Push { newtons }, ..Walker::new(direction(way)?) }))
        }
        ["follow", way, gap] => {
            let walker = Walker::new(direction(way)?);
            let gap = gap.parse().map_err(|_| format!("`{gap}` is no gap in millimetres"))?;
            let later = walker.followed_at_mm(gap);
            Ok(vec![(Span::ZERO, Stimulus::Walk(walker)), (later, Stimulus::Walk(walker))])
        }
        ["dead", switch] => one(Stimulus::ReaderFault(ReaderFault::Dead, on(switch)?)),
        ["jam", switch] => one(Stimulus::Fault(GateFault::LeafJammed, on(switch)?)),
        ["power", switch] => one(Stimulus::Fault(GateFault::PowerLost, !on(switch)?)),
        ["mute", switch] => one(Stimulus::Fault(GateFault::Mute, on(switch)?)),
        ["beam", number, state] => {
            let number = number.parse().map_err(|_| format!("`{number}` is no beam"))?;
            match *state {
                "blocked" => one(Stimulus::Fault(GateFault::BeamBlocked(number), true)),
                "clear" => one(Stimulus::Fault(GateFault::BeamClear(number), true)),
                "sound" => Ok(vec![
                    (Span::ZERO, Stimulus::Fault(GateFault::BeamBlocked(number), false)),
                    (Span::ZERO, Stimulus::Fault(GateFault::BeamClear(number), false)),
                ]),
                _ => Err(format!("a beam is `blocked`, `clear` or `sound`, not `{state}`")),
            }
        }
        _ => Err(format!("what the device is to do was not understood; there are:\n{HELP}")),
    }
}

fn cable_act(words: &[&str]) -> Result<CableFault, String> {
    let (trouble, lasts) = match words {
        ["unplug", time] => (Trouble::Unplug, time),
        ["cut", time] => (Trouble::Cut, time),
        ["echo", time] => (Trouble::Echo, time),
        ["delay", by, time] => (Trouble::Delay(span(by)?), time),
        ["drop", chance, time] => (Trouble::Drop(share(chance)?), time),
        ["flip", chance, time] => (Trouble::Flip(share(chance)?), time),
        ["double", chance, time] => (Trouble::Duplicate(share(chance)?), time),
        _ => return Err(format!("what befalls the line was not understood; there are:\n{HELP}")),
    };
    Ok(CableFault { at: Time::ZERO, lasts: span(lasts)?, toward: None, trouble })
}

fn direction(word: &str) -> Result<Direction, String> {
    match word {
        "in" => Ok(Direction::In),
        "out" => Ok(Direction::Out),
        _ => Err(format!("a way is `in` or `out`, not `{word}`")),
    }
}

fn on(word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("expected `on` or `off`, not `{word}`")),
    }
}

fn span(word: &str) -> Result<Span, String> {
    parse_span(word).map_err(|expected| format!("`{word}`: {expected}"))
}

fn share(word: &str) -> Result<f64, String> {
    let share = word.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("`{word}` is no chance from 0 to 1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::rig::fixture;

    fn act(line: &str) -> Result<Option<Act>, String> {
        read_act(line, &fixture::desk())
    }

    #[test]
    fn what_people_do_is_understood() {
        let card = Stimulus::Present(CardNumber(1_042), Factor::None);
        assert_eq!(act("R1e card 1042 # P1"), Ok(Some(Act::Device(0, Unit(0), vec![(Span::ZERO, card)]))));
        let fault = |trouble, lasts| CableFault { at: Time::ZERO, lasts, toward: None, trouble };
        assert_eq!(act("gates unplug 2s"), Ok(Some(Act::Cable(1, fault(Trouble::Unplug, Span::seconds(2))))));
        let drop = fault(Trouble::Drop(0.01), Span::minutes(1));
        assert_eq!(act("readers drop 0.01 1min"), Ok(Some(Act::Cable(0, drop))));
        assert_eq!(act("wait 500ms"), Ok(Some(Act::Wait(Span::millis(500)))));
        assert_eq!((act(""), act("  # nothing")), (Ok(None), Ok(None)));
    }

    #[test]
    fn a_follower_comes_as_much_later_as_the_gap_takes() {
        let Ok(Some(Act::Device(1, Unit(0), acts))) = act("G1 follow in 250") else {
            panic!("not understood")
        };
        // 0.30 m of body and 0.25 m of gap at 1 m/s.
        assert_eq!(acts.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [Span::ZERO, Span::millis(550)]);
    }

    #[test]
    fn mistakes_are_told_with_what_would_be_right() {
        for (line, part) in [
            ("R1f card 7", "did you mean `R1e`?"),
            ("R1e card x", "`x` is no card number"),
            ("G1 walk up", "`in` or `out`"),
            ("G1 dance", "DEVICE walk in|out"),
            ("gates drop 2 1s", "chance from 0 to 1"),
            ("readers unplug soon", "`soon`"),
        ] {
            let said = act(line).unwrap_err();
            assert!(said.contains(part), "{line}: {said}");
        }
    }
}

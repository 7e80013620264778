//! Orders, reports and what bytes mean, as a description writes them.

use super::bytes::{byte, small, way};
use crate::apb::effect::{Signal, Tone};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::hil::frames::board::{Means, Pattern};
use crate::hil::message::{GateAlarm, Report};
use crate::scenario::decode::{Log, Variant, choice};
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// The most beams, inputs or outputs of one board.
const PLACES_MAX: u8 = 63;

/// `Release(In)`, `Shut`, `Mode(In, Free)`, …
pub(super) fn pattern(node: &Node, log: &Log<'_>) -> Option<Pattern> {
    const NAMES: [&str; 7] = ["Release", "Shut", "Mode", "Buzz", "Fire", "Output", "Show"];
    let variant = Variant::of(node, "an order", &NAMES, log)?;
    match variant.name {
        "Release" if !variant.holds_something() => Some(Pattern::Release(None)),
        "Release" => {
            let [to] = variant.values("Release(In)", log)?;
            way(to, log).map(|way| Pattern::Release(Some(way)))
        }
        "Mode" if !variant.holds_something() => Some(Pattern::Mode(None)),
        "Mode" => {
            let [of, what] = variant.values("Mode(In, Free)", log)?;
            way(of, log).zip(mode(what, log)).map(|of| Pattern::Mode(Some(of)))
        }
        "Buzz" => {
            let [how] = variant.values("Buzz(Continuous)", log)?;
            let tones =
                [("Off", Tone::Off), ("Continuous", Tone::Continuous), ("Intermittent", Tone::Intermittent)];
            choice(how, "a tone", tones, log).map(Pattern::Buzz)
        }
        "Fire" => {
            let [active] = variant.values("Fire(true)", log)?;
            units::boolean(active, log).map(Pattern::Fire)
        }
        "Output" => {
            let [n, set] = variant.values("Output(0, true)", log)?;
            let (n, set) = (small(n, 0, PLACES_MAX, log), units::boolean(set, log));
            n.zip(set).map(|(n, set)| Pattern::Output(n, set))
        }
        "Show" => {
            let [what] = variant.values("Show(Granted)", log)?;
            let signals = [("Granted", Signal::Granted), ("Denied", Signal::Denied), ("Busy", Signal::Busy)];
            choice(what, "a signal", signals, log).map(Pattern::Show)
        }
        _ => variant.bare(Pattern::Shut, log),
    }
}

fn mode(node: &Node, log: &Log<'_>) -> Option<PassMode> {
    let modes =
        [("Controlled", PassMode::Controlled), ("Free", PassMode::Free), ("Locked", PassMode::Locked)];
    choice(node, "a mode", modes, log)
}

/// What a bit or a value means.
pub(super) fn means(node: &Node, log: &Log<'_>) -> Option<Means> {
    const NAMES: [&str; 10] =
        ["Leaf", "Opened", "Ready", "Alarm", "Fire", "Tamper", "PowerFail", "Beam", "Input", "Output"];
    let variant = Variant::of(node, "something that a board says", &NAMES, log)?;
    let numbered = |of: fn(u8) -> Means| {
        let [n] = variant.values(&format!("{}(0)", variant.name), log)?;
        small(n, 0, PLACES_MAX, log).map(of)
    };
    match variant.name {
        "Leaf" => {
            let [at] = variant.values("Leaf(Closed)", log)?;
            leaf(at, log).map(Means::Leaf)
        }
        "Alarm" => {
            let [kind] = variant.values("Alarm(Tailgate)", log)?;
            alarm(kind, log).map(Means::Alarm)
        }
        "Beam" => numbered(Means::Beam),
        "Input" => numbered(Means::Input),
        "Output" => numbered(Means::Output),
        "Opened" => variant.bare(Means::Opened, log),
        "Ready" => variant.bare(Means::Ready, log),
        "Fire" => variant.bare(Means::Fire, log),
        "Tamper" => variant.bare(Means::Tamper, log),
        _ => variant.bare(Means::PowerFail, log),
    }
}

/// What happened whenever a frame comes.
pub(super) fn event(node: &Node, log: &Log<'_>) -> Option<Report> {
    const NAMES: [&str; 9] =
        ["Passed", "Opened", "Leaf", "Ready", "Alarm", "Fire", "Tamper", "PowerFail", "Beam"];
    let variant = Variant::of(node, "something that happened", &NAMES, log)?;
    let so = |of: fn(bool) -> Report| {
        let [so] = variant.values(&format!("{}(true)", variant.name), log)?;
        units::boolean(so, log).map(of)
    };
    match variant.name {
        "Passed" => {
            let [to] = variant.values("Passed(In)", log)?;
            way(to, log).map(Report::Passed)
        }
        "Leaf" => {
            let [at] = variant.values("Leaf(Closed)", log)?;
            leaf(at, log).map(Report::Leaf)
        }
        "Alarm" => {
            let [kind, so] = variant.values("Alarm(Tailgate, true)", log)?;
            let (kind, so) = (alarm(kind, log), units::boolean(so, log));
            kind.zip(so).map(|(kind, so)| Report::Alarm(kind, so))
        }
        "Beam" => {
            let [n, so] = variant.values("Beam(0, true)", log)?;
            let (n, so) = (small(n, 0, PLACES_MAX, log), units::boolean(so, log));
            n.zip(so).map(|(n, so)| Report::Beam(n, so))
        }
        "Ready" => so(Report::Ready),
        "Fire" => so(Report::Fire),
        "Tamper" => so(Report::Tamper),
        "PowerFail" => so(Report::PowerFail),
        _ => variant.bare(Report::Opened, log),
    }
}

fn leaf(node: &Node, log: &Log<'_>) -> Option<Leaf> {
    let leaves = [
        ("Closed", Leaf::Closed),
        ("Open", Leaf::Open),
        ("Moving", Leaf::Moving),
        ("Stalled", Leaf::Stalled),
        ("Displaced", Leaf::Displaced),
    ];
    choice(node, "a place of the leaf", leaves, log)
}

fn alarm(node: &Node, log: &Log<'_>) -> Option<GateAlarm> {
    let alarms = [
        ("Any", GateAlarm::Any),
        ("Tailgate", GateAlarm::Tailgate),
        ("Intrusion", GateAlarm::Intrusion),
        ("WrongWay", GateAlarm::WrongWay),
        ("Forced", GateAlarm::Forced),
        ("Loiter", GateAlarm::Loiter),
        ("Fault", GateAlarm::Fault),
    ];
    choice(node, "an alarm", alarms, log)
}

/// `Mode(In, 0x30, 0x31, 0x32)`: the codes of controlled, free and locked.
pub(super) fn mode_codes(nodes: [&Node; 4], log: &Log<'_>) -> Option<(Direction, [u8; 3])> {
    let [of, controlled, free, locked] = nodes;
    let codes = (byte(controlled, log), byte(free, log), byte(locked, log));
    match (way(of, log), codes) {
        (Some(way), (Some(controlled), Some(free), Some(locked))) => Some((way, [controlled, free, locked])),
        _ => None,
    }
}

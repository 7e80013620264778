//! Orders and reports in words: for notes, traffic, and people at an emulator.

use super::message::{Order, Report};
use crate::apb::effect::{Signal, Tone};
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use std::fmt;

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Release(way) => write!(f, "release {way}"),
            Self::Shut => f.write_str("shut"),
            Self::Mode(way, PassMode::Controlled) => write!(f, "mode {way} controlled"),
            Self::Mode(way, PassMode::Free) => write!(f, "mode {way} free"),
            Self::Mode(way, PassMode::Locked) => write!(f, "mode {way} locked"),
            Self::Buzz(Tone::Off) => f.write_str("buzzer off"),
            Self::Buzz(Tone::Continuous) => f.write_str("buzzer on"),
            Self::Buzz(Tone::Intermittent) => f.write_str("buzzer on and off"),
            Self::Fire(true) => f.write_str("fire input active"),
            Self::Fire(false) => f.write_str("fire input at rest"),
            Self::Beam(beam, cut) => write!(f, "beam {beam} {}", cut_or_clear(*cut)),
            Self::Show(Signal::Granted) => f.write_str("show granted"),
            Self::Show(Signal::Denied) => f.write_str("show denied"),
            Self::Show(Signal::Busy) => f.write_str("show busy"),
            Self::Text(text) => write!(f, "text {text:?}"),
            Self::Output(n, set) => write!(f, "output {n} {}", on_or_off(*set)),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(read) => write!(f, "card {}", read.card.0),
            Self::Leaf(Leaf::Closed) => f.write_str("leaf closed"),
            Self::Leaf(Leaf::Open) => f.write_str("leaf open"),
            Self::Leaf(Leaf::Moving) => f.write_str("leaf moving"),
            Self::Leaf(Leaf::Stalled) => f.write_str("leaf stalled"),
            Self::Leaf(Leaf::Displaced) => f.write_str("leaf displaced"),
            Self::Opened => f.write_str("opened"),
            Self::Passed(way) => write!(f, "passed {way}"),
            Self::Beam(beam, cut) => write!(f, "beam {beam} {}", cut_or_clear(*cut)),
            Self::Ready(so) => write!(f, "ready {}", on_or_off(*so)),
            Self::Alarm(alarm, so) => write!(f, "{} {}", alarm.name(), on_or_off(*so)),
            Self::Fire(so) => write!(f, "fire {}", on_or_off(*so)),
            Self::Count(way, n) => write!(f, "count {way} {n}"),
            Self::Tamper(so) => write!(f, "tamper {}", on_or_off(*so)),
            Self::PowerFail(so) => write!(f, "power fail {}", on_or_off(*so)),
            Self::Input(n, so) => write!(f, "input {n} {}", on_or_off(*so)),
            Self::OutputIs(n, so) => write!(f, "output {n} {}", on_or_off(*so)),
        }
    }
}

fn on_or_off(so: bool) -> &'static str {
    if so { "on" } else { "off" }
}

fn cut_or_clear(cut: bool) -> &'static str {
    if cut { "cut" } else { "clear" }
}

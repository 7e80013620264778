//! Orders, reports and frames in words.

use super::board::{Board, Does};
use super::deframer::shown;
use super::layout::Begins;
use super::station::Station;
use super::status::Status;
use crate::apb::effect::{Signal, Tone};
use crate::apb::site::PassMode;
use crate::apb::time::Time;
use crate::hil::message::{Order, Report};

/// An order in words.
pub(in crate::hil) fn order(order: &Order) -> String {
    match order {
        Order::Release(way) => format!("release {way}"),
        Order::Shut => "shut".into(),
        Order::Mode(way, mode) => format!("mode {way} {}", mode_name(*mode)),
        Order::Buzz(Tone::Off) => "buzzer off".into(),
        Order::Buzz(Tone::Continuous) => "buzzer on".into(),
        Order::Buzz(Tone::Intermittent) => "buzzer on and off".into(),
        Order::Fire(active) => format!("fire input {}", if *active { "active" } else { "at rest" }),
        Order::Beam(beam, cut) => format!("beam {beam} {}", if *cut { "cut" } else { "clear" }),
        Order::Show(Signal::Granted) => "show granted".into(),
        Order::Show(Signal::Denied) => "show denied".into(),
        Order::Show(Signal::Busy) => "show busy".into(),
        Order::Text(text) => format!("text {text:?}"),
        Order::Output(n, set) => format!("output {n} {}", if *set { "on" } else { "off" }),
    }
}

fn mode_name(mode: PassMode) -> &'static str {
    match mode {
        PassMode::Controlled => "controlled",
        PassMode::Free => "free",
        PassMode::Locked => "locked",
    }
}

/// A report in words.
pub(in crate::hil) fn report(report: &Report) -> String {
    let is = |what: &str, so: bool| format!("{what} {}", if so { "on" } else { "off" });
    match report {
        Report::Read(read) => format!("card {}", read.card.0),
        Report::Leaf(leaf) => format!("leaf {leaf:?}").to_lowercase(),
        Report::Opened => "opened".into(),
        Report::Passed(way) => format!("passed {way}"),
        Report::Beam(beam, cut) => format!("beam {beam} {}", if *cut { "cut" } else { "clear" }),
        Report::Ready(so) => is("ready", *so),
        Report::Alarm(alarm, so) => is(alarm.name(), *so),
        Report::Fire(so) => is("fire", *so),
        Report::Count(way, n) => format!("count {way} {n}"),
        Report::Tamper(so) => is("tamper", *so),
        Report::PowerFail(so) => is("power fail", *so),
        Report::Input(n, so) => is(&format!("input {n}"), *so),
        Report::OutputIs(n, so) => is(&format!("output {n}"), *so),
    }
}

impl Board {
    /// A frame to or from a board in words; `None`: it is none.
    pub fn describe(&self, to_board: bool, frame: &[u8]) -> Option<String> {
        let layout = if to_board { &self.to_board } else { &self.from_board };
        if layout.begins(frame) != Begins::Frame(frame.len()) {
            return None;
        }
        let station = Station::at(layout.address(frame).unwrap_or(0));
        let at = if layout.has_address() { format!("{}: ", station.address) } else { String::new() };
        let what = if to_board { self.command_in_words(frame, station) } else { self.said(frame, station) };
        Some(format!("{at}{what}"))
    }

    fn command_in_words(&self, frame: &[u8], station: Station) -> String {
        let body = self.to_board.body(frame);
        if self.polls.iter().any(|poll| poll.send == body) {
            return "status?".into();
        }
        match self.command_of(&body, station) {
            Some((i, orders)) => match self.commands.get(i).map(|c| &c.does) {
                Some(Does::Service(name, _)) => name.clone(),
                _ => orders.iter().map(order).collect::<Vec<_>>().join(", "),
            },
            None => format!("unknown command {}", shown(&body)),
        }
    }

    fn said(&self, frame: &[u8], station: Station) -> String {
        let Some(kind) = self.kind_of(frame) else {
            return format!("unknown frame {}", shown(&self.from_board.body(frame)));
        };
        let news = Status::default().take(kind, frame, Time::ZERO, self, station);
        let name = self.frames.get(kind).map_or("", |kind| kind.name.as_str());
        let said: Vec<String> = news.reports.iter().map(report).collect();
        if said.is_empty() { name.into() } else { format!("{name}: {}", said.join(", ")) }
    }
}

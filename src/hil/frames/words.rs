//! Frames in words.

use super::board::{Board, Does};
use super::deframer::shown;
use super::layout::Begins;
use super::station::Station;
use super::status::Status;
use crate::apb::time::Time;

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
                _ => orders.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
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
        let said: Vec<String> = news.reports.iter().map(ToString::to_string).collect();
        if said.is_empty() { name.into() } else { format!("{name}: {}", said.join(", ")) }
    }
}

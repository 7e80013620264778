//! The board's end of a line, emulated from the same description.

use super::board::{Answer, Board, Command, Does, Effect};
use super::deframer::{Deframer, Found, shown};
use super::echo::Echo;
use super::host;
use super::image::Image;
use super::station::Station;
use super::status::turned;
use crate::apb::id::Direction;
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use crate::hil::capability::Capabilities;
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::line::Settings;
use crate::hil::message::{Order, Report};
use std::sync::Arc;

/// An echo is back this long after the frame is out, by whatever adapter.
const ECHO_MAX: Span = Span::millis(200);

/// Emulated boards of one kind on one line.
///
/// What the gates do is told by [`submit`](Driver::submit); polls are answered from that, passages go into
/// the counts or out as events, and commands come out as [`Order`]s. Like a real board it carries out every
/// command that it gets, a repeated one as well.
pub struct Device {
    board: Arc<Board>,
    settings: Settings,
    gates: Vec<(Station, Image)>,
    /// Which of them have been asked since the line is open.
    asked: Vec<bool>,
    deframer: Deframer,
    echo: Echo,
    up: bool,
}

impl Device {
    /// Boards at these places; their places in the list are their [`Unit`]s.
    ///
    /// # Errors
    /// The list is empty or too long, an address is there twice, or the board has no address and there are
    /// several.
    pub fn new(board: Arc<Board>, stations: &[Station], settings: Settings) -> Result<Self, String> {
        host::check(&board, stations)?;
        let gates = stations.iter().map(|station| (*station, Image::default())).collect();
        let asked = vec![false; stations.len()];
        let deframer = Deframer::new(board.timing.gap);
        Ok(Self { board, settings, gates, asked, deframer, echo: Echo::default(), up: false })
    }

    /// What its boards can carry.
    pub fn capabilities(&self) -> Capabilities {
        self.board.capabilities()
    }

    /// The power of a board goes off and on again: its counts are back at zero, its ways controlled.
    pub fn restart(&mut self, unit: Unit, out: &mut Outbox<Order>) {
        if let Some((_, image)) = self.gates.get_mut(unit.index()) {
            image.restart();
            out.say(unit, Order::Shut);
            for way in Direction::BOTH {
                out.say(unit, Order::Mode(way, PassMode::Controlled));
            }
        }
    }

    fn found(&mut self, now: Time, found: Found, out: &mut Outbox<Order>) {
        if let Some(bad) = found.bad {
            out.notes.push((None, Note::BadFrame(bad)));
        }
        let board = self.board.clone();
        for frame in found.frames {
            let address = board.to_board.address(&frame);
            let wanted = |gate: &(Station, Image)| address.is_none_or(|a| a == gate.0.address);
            if let Some(unit) = self.gates.iter().position(wanted) {
                self.command(now, unit, &frame, out);
            }
        }
    }

    fn command(&mut self, now: Time, unit: usize, frame: &[u8], out: &mut Outbox<Order>) {
        let board = self.board.clone();
        if self.asked.get_mut(unit).is_some_and(|asked| !std::mem::replace(asked, true)) {
            out.note(Unit::at(unit), Note::Online(String::new()));
        }
        let body = board.to_board.body(frame);
        if let Some(poll) = board.polls.iter().find(|poll| poll.send == body) {
            // What a poll asks for is there whether or not the last command was carried out.
            self.say(now, unit, poll.answer, None, out);
            return;
        }
        let Some((station, _)) = self.gates.get(unit) else { return };
        let Some((row, orders)) = board.command_of(&body, *station) else {
            let bad = format!("a command that the description does not know: {}", shown(frame));
            out.note(Unit::at(unit), Note::BadFrame(bad));
            return;
        };
        let Some(command) = board.commands.get(row) else { return };
        orders.into_iter().for_each(|order| out.say(Unit::at(unit), order));
        self.serve(unit, command, out);
        match command.answer {
            Answer::Silent => {}
            Answer::Echo => self.write(now, frame.to_vec(), out),
            Answer::Frame { yes, done, .. } => self.say(now, unit, yes, done, out),
        }
    }

    fn serve(&mut self, unit: usize, command: &Command, out: &mut Outbox<Order>) {
        let Does::Service(_, effect) = &command.does else { return };
        match effect {
            Effect::Nothing => {}
            Effect::Restart => self.restart(Unit::at(unit), out),
            Effect::ResetCount(way) => {
                if let Some((_, image)) = self.gates.get_mut(unit) {
                    image.reset_count(*way);
                }
            }
        }
    }

    /// Sends a frame of this kind.
    fn say(
        &mut self,
        now: Time,
        unit: usize,
        kind: usize,
        done: Option<(usize, u8)>,
        out: &mut Outbox<Order>,
    ) {
        let board = self.board.clone();
        let (Some((station, image)), Some(kind)) = (self.gates.get(unit), board.frames.get(kind)) else {
            return;
        };
        let frame = image.frame(&board, kind, station.address, done);
        self.write(now, frame, out);
    }

    fn write(&mut self, now: Time, frame: Vec<u8>, out: &mut Outbox<Order>) {
        if self.settings.echoes {
            self.echo.expect(&frame, now + self.settings.wire_time(frame.len()) + ECHO_MAX);
        }
        out.frames.push(frame);
    }

    /// Sends every frame that tells this of its own accord. Whether there is one.
    fn tell(&mut self, now: Time, unit: Unit, report: &Report, out: &mut Outbox<Order>) -> bool {
        let board = self.board.clone();
        let kinds = board.frames.iter().enumerate().filter(|(_, kind)| kind.event.contains(report));
        let kinds: Vec<usize> = kinds.map(|(i, _)| i).collect();
        if !kinds.is_empty() && !self.up {
            let why = format!("{}: the line is gone", report);
            out.note(unit, Note::Dropped(why));
            return true;
        }
        kinds.iter().for_each(|kind| self.say(now, unit.index(), *kind, None, out));
        !kinds.is_empty()
    }

    /// Sends the frames that the board sends whenever something changes.
    fn push(&mut self, now: Time, unit: Unit, out: &mut Outbox<Order>) {
        let board = self.board.clone();
        for (kind, _) in board.frames.iter().enumerate().filter(|(_, k)| k.unasked && !k.says.is_empty()) {
            if self.up {
                self.say(now, unit.index(), kind, None, out);
            }
        }
    }
}

impl Driver for Device {
    type In = Report;
    type Out = Order;

    fn up(&mut self, _now: Time, _out: &mut Outbox<Order>) {
        self.up = true;
        self.asked.fill(false);
        self.deframer.clear();
        self.echo.clear();
    }

    fn down(&mut self, _now: Time, _out: &mut Outbox<Order>) {
        self.up = false;
        self.deframer.clear();
        self.echo.clear();
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Report, out: &mut Outbox<Order>) {
        let board = self.board.clone();
        let Some((station, image)) = self.gates.get_mut(unit.index()) else { return };
        let report = turned(&what, *station);
        let kept = image.take(&report, &board);
        let told = self.tell(now, unit, &report, out);
        if kept {
            self.push(now, unit, out);
        }
        if !kept && !told {
            let why = format!("{}: this board has no way to say it", what);
            out.note(unit, Note::Refused(why));
        }
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Order>) {
        if !self.up {
            return;
        }
        let (bytes, _) = self.echo.strip(now, bytes);
        if !bytes.is_empty() {
            let board = self.board.clone();
            let found = self.deframer.push(now, &bytes, &board.to_board);
            self.found(now, found, out);
        }
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Order>) {
        let board = self.board.clone();
        let found = self.deframer.wake(now, &board.to_board);
        self.found(now, found, out);
    }

    fn next_wake(&self) -> Option<Time> {
        self.deframer.gives_up_at()
    }
}

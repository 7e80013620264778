//! The driver: what it is told and when it wants to be woken.

use super::exchange::Pending;
use super::link::Link;
use crate::apb::time::Time;
use crate::hil::capability::Capabilities;
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::frames::board::Board;
use crate::hil::frames::deframer::Deframer;
use crate::hil::frames::echo::Echo;
use crate::hil::frames::station::Station;
use crate::hil::line::Settings;
use crate::hil::message::{Order, Report};
use std::sync::Arc;

/// Our end of a line with one or more boards of one kind.
///
/// One frame is on its way at a time. What a board does not answer is sent again where doing it twice is the
/// same as doing it once; a release is sent again only if the board's status says that the first was not
/// carried out (`release.rs` says when that is certain), else [`Note::Unsure`] says that nobody knows. After
/// an answer that did not come the line is left alone until it is quiet, so that a late answer is not taken
/// for another's.
///
/// What a gate is to be from now on, its modes and its fire input, is kept while the board or the line is
/// gone, and ordered when it is back. Everything else is refused meanwhile.
///
/// Passages come from the board's counts where it has any: bodies that went through while the line was gone
/// are reported when it is back. Boards that tell each passage once and unasked can lose one on the line.
pub struct Host {
    pub(super) board: Arc<Board>,
    pub(super) settings: Settings,
    pub(super) links: Vec<Link>,
    pub(super) deframer: Deframer,
    pub(super) echo: Echo,
    pub(super) up: bool,
    pub(super) pending: Option<Pending>,
    /// Before this nothing is sent.
    pub(super) free_at: Time,
    /// Until this, what arrives keeps the line from being free.
    pub(super) quiet_until: Time,
    /// Whose turn it is.
    pub(super) turn: usize,
}

impl Host {
    /// A host for these boards; their places in the list are their [`Unit`]s.
    ///
    /// # Errors
    /// The list is empty or too long, an address is there twice, or the board has no address and there are
    /// several.
    pub fn new(board: Arc<Board>, stations: &[Station], settings: Settings) -> Result<Self, String> {
        check(&board, stations)?;
        let links = stations.iter().map(|station| Link::new(*station, &board)).collect();
        let deframer = Deframer::new(board.timing.gap);
        Ok(Self {
            board,
            settings,
            links,
            deframer,
            echo: Echo::default(),
            up: false,
            pending: None,
            free_at: Time::ZERO,
            quiet_until: Time::ZERO,
            turn: 0,
        })
    }

    /// What its boards can carry.
    pub fn capabilities(&self) -> Capabilities {
        self.board.capabilities()
    }

    /// The board that an address is of; frames without one are of the only board.
    pub(super) fn unit_at(&self, address: Option<u8>) -> Option<usize> {
        match address {
            Some(address) => self.links.iter().position(|link| link.station.address == address),
            None => Some(0),
        }
    }
}

/// Whether boards at these places can share a line.
pub(in crate::hil::frames) fn check(board: &Board, stations: &[Station]) -> Result<(), String> {
    /// As many as an address of one byte can name.
    const STATIONS_MAX: usize = 256;
    let addressed = board.to_board.has_address() && board.from_board.has_address();
    let twice = |(i, one): (usize, &Station)| stations[..i].iter().any(|s| s.address == one.address);
    if stations.is_empty() || stations.len() > STATIONS_MAX {
        Err(format!("{} boards on one line", stations.len()))
    } else if stations.len() > 1 && !addressed {
        Err(format!("{} boards on one line, and {} has no address", stations.len(), board.title))
    } else if addressed && stations.iter().enumerate().any(twice) {
        Err("two boards with the same address".into())
    } else {
        Ok(())
    }
}

impl Driver for Host {
    type In = Order;
    type Out = Report;

    fn up(&mut self, now: Time, out: &mut Outbox<Report>) {
        self.up = true;
        self.pending = None;
        self.deframer.clear();
        self.echo.clear();
        self.free_at = now;
        self.quiet_until = now;
        self.links.iter_mut().for_each(|link| link.begin(now));
        self.pump(now, out);
    }

    fn down(&mut self, _now: Time, out: &mut Outbox<Report>) {
        self.up = false;
        let sent = self.pending.take();
        self.deframer.clear();
        self.echo.clear();
        if let Some(pending) = sent {
            self.lose(pending.unit, &pending.job, out);
        }
        for unit in 0..self.links.len() {
            self.give_up(unit, "the line is gone", out);
        }
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Order, out: &mut Outbox<Report>) {
        self.order(now, unit, &what, out);
        self.pump(now, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Report>) {
        if !self.up {
            return;
        }
        let (bytes, echoed) = self.echo.strip(now, bytes);
        if echoed && !self.settings.echoes {
            out.notes.push((None, Note::Echo));
        }
        if bytes.is_empty() {
            return;
        }
        if now < self.quiet_until {
            self.free_at = self.free_at.max(now + self.board.timing.quiet).min(self.quiet_until);
        }
        let board = self.board.clone();
        let found = self.deframer.push(now, &bytes, &board.from_board);
        self.found(now, found, out);
        self.pump(now, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Report>) {
        if !self.up {
            return;
        }
        let board = self.board.clone();
        let found = self.deframer.wake(now, &board.from_board);
        self.found(now, found, out);
        if self.pending.as_ref().is_some_and(|pending| pending.deadline <= now) {
            self.timed_out(now, out);
        }
        self.pump(now, out);
    }

    fn next_wake(&self) -> Option<Time> {
        if !self.up {
            return None;
        }
        let answer = match &self.pending {
            Some(pending) => Some(pending.deadline),
            None => self.links.iter().filter_map(Link::next).min().map(|at| at.max(self.free_at)),
        };
        [answer, self.deframer.gives_up_at()].into_iter().flatten().min()
    }
}

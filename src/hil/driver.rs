//! One end of a protocol, without I/O: bytes and instants in, bytes and messages out.
//!
//! A driver owns no clock, no line and no task. Whoever holds it tells it when the line came and went, what
//! arrived, what to say, and wakes it when it asks to be woken; it answers into an [`Outbox`]. So every rule
//! of a protocol, time-outs included, can be tested without a line and without waiting.

use crate::apb::id::CardNumber;
use crate::apb::time::Time;

/// One device of a line: its place in the list of devices that the driver was made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit(pub u16);

impl Unit {
    /// The place in the list of devices.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The device at this place in the list; the last that can be numbered if there is no such number.
    pub fn at(index: usize) -> Self {
        Self(u16::try_from(index).unwrap_or(u16::MAX))
    }
}

/// One end of a protocol.
///
/// Instants never go back. Nothing that arrives makes a driver panic or grow without bound.
pub trait Driver: Send {
    /// What it is told to send.
    type In;
    /// What it hands out.
    type Out;

    /// The line is open: begins anew, as if nothing had been said before.
    fn up(&mut self, now: Time, out: &mut Outbox<Self::Out>);

    /// The line is gone. What was not sent yet is dropped or kept as the protocol sees fit.
    fn down(&mut self, now: Time, out: &mut Outbox<Self::Out>);

    /// Takes something to send to, or as, one device. While the line is gone, what would be out of date by
    /// the time it is back is refused with a [`Note::Dropped`].
    fn submit(&mut self, now: Time, unit: Unit, what: Self::In, out: &mut Outbox<Self::Out>);

    /// Takes what arrived, in pieces of any length.
    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Self::Out>);

    /// Does what is due. May be called too early, which changes nothing.
    fn wake(&mut self, now: Time, out: &mut Outbox<Self::Out>);

    /// When it has to be woken next; `None`: only something that happens will change anything.
    fn next_wake(&self) -> Option<Time>;
}

impl<D: Driver + ?Sized> Driver for Box<D> {
    type In = D::In;
    type Out = D::Out;

    fn up(&mut self, now: Time, out: &mut Outbox<Self::Out>) {
        (**self).up(now, out);
    }

    fn down(&mut self, now: Time, out: &mut Outbox<Self::Out>) {
        (**self).down(now, out);
    }

    fn submit(&mut self, now: Time, unit: Unit, what: Self::In, out: &mut Outbox<Self::Out>) {
        (**self).submit(now, unit, what, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox<Self::Out>) {
        (**self).receive(now, bytes, out);
    }

    fn wake(&mut self, now: Time, out: &mut Outbox<Self::Out>) {
        (**self).wake(now, out);
    }

    fn next_wake(&self) -> Option<Time> {
        (**self).next_wake()
    }
}

/// What a driver wants done and said, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox<T> {
    /// What to write to the line; each entry is one frame.
    pub frames: Vec<Vec<u8>>,
    /// What arrived from, or for, which device.
    pub messages: Vec<(Unit, T)>,
    /// What somebody who looks after the line wants to know; `None`: about the line as a whole.
    pub notes: Vec<(Option<Unit>, Note)>,
}

impl<T> Default for Outbox<T> {
    fn default() -> Self {
        Self { frames: Vec::new(), messages: Vec::new(), notes: Vec::new() }
    }
}

impl<T> Outbox<T> {
    /// Something that arrived from, or for, a device.
    pub fn say(&mut self, unit: Unit, message: T) {
        self.messages.push((unit, message));
    }

    /// Something to know about a device.
    pub fn note(&mut self, unit: Unit, note: Note) {
        self.notes.push((Some(unit), note));
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.messages.is_empty() && self.notes.is_empty()
    }
}

/// Something about a line or a device that is neither an order nor a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The device answers; what it says about itself (maker, model, version, serial number), if it says. From
    /// a device's end: its host has begun to ask.
    Online(String),
    /// The device does not answer any more; why.
    Offline(String),
    /// A secure channel is up.
    Secured,
    /// A frame that is none: what is wrong with it.
    BadFrame(String),
    /// A sound frame that nobody asked for, or not any more; it was dropped.
    Late,
    /// No answer, asked again.
    Retried,
    /// The same report again; it was dropped.
    Repeated,
    /// Our own frame came back, as on two-wire adapters that echo; it was dropped.
    Echo,
    /// A credential that was read while the line was gone or the device did not answer.
    Stale(CardNumber),
    /// An order or report was not sent; why.
    Dropped(String),
    /// An order was sent and its answer was lost: whether it was carried out nobody knows, and it was not
    /// sent again; which.
    Unsure(String),
    /// The device began anew by itself: its counts are back at zero.
    Restarted,
    /// The device refused an order, or an output reads back other than it was set; what.
    Refused(String),
    /// The device says something that its own rules forbid, such as a passage while it is not ready.
    Illegal(String),
}

impl Note {
    /// The stable word for this kind of note.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Online(_) => "online",
            Self::Offline(_) => "offline",
            Self::Secured => "secured",
            Self::BadFrame(_) => "bad_frame",
            Self::Late => "late",
            Self::Retried => "retried",
            Self::Repeated => "repeated",
            Self::Echo => "echo",
            Self::Stale(_) => "stale",
            Self::Dropped(_) => "dropped",
            Self::Unsure(_) => "unsure",
            Self::Restarted => "restarted",
            Self::Refused(_) => "refused",
            Self::Illegal(_) => "illegal",
        }
    }

    /// What there is to say beyond the word; empty: nothing.
    pub fn detail(&self) -> String {
        match self {
            Self::Online(text)
            | Self::Offline(text)
            | Self::BadFrame(text)
            | Self::Dropped(text)
            | Self::Unsure(text)
            | Self::Refused(text)
            | Self::Illegal(text) => text.clone(),
            Self::Stale(card) => format!("card {}", card.0),
            Self::Secured | Self::Late | Self::Retried | Self::Repeated | Self::Echo | Self::Restarted => {
                String::new()
            }
        }
    }
}

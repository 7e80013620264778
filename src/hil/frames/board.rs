//! What a description says of a board.

use super::layout::Layout;
use crate::apb::effect::{Signal, Tone};
use crate::apb::id::Direction;
use crate::apb::input::Leaf;
use crate::apb::site::PassMode;
use crate::apb::time::Span;
use crate::hil::line::Settings;
use crate::hil::message::{GateAlarm, Report};

/// A gate board, as its description has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// What it is, for people.
    pub title: String,
    /// How its line is set when it leaves the factory.
    pub settings: Settings,
    /// How frames to the board are built.
    pub to_board: Layout,
    /// How frames from the board are built.
    pub from_board: Layout,
    /// What it can be told. An order is carried out by all commands that are of it, one after the other; a
    /// frame is read as the first command that it fits.
    pub commands: Vec<Command>,
    /// What it says.
    pub frames: Vec<FrameKind>,
    /// What it is asked again and again.
    pub polls: Vec<Poll>,
    /// How long things take.
    pub timing: Timing,
}

/// One command to a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is for.
    pub does: Does,
    /// The frame's body.
    pub send: Vec<Byte>,
    /// What comes back.
    pub answer: Answer,
    /// What to do when nothing comes back.
    pub lost: Lost,
    /// Whether a mode is set for both ways at once, so that the other way's has to be set again after it.
    pub both_ways: bool,
}

/// What a command is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// An order.
    Order(Pattern),
    /// Something that no order asks for, by its name: [`Host::service`](super::Host::service).
    Service(String, Effect),
}

/// The orders that a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A release; `None`: either way, which a [`Byte::Way`] tells.
    Release(Option<Direction>),
    /// To shut.
    Shut,
    /// A mode; `None`: any mode either way, which two [`Byte::Mode`] tell.
    Mode(Option<(Direction, PassMode)>),
    /// The buzzer.
    Buzz(Tone),
    /// The fire input.
    Fire(bool),
    /// An output.
    Output(u8, bool),
    /// A lamp.
    Show(Signal),
}

/// What a service does to an emulated board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that can be seen.
    Nothing,
    /// It begins anew: counts at zero, ways controlled, nothing released.
    Restart,
    /// The count of bodies this way goes back to zero.
    ResetCount(Direction),
}

/// One byte of a command's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Byte {
    /// Always this.
    Is(u8),
    /// One for each way, in first.
    Way(u8, u8),
    /// How many bodies to let through. We send 1.
    Count,
    /// What may pass this way: controlled, free, locked.
    Mode(Direction, [u8; 3]),
    /// Whatever the service is given.
    Argument,
}

/// What comes back for a command or a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Silent,
    /// The same frame.
    Echo,
    /// A frame: its place in [`Board::frames`].
    Frame {
        /// The frame that says it was carried out.
        yes: usize,
        /// The frame that says it was not.
        no: Option<usize>,
        /// The byte, counted from the frame's first, and its value if the command was carried out.
        done: Option<(usize, u8)>,
    },
}

/// What to do when a command's answer does not come: was the command lost, or the answer?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Send it again: doing it twice is the same as once.
    Repeat,
    /// Leave it, and note that nobody knows.
    Never,
    /// Ask the board's status. If leaf or count show that it opened, well; if they show that it did not,
    /// and this board has been seen to show what it does, send it again; else as [`Lost::Never`].
    Ask,
}

/// A frame that a board sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameKind {
    /// Its name in the description.
    pub name: String,
    /// Bytes, counted from the frame's first, that tell it from others.
    pub when: Vec<(usize, u8)>,
    /// Whether the board sends it unasked.
    pub unasked: bool,
    /// What its bytes mean.
    pub says: Vec<Say>,
    /// What has happened whenever it comes.
    pub event: Vec<Report>,
    /// Bytes of a board at rest that mean nothing we know: only an emulated board needs them.
    pub fills: Vec<(usize, u8)>,
}

/// What bytes of a frame mean; places are counted from the frame's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// A bit that is set while something is so; `inverted`: clear while it is so.
    Bit {
        /// The byte.
        at: usize,
        /// The bit, 0 for the lowest.
        bit: u8,
        /// Whether a clear bit is what means it.
        inverted: bool,
        /// What.
        means: Means,
    },
    /// A byte that has this value while something is so; `inverted`: any other value.
    Value {
        /// The byte.
        at: usize,
        /// The value.
        is: u8,
        /// Whether every other value is what means it.
        inverted: bool,
        /// What.
        means: Means,
    },
    /// A count of bodies that went one way.
    Counter {
        /// Its first byte.
        at: usize,
        /// How many bytes, 1 to 4.
        bytes: u8,
        /// Whether the highest byte comes first.
        high_first: bool,
        /// Which way.
        way: Direction,
    },
    /// A count of bodies that went one way, in decimal digits from here to the end of the body.
    Digits {
        /// Its first byte.
        at: usize,
        /// Which way.
        way: Direction,
    },
}

/// Something that is so or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// The leaf is there.
    Leaf(Leaf),
    /// It opened.
    Opened,
    /// It takes a release.
    Ready,
    /// It alarms.
    Alarm(GateAlarm),
    /// Its fire input is active.
    Fire,
    /// Its case is open.
    Tamper,
    /// Its power fails.
    PowerFail,
    /// A beam is cut.
    Beam(u8),
    /// An input is active.
    Input(u8),
    /// An output reads back set.
    Output(u8),
}

/// Something that a board is asked again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// The frame's body.
    pub send: Vec<u8>,
    /// The frame that answers it: its place in [`Board::frames`].
    pub answer: usize,
    /// How often.
    pub every: Span,
}

/// How long things take. Times on the wire come on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long the board thinks before it answers.
    pub answer: Span,
    /// A pause this long within a frame ends it. USB adapters split frames by up to 40 ms.
    pub gap: Span,
    /// How long to leave the board alone between two frames to it.
    pub pause: Span,
    /// How long the line has to be quiet after an answer did not come, so that a late one is not taken for
    /// the answer to what comes next.
    pub quiet: Span,
    /// How often something is sent at most.
    pub tries: u8,
    /// After so many unanswered frames in a row the board is offline.
    pub offline_after: u8,
    /// A release that could not be sent for this long is out of date.
    pub fresh: Span,
    /// How long after a release its leaf has moved, if it moves at all.
    pub settles: Span,
    /// How long after a release its leaf stays open at least, if nobody passes.
    pub stays: Span,
}

impl Default for Timing {
    /// Assumed where a board's documents are silent. `gap`: at least 50 ms, since 20 ms was too short for
    /// adapters that split frames by 40 ms.
    fn default() -> Self {
        Self {
            answer: Span::millis(100),
            gap: Span::millis(50),
            pause: Span::millis(10),
            quiet: Span::millis(150),
            tries: 3,
            offline_after: 3,
            fresh: Span::seconds(2),
            settles: Span::millis(500),
            stays: Span::seconds(2),
        }
    }
}

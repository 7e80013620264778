//! What a plan is carried out on: a simulated site, emulators on a bench, real gates with people before them.
//!
//! A stand blocks with deadlines: [`Stand::act`] sets something going and returns, [`Stand::watch`] hands out
//! what is seen, in order of time, until enough has been seen or an instant is reached. Over real lines the
//! I/O runs in a task of its own and sends what it sees down a channel; `watch` is then a receive with a
//! time-out. A simulated stand lets its time go by in `watch` and nowhere else.

use super::phase::{Act, Check};
use super::place::Place;
use crate::apb::effect::Signal;
use crate::apb::id::{CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::Leaf;
use crate::apb::journal::{Alarm, AlertCause, Reason};
use crate::apb::policy::Rule;
use crate::apb::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// Something a plan is carried out on.
pub trait Stand {
    /// The time by the stand's clock: since it was set up.
    fn now(&self) -> Time;

    /// A phase begins: what went wrong with the stand before, and is over, excuses nothing in it.
    fn begin(&mut self);

    /// Whether it can do this.
    fn can(&self, act: &Act) -> Ability;

    /// Whether it can see whether this is so.
    fn sees(&self, check: &Check) -> Ability;

    /// Does something; what comes of it is seen in [`watch`](Self::watch). Called only for what it
    /// [`can`](Self::can) do by itself.
    ///
    /// # Errors
    /// The stand itself is broken.
    fn act(&mut self, act: &Act) -> Result<(), Trouble>;

    /// Hands out what is seen, each sighting once, in order of time, until `enough` says so or the clock
    /// shows `until`.
    ///
    /// # Errors
    /// The stand itself is broken.
    fn watch(&mut self, until: Time, enough: &mut dyn FnMut(&Sighting) -> bool) -> Result<(), Trouble>;

    /// What of the stand itself is broken at a place where nothing came that had to come. What belongs to
    /// the installation is not the stand's, however broken it is.
    fn excuse(&self, place: Place) -> Option<Trouble>;

    /// How much later than asked something may happen.
    fn precision(&self) -> Span;

    /// How long after a presentation begins its reader has read it, as far as that is known beforehand.
    fn read_time(&self, reader: ReaderId) -> Span;

    /// The devices of the installation, as far as they say who they are.
    fn devices(&self) -> Vec<Device>;
}

/// Whether a stand can do something, or see something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ability {
    /// By itself.
    Itself,
    /// A person has to; what else there is to say to them, if anything.
    Person(String),
    /// Nobody can; why.
    Cannot(String),
}

/// Something is wrong with the stand, not with the installation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);

/// A device of the installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The name of the lane or reader that it is.
    pub name: String,
    /// What it is: `gate`, `reader`, `panel`.
    pub kind: String,
    /// Maker and model, if it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Its firmware's version, if it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub firmware: String,
    /// Its serial number, if it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub serial: String,
    /// How it is connected: the protocol and, where there is one, its version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub protocol: String,
}

/// Something that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When, by the stand's clock.
    pub at: Time,
    /// What.
    pub what: Seen,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A reader reports a credential.
    Read {
        /// Where.
        reader: ReaderId,
        /// Its number.
        card: CardNumber,
    },
    /// A line of the journal about a presentation.
    Decision(DecisionLine),
    /// A guard is told something.
    Alert(AlertLine),
    /// A grant was used.
    Taken {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// A grant lapsed.
    NotTaken {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// A body went through.
    Passage {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// Whether a grant stands for it.
        attributed: bool,
    },
    /// An alarm of a lane began or ended.
    Alarm {
        /// The lane.
        lane: LaneId,
        /// Which; `None`: the gate does not say.
        alarm: Option<Alarm>,
        /// Began.
        on: bool,
        /// Whether the journal tells of it, as against the gate's own signal alone.
        journal: bool,
    },
    /// Where a leaf is.
    Leaf {
        /// The lane.
        lane: LaneId,
        /// Where.
        leaf: Leaf,
    },
    /// The gate was told to open.
    Released {
        /// The lane.
        lane: LaneId,
    },
    /// A reader shows something.
    Shown {
        /// Where.
        reader: ReaderId,
        /// What.
        signal: Signal,
    },
    /// A line of the journal about an operator's reset.
    Reset {
        /// Whom; `None`: more than one.
        holder: Option<HolderId>,
    },
    /// The fire alarm.
    Fire(bool),
    /// A device of a lane answers, or does not any more.
    Line {
        /// The lane.
        lane: LaneId,
        /// Answers.
        up: bool,
        /// What it says of itself, or why not.
        detail: String,
    },
}

/// A line of the journal about a presentation, as far as the installation keeps one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionLine {
    /// The reader it names.
    pub reader: Option<ReaderId>,
    /// The number it names.
    pub card: Option<CardNumber>,
    /// The time it names, by the stand's clock.
    pub stamp: Option<Time>,
    /// Whether the presentation was granted.
    pub granted: bool,
    /// Why, if it says.
    pub reason: Option<Reason>,
    /// The rule that was broken, if one was and it says so.
    pub violation: Option<Rule>,
}

/// What a guard is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertLine {
    /// The lane it names.
    pub lane: Option<LaneId>,
    /// The number it names.
    pub card: Option<CardNumber>,
    /// What it is about.
    pub cause: AlertCause,
}

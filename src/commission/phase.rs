//! One phase of an acceptance plan: what is done, and what has to come of it.

use super::place::Place;
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use crate::apb::input::Factor;
use crate::apb::journal::Alarm;
use crate::apb::policy::{Commit, Rule};
use crate::apb::time::Span;
use crate::scenario::expect::Verdict;

macro_rules! kinds {
    ($($variant:ident = $name:literal $title:literal;)*) => {
        /// What a phase is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "each title says it")]
        pub enum Kind {
            $($variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word for this kind.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What people call it.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)*
                }
            }
        }
    };
}

kinds! {
    Known = "known" "Known credential goes through";
    Unknown = "unknown" "Unknown credential is refused";
    Expired = "expired" "Expired credential is refused";
    NoRight = "no_right" "Credential without a right is refused";
    WrongFactor = "wrong_factor" "Wrong second factor is refused";
    Again = "again" "Through, then the same credential again";
    OtherGate = "other_gate" "Through, then the same credential at the next gate";
    Elsewhere = "elsewhere" "Granted here, tried at the next gate";
    Exempt = "exempt" "Exempt holder is not held back";
    NotTaken = "not_taken" "A grant that nobody uses";
    Window = "window" "The timed window, just before and at its end";
    OutOfOrder = "out_of_order" "Areas out of order";
    Order = "order" "Areas in order, in and out again";
    Locked = "locked" "A locked way refuses";
    Free = "free" "A free way counts who passes";
    Tailgate = "tailgate" "Somebody follows";
    WrongWay = "wrong_way" "Somebody comes the wrong way";
    Intrusion = "intrusion" "Somebody walks in without a grant";
    Loiter = "loiter" "Somebody stays in the lane";
    Obstruction = "obstruction" "Somebody keeps the leaf from shutting";
    Forced = "forced" "The shut leaf is pushed";
    Power = "power" "Power loss and return";
    Link = "link" "Line cut and restored";
    Reset = "reset" "The reset procedure";
    Fire = "fire" "Fire alarm and its end";
}

/// One phase: everything that is done at one place for one question. It begins by putting its holder where
/// it needs them and ends by restoring what it changed, so that the order of phases does not matter and any
/// of them, or all of a place, can be repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Unique and stable: `R1e/again`.
    pub id: String,
    /// Where. The phases of one place are a group.
    pub place: Place,
    /// What it is about.
    pub kind: Kind,
    /// The way, where a lane is tested both ways.
    pub way: Option<Direction>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What puts the site back, whatever came of the steps.
    pub restore: Vec<Act>,
    /// Why it cannot be tried at this site; `None`: it can.
    pub skip: Option<String>,
}

impl Phase {
    /// What people call it.
    pub fn title(&self) -> String {
        match self.way {
            Some(way) => format!("{}, {way}", self.kind.title()),
            None => self.kind.title().into(),
        }
    }
}

/// One act and what has to come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is done.
    pub act: Act,
    /// What has to come of it.
    pub checks: Vec<Check>,
}

impl Step {
    /// An act of which nothing has to come.
    pub fn just(act: Act) -> Self {
        Self { act, checks: Vec::new() }
    }
}

/// One thing that is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Present a credential.
    Present {
        /// Where.
        reader: ReaderId,
        /// Its number.
        card: CardNumber,
        /// What comes of the second factor that is given with it.
        factor: Factor,
    },
    /// Walk.
    Walk {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// How.
        manner: Manner,
    },
    /// Push the shut leaf until it yields, and let go.
    Push {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// Set off the fire alarm (`true`), or reset it.
    Fire(bool),
    /// Switch the gate's power off (`false`), or on again.
    Power {
        /// The lane.
        lane: LaneId,
        /// On.
        on: bool,
    },
    /// Cut the line of a lane's gate and readers (`false`), or mend it.
    Link {
        /// The lane.
        lane: LaneId,
        /// Mended.
        up: bool,
    },
    /// The operator's reset: put a holder somewhere; `None`: nobody knows where.
    Reset {
        /// Whom.
        holder: HolderId,
        /// Where.
        to: Option<AreaId>,
    },
    /// Let time go by.
    Wait(Span),
    /// Let time go by until a credential that is then presented is read so long after the last move that was
    /// made in this phase.
    WaitSinceMove {
        /// Where it will be presented.
        reader: ReaderId,
        /// What counts as the move.
        commit: Commit,
        /// How long after.
        after: Span,
        /// How much before that.
        early: Span,
    },
}

impl Act {
    /// Where it is done, if at one place.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Present { reader, .. } => Some(Place::Reader(*reader)),
            Self::Walk { lane, .. }
            | Self::Push { lane, .. }
            | Self::Power { lane, .. }
            | Self::Link { lane, .. } => Some(Place::Lane(*lane)),
            Self::Fire(_) | Self::Reset { .. } | Self::Wait(_) | Self::WaitSinceMove { .. } => None,
        }
    }
}

/// How somebody walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Straight through, alone.
    Through,
    /// Through, and a second body close behind: at this clear gap in millimetres.
    Followed(u32),
    /// Into the lane without a grant, and back out if the leaf is shut.
    Intrudes,
    /// Before the leaf for so long, and away again.
    Stays(Span),
    /// Through, and then back to stand in the open leaf for so long.
    Obstructs(Span),
}

/// Something that has to be seen after an act.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// The presentation is decided in time, and so.
    Decided {
        /// How.
        verdict: Verdict,
    },
    /// The journal's line names the credential, the gate and the time.
    Logged,
    /// Nobody decides anything at this reader.
    Undecided {
        /// Where.
        reader: ReaderId,
        /// For how long.
        during: Span,
    },
    /// A guard is told of the broken rule in time, with credential and gate.
    Alerted {
        /// Whether the holder was refused, as against let through.
        denied: bool,
        /// The rule.
        rule: Rule,
    },
    /// No alarm and no alert.
    NoAlarm {
        /// In this lane.
        lane: LaneId,
    },
    /// No alert, whatever the gate does.
    NoAlert {
        /// In this lane.
        lane: LaneId,
    },
    /// The lane alarms, and a guard is told in time.
    Alarmed {
        /// The lane.
        lane: LaneId,
        /// Any of these.
        any_of: &'static [Alarm],
        /// No sooner and no later than so long after the act; `None`: as long as the act takes.
        after: Option<(Span, Span)>,
    },
    /// The leaf does not move and is not told to.
    Still {
        /// The lane.
        lane: LaneId,
        /// For how long.
        during: Span,
    },
    /// The leaf opens.
    Opens {
        /// The lane.
        lane: LaneId,
        /// In time.
        within: Span,
    },
    /// The leaf does not shut.
    StaysOpen {
        /// The lane.
        lane: LaneId,
    },
    /// The leaf is shut again.
    Shuts {
        /// The lane.
        lane: LaneId,
        /// In time.
        within: Span,
    },
    /// The grant is used: the holder counts as gone through.
    Taken {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
    },
    /// The grant lapses unused.
    Lapses {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// So long after it was given.
        after: Span,
    },
    /// Bodies that no credential stands for are told as such.
    Unattributed {
        /// The lane.
        lane: LaneId,
        /// Which way.
        direction: Direction,
        /// How many, and no more.
        count: u32,
    },
    /// How many bodies went through, which is told and not judged.
    Bodies {
        /// The lane.
        lane: LaneId,
    },
    /// The journal says that the holder was reset.
    ResetLogged {
        /// Whom.
        holder: HolderId,
    },
    /// The line's state is told in time.
    Line {
        /// The lane.
        lane: LaneId,
        /// Answers again, as against dead.
        up: bool,
    },
}

impl Check {
    /// What of it is about alerts, where only a person can tell the rest.
    pub(super) fn alerts_of(&self) -> Option<Self> {
        match self {
            Self::NoAlarm { lane } => Some(Self::NoAlert { lane: *lane }),
            _ => None,
        }
    }

    /// The lane whose leaf, bodies or alarms have to be seen.
    pub fn lane(&self) -> Option<LaneId> {
        match self {
            Self::NoAlarm { lane }
            | Self::NoAlert { lane }
            | Self::Alarmed { lane, .. }
            | Self::Still { lane, .. }
            | Self::Opens { lane, .. }
            | Self::StaysOpen { lane }
            | Self::Shuts { lane, .. }
            | Self::Taken { lane, .. }
            | Self::Lapses { lane, .. }
            | Self::Unattributed { lane, .. }
            | Self::Bodies { lane }
            | Self::Line { lane, .. } => Some(*lane),
            Self::Decided { .. }
            | Self::Logged
            | Self::Undecided { .. }
            | Self::Alerted { .. }
            | Self::ResetLogged { .. } => None,
        }
    }
}

//! Mercury Security controllers, by the mode numbers of their area and reader anti-passback.

use super::preset::{Axis, Claim, Delay, Preset, Source, Subject, read, stated};
use crate::apb::policy::{Enforcement, Policy};

const FEENICS: Source = Source {
    title: "Feenics API object model: MercuryAntiPassbackTypes",
    place: "apidocs.feenics.com/object-model/mercuryantipassbacktypes",
};

const IN_SOFT: Claim =
    stated(Axis::Inbound, "1: any new location is accepted, and an invalid entry is told of", &FEENICS);
const OUT_SOFT: Claim =
    stated(Axis::Outbound, "1: every reader leads into a location, the one that leads out, too", &FEENICS);
const IN_HARD: Claim = stated(Axis::Inbound, "2: an invalid entry is not granted", &FEENICS);
const OUT_HARD: Claim =
    stated(Axis::Outbound, "2: every reader leads into a location, the one that leads out, too", &FEENICS);
const IN_TIMED: Claim =
    read(Axis::Inbound, "3 to 8: a use within the time violates the rule; taken for a denial", &FEENICS);
const OUT_TIMED: Claim =
    read(Axis::Outbound, "3 to 8: no reader is told from another by where it leads", &FEENICS);
const SECONDS: Claim = stated(Axis::Delay, "3 to 5: the anti-passback timeout is in seconds", &FEENICS);
const MINUTES: Claim = stated(Axis::Delay, "6 to 8: as 3 to 5, in minutes", &FEENICS);

const UNCLAIMED: &[&str] = &[
    "when the location changes: with the grant, the open door or the passage",
    "whether a grant that is not used yet blocks the user at other readers",
    "a user whose location is not known: taken as free once, at any reader",
    "whether a user's cards are followed together or each for itself",
];

pub(super) const NONE: Preset = Preset {
    name: "mercury_none",
    title: "Mercury, None",
    code: Some(0),
    policy: || Policy { track_when_off: false, ..Policy::off() },
    delay: Delay::None,
    subject: Subject::Unclaimed,
    claims: &[
        stated(Axis::Rule, "0: the location is not checked", &FEENICS),
        stated(Axis::TrackWhenOff, "0: the location is not altered", &FEENICS),
    ],
    unclaimed: &["what becomes of a location that was known before"],
    departs: &[],
};

pub(super) const SOFT: Preset = Preset {
    name: "mercury_soft",
    title: "Mercury, Soft",
    code: Some(1),
    policy: Policy::soft,
    claims: &[
        stated(Axis::Rule, "1: an entry that does not fit the location is a violation", &FEENICS),
        IN_SOFT,
        OUT_SOFT,
    ],
    unclaimed: UNCLAIMED,
    ..NONE
};

pub(super) const HARD: Preset = Preset {
    name: "mercury_hard",
    title: "Mercury, Hard",
    code: Some(2),
    policy: || Policy { outbound: Enforcement::Hard, ..Policy::hard() },
    claims: &[
        stated(Axis::Rule, "2: an entry is valid only from the location where the user is", &FEENICS),
        IN_HARD,
        OUT_HARD,
    ],
    unclaimed: UNCLAIMED,
    ..NONE
};

const UNCLAIMED_TIMED: &[&str] = &[
    "when the time begins: with the grant, the open door or the passage",
    "whether a grant that is not used yet blocks the user at other readers",
    "whether a user's cards are followed together or each for itself",
    "the timeout that a reader has before anybody sets it",
];

const LAST_USER: Claim = stated(
    Axis::Rule,
    "3: the reader's last valid user may not use it again in time; after card A and then card B, A may",
    &FEENICS,
);

const HISTORY: Claim =
    stated(Axis::Rule, "4: the reader a user used last may not be used again by them in time", &FEENICS);

const AREA: Claim =
    stated(Axis::Rule, "5: where the location is not the expected one, the time is checked", &FEENICS);

pub(super) const TIMED_READER: Preset = Preset {
    name: "mercury_timed_reader",
    title: "Mercury, Timed",
    code: Some(3),
    policy: Policy::timed_last_user,
    delay: Delay::WindowSeconds,
    claims: &[LAST_USER, IN_TIMED, OUT_TIMED, SECONDS],
    unclaimed: UNCLAIMED_TIMED,
    ..NONE
};

pub(super) const TIMED_HISTORY: Preset = Preset {
    name: "mercury_timed_history",
    title: "Mercury, TimedAccessHistory",
    code: Some(4),
    policy: Policy::timed_history,
    claims: &[HISTORY, IN_TIMED, OUT_TIMED, SECONDS],
    ..TIMED_READER
};

pub(super) const TIMED_AREA: Preset = Preset {
    name: "mercury_timed_area",
    title: "Mercury, TimedAreaBased",
    code: Some(5),
    policy: || Policy { outbound: Enforcement::Hard, ..Policy::timed() },
    claims: &[AREA, IN_TIMED, OUT_TIMED, SECONDS],
    ..TIMED_READER
};

pub(super) const TIMED_READER_MINUTES: Preset = Preset {
    name: "mercury_timed_reader_minutes",
    title: "Mercury, TimedMinutes",
    code: Some(6),
    delay: Delay::WindowMinutes,
    claims: &[LAST_USER, IN_TIMED, OUT_TIMED, MINUTES],
    ..TIMED_READER
};

pub(super) const TIMED_HISTORY_MINUTES: Preset = Preset {
    name: "mercury_timed_history_minutes",
    title: "Mercury, TimedAccessHistoryMinutes",
    code: Some(7),
    delay: Delay::WindowMinutes,
    claims: &[HISTORY, IN_TIMED, OUT_TIMED, MINUTES],
    ..TIMED_HISTORY
};

pub(super) const TIMED_AREA_MINUTES: Preset = Preset {
    name: "mercury_timed_area_minutes",
    title: "Mercury, TimedAreaBasedMinutes",
    code: Some(8),
    delay: Delay::WindowMinutes,
    claims: &[AREA, IN_TIMED, OUT_TIMED, MINUTES],
    ..TIMED_AREA
};

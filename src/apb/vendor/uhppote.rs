//! UHPPOTE four-door controllers, as the uhppoted project documents and simulates them.
//!
//! The controller keeps a list of (card, door) that are denied: a use of a door on one side of a set denies
//! that side and frees the other. That is a flag per card and set, so a policy of flags says it exactly;
//! which doors belong to which side is the site's (`scenarios/sites/reference`).

use super::preset::{Axis, Claim, Delay, Preset, Source, Subject, stated};
use crate::apb::policy::{Commit, Memory, Policy};

const SIMULATOR: Source = Source {
    title: "uhppote-simulator: entities/anti-passback.go and its tests",
    place: "github.com/uhppoted/uhppote-simulator",
};

const MANUAL: Source = Source {
    title: "uhppoted: set-antipassback, the five modes and their door sets",
    place: "github.com/uhppoted/uhppoted",
};

const CLAIMS: &[Claim] = &[
    stated(Axis::Rule, "a use of one side of a door set denies that side and frees the other", &SIMULATOR),
    stated(Axis::Memory, "the denials are kept by card and door, set by set", &SIMULATOR),
    stated(Axis::Inbound, "a door on the list is denied", &SIMULATOR),
    stated(Axis::Outbound, "both sides of a set are denied alike", &SIMULATOR),
    stated(Axis::Commit, "the use is noted as the swipe is allowed", &SIMULATOR),
    stated(Axis::ClearOnChange, "setting the mode clears the list", &SIMULATOR),
    stated(Axis::Subject, "the list is by card number", &SIMULATOR),
];

const UNCLAIMED: &[&str] = &[
    "whether the controller itself, like its simulator, forgets the list at a restart",
    "whether it keeps a list at all: the project's other emulator keeps each card's last door instead",
];

fn policy() -> Policy {
    Policy { memory: Memory::Flag, commit: Commit::OnGrant, clear_on_change: true, ..Policy::hard_in_out() }
}

pub(super) const MODE_0: Preset = Preset {
    name: "uhppote_0",
    title: "UHPPOTE, anti-passback disabled",
    code: Some(0),
    policy: || Policy { track_when_off: false, clear_on_change: true, ..Policy::off() },
    delay: Delay::None,
    subject: Subject::Credential,
    claims: &[
        stated(Axis::Rule, "0: disabled", &MANUAL),
        stated(Axis::TrackWhenOff, "disabled, a use denies and frees nothing", &SIMULATOR),
        stated(Axis::ClearOnChange, "setting the mode clears the list", &SIMULATOR),
        stated(Axis::Subject, "the list is by card number", &SIMULATOR),
    ],
    unclaimed: UNCLAIMED,
    departs: &[],
};

pub(super) const MODE_1: Preset = Preset {
    name: "uhppote_1",
    title: "UHPPOTE, anti-passback (1:2);(3:4)",
    code: Some(1),
    policy,
    claims: CLAIMS,
    ..MODE_0
};

pub(super) const MODE_2: Preset = Preset {
    name: "uhppote_2",
    title: "UHPPOTE, anti-passback (1,3):(2,4)",
    code: Some(2),
    unclaimed: &[
        "whether doors 1 and 3 stand against 2 and 4, as the mode's name and the project's other emulator \
         have it, or 1 against 3 and 2 against 4, as the simulator does: both are sites",
        "whether the controller itself, like its simulator, forgets the list at a restart",
        "whether it keeps a list at all: the project's other emulator keeps each card's last door instead",
    ],
    ..MODE_1
};

pub(super) const MODE_3: Preset =
    Preset { name: "uhppote_3", title: "UHPPOTE, anti-passback 1:(2,3)", code: Some(3), ..MODE_1 };

pub(super) const MODE_4: Preset =
    Preset { name: "uhppote_4", title: "UHPPOTE, anti-passback 1:(2,3,4)", code: Some(4), ..MODE_1 };

//! Suprema BioStar 2 and its G-SDK: anti-passback zones and timed anti-passback zones.

use super::preset::{Axis, Claim, Delay, Preset, Source, Subject, read, stated};
use crate::apb::policy::{Commit, Enforcement, Memory, Policy};

const ZONE: Source =
    Source { title: "G-SDK, Zone API: anti passback zone", place: "supremainc.github.io/g-sdk/api/zone/apb" };

const TIMED_ZONE: Source = Source {
    title: "G-SDK, Zone API: timed anti passback zone",
    place: "supremainc.github.io/g-sdk/api/zone/timed",
};

const BS2: Source = Source {
    title: "BioStar 2 Device SDK, Zone Control API",
    place: "kb.supremainc.com/bs2sdk/doku.php?id=en:zone_control_api",
};

const RULE: Claim = stated(
    Axis::Rule,
    "who entered by an ENTRY device leaves by an EXIT device before entering again",
    &ZONE,
);
const MEMORY: Claim = stated(Axis::Memory, "each zone has devices and a status of its own", &ZONE);
const IN_HARD: Claim = stated(Axis::Inbound, "HARD: a violation is denied and logged", &ZONE);
const OUT_HARD: Claim = read(Axis::Outbound, "HARD: a violation of the zone's rule is denied", &ZONE);
const IN_SOFT: Claim = stated(Axis::Inbound, "SOFT: a violation is allowed and logged", &ZONE);
const OUT_SOFT: Claim = read(Axis::Outbound, "SOFT: a violation of the zone's rule is allowed", &ZONE);
const COMMIT: Claim = read(
    Axis::Commit,
    "the reset counts from the last successful authentication; going by the door instead is an option",
    &BS2,
);
const SUBJECT: Claim = stated(Axis::Subject, "what is kept, reset and cleared is the user's status", &BS2);
const DELAY: Claim =
    stated(Axis::Delay, "resetDuration, seconds: the status is cleared after it; 0: never", &ZONE);

const UNCLAIMED: &[&str] = &[
    "a second use of EXIT devices: taken for a violation as a second entry is",
    "the first use by a user of whom nothing is known: taken as free at any device",
    "whether a denied attempt or a soft violation moves the status or its clock",
    "the order of this check among others",
];

pub(super) const HARD: Preset = Preset {
    name: "suprema_hard",
    title: "Suprema, anti passback zone HARD",
    code: Some(0),
    policy: || Policy { memory: Memory::Flag, commit: Commit::OnGrant, ..Policy::hard_in_out() },
    delay: Delay::PresenceSeconds,
    subject: Subject::Holder,
    claims: &[RULE, MEMORY, IN_HARD, OUT_HARD, COMMIT, SUBJECT, DELAY],
    unclaimed: UNCLAIMED,
    departs: &["up to 5 actions of a violation, and at most 16 groups that are let pass, are not modelled"],
};

pub(super) const SOFT: Preset = Preset {
    name: "suprema_soft",
    title: "Suprema, anti passback zone SOFT",
    code: Some(1),
    policy: || Policy { memory: Memory::Flag, commit: Commit::OnGrant, ..Policy::soft_in_out() },
    claims: &[RULE, MEMORY, IN_SOFT, OUT_SOFT, COMMIT, SUBJECT, DELAY],
    ..HARD
};

const SAME_DEVICE: Claim =
    stated(Axis::Rule, "a credential is good at the same device again only after a time", &TIMED_ZONE);
const WINDOW: Claim =
    stated(Axis::Delay, "resetDuration, seconds: after it the same device may be used again", &TIMED_ZONE);
const EVERY_DEVICE: &str = "a zone is a list of devices, none of which is an entry or an exit";

const UNCLAIMED_TIMED: &[&str] = &[
    "whether a user's credentials are followed together or each for itself",
    "whether a denied attempt or a soft violation restarts the time",
];

pub(super) const TIMED: Preset = Preset {
    name: "suprema_timed",
    title: "Suprema, timed anti passback zone HARD",
    code: Some(0),
    policy: || Policy { commit: Commit::OnGrant, ..Policy::timed_reader() },
    delay: Delay::WindowSeconds,
    subject: Subject::Unclaimed,
    claims: &[
        SAME_DEVICE,
        stated(Axis::Inbound, "HARD: a violation is denied and logged", &TIMED_ZONE),
        stated(Axis::Outbound, EVERY_DEVICE, &TIMED_ZONE),
        COMMIT,
        WINDOW,
    ],
    unclaimed: UNCLAIMED_TIMED,
    departs: &["up to 5 actions of a violation, and at most 16 groups that are let pass, are not modelled"],
};

pub(super) const TIMED_SOFT: Preset = Preset {
    name: "suprema_timed_soft",
    title: "Suprema, timed anti passback zone SOFT",
    code: Some(1),
    policy: || Policy {
        inbound: Enforcement::Soft,
        outbound: Enforcement::Soft,
        commit: Commit::OnGrant,
        ..Policy::timed_reader()
    },
    claims: &[
        SAME_DEVICE,
        stated(Axis::Inbound, "SOFT: a violation is allowed and logged", &TIMED_ZONE),
        stated(Axis::Outbound, EVERY_DEVICE, &TIMED_ZONE),
        COMMIT,
        WINDOW,
    ],
    ..TIMED
};

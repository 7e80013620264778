//! BACnet (ANSI/ASHRAE 135), the Access Zone object. A standard, not a product: products fill its gaps.

use super::preset::{Axis, Claim, Delay, Preset, Source, Subject, read, stated};
use crate::apb::policy::{Enforcement, Policy};

const MODE: Source = Source {
    title: "Elipse BACnet driver manual, quoting the standard: accessZone.passbackMode, accessPoint.zoneTo",
    place: "docs.elipse.com.br, BACnet driver, generated_accesszone_passbackmode.html",
};

const TIMEOUT: Source = Source {
    title: "Elipse BACnet driver manual, quoting the standard: accessZone.passbackTimeout",
    place: "docs.elipse.com.br, BACnet driver, generated_accesszone_passbacktimeout.html",
};

const NUMBERS: Source = Source {
    title: "BACnetAccessPassbackMode: off 0, hard 1, soft 2",
    place: "content.helpme-codesys.com/en/libs/CmpBACnet2/Current/BACnetEnums",
};

const RULE: Claim = read(
    Axis::Rule,
    "an access point leads from one zone to another; whoever is not where it leads from, violates",
    &MODE,
);
const ENTRY_POINTS: Claim =
    stated(Axis::Outbound, "a zone's mode is for the points that lead into it, not for its exits", &MODE);
const SUBJECT: Claim = stated(Axis::Subject, "the timeout is each credential's own", &TIMEOUT);
const DELAY: Claim = stated(
    Axis::Delay,
    "minutes from the last successful access to the zone, after which nothing is detected; 0: never",
    &TIMEOUT,
);

const UNCLAIMED: &[&str] = &[
    "what exactly a passback violation is: the standard leaves its detection to the device",
    "when the zone of a credential changes: with the grant, the open door or the passage",
    "whether a grant that is not used yet blocks the credential elsewhere",
    "a credential of which nothing is known: taken as free at any point",
];

const DEPARTS: &[&str] =
    &["after the timeout BACnet still counts the occupant; here the location becomes unknown"];

pub(super) const OFF: Preset = Preset {
    name: "bacnet_off",
    title: "BACnet, PASSBACK_OFF",
    code: Some(0),
    policy: Policy::off,
    delay: Delay::None,
    subject: Subject::Credential,
    claims: &[stated(Axis::Rule, "off: nothing is detected", &NUMBERS), SUBJECT],
    unclaimed: &["whether the zone of a credential is followed while the mode is off: taken to be"],
    departs: &[],
};

pub(super) const HARD: Preset = Preset {
    name: "bacnet_hard",
    title: "BACnet, HARD_PASSBACK",
    code: Some(1),
    policy: || Policy { outbound: Enforcement::Off, ..Policy::hard() },
    delay: Delay::PresenceMinutes,
    claims: &[
        RULE,
        stated(Axis::Inbound, "hard: a violation is denied", &NUMBERS),
        ENTRY_POINTS,
        SUBJECT,
        DELAY,
    ],
    unclaimed: UNCLAIMED,
    departs: DEPARTS,
    ..OFF
};

pub(super) const SOFT: Preset = Preset {
    name: "bacnet_soft",
    title: "BACnet, SOFT_PASSBACK",
    code: Some(2),
    policy: || Policy { outbound: Enforcement::Off, ..Policy::soft() },
    claims: &[
        RULE,
        stated(Axis::Inbound, "soft: a violation is told of and access granted", &NUMBERS),
        ENTRY_POINTS,
        SUBJECT,
        DELAY,
    ],
    ..HARD
};

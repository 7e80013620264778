//! Genetec Security Center (Synergis).

use super::preset::{Axis, Claim, Delay, Preset, Source, Subject, stated};
use crate::apb::policy::{Enforcement, Policy, Rule, UnknownRule};

const GUIDE: Source = Source {
    title: "Security Center Administrator Guide 5.12: area configuration, antipassback",
    place: "techdocs.genetec.com/r/en-US/Security-Center-Administrator-Guide-5.12",
};

const GLOSSARY: Source = Source {
    title: "Security Center User Guide, glossary: timed antipassback",
    place: "docokame.biz/GSC_UG/EN/_Gloss/G_TimedAntipassback.html",
};

const RULE: Claim =
    stated(Axis::Rule, "without Strict, only entering an area one is already in is a violation", &GUIDE);
const RULE_STRICT: Claim =
    stated(Axis::Rule, "with Strict, leaving an area that one never entered is a violation, too", &GUIDE);
const DENIES: Claim = stated(Axis::Inbound, "hard: the violation is logged and access denied", &GUIDE);
const LOGS: Claim = stated(Axis::Inbound, "soft: the violation is logged and access granted", &GUIDE);
const LEAVING_FREE: Claim = stated(Axis::Outbound, "without Strict, leaving is never a violation", &GUIDE);
const LEAVING: Claim =
    stated(Axis::Outbound, "with Strict, a violation on leaving is dealt with as the type says", &GUIDE);
const COMMIT: Claim = stated(
    Axis::Commit,
    "an entry sensor, or else the door sensor, tells that somebody entered; only a door without either takes \
     the grant for the entry",
    &GUIDE,
);
const DENIED: Claim = stated(
    Axis::DeniedMoves,
    "a read that is denied for anything but antipassback puts its cardholder on the side of the reader",
    &GUIDE,
);
const SUBJECT: Claim = stated(Axis::Subject, "cardholders are followed, whichever card they use", &GUIDE);
const DELAY: Claim = stated(
    Axis::Delay,
    "re-entry is a violation until the presence timeout, minutes, has gone by",
    &GLOSSARY,
);

const UNCLAIMED: &[&str] = &[
    "whether a grant that is not used yet blocks the cardholder at other doors",
    "whether a violating entry that was let pass restarts the presence timeout",
    "whether somebody deep inside, in an area within the area, counts as being in it",
];

const DEPARTS: &[&str] = &[
    "a read that is granted puts its cardholder on the side of the reader, too; here only a denied one does",
    "when the presence timeout ends, Genetec's people count stays; here the location becomes unknown",
    "with global antipassback, presence is forgotten after 7 days without a move even with a timeout of 0",
];

fn policy(rule: Rule, inbound: Enforcement, outbound: Enforcement) -> Policy {
    Policy { rule, inbound, outbound, denied_moves: true, ..Policy::hard() }
}

pub(super) const HARD: Preset = Preset {
    name: "genetec",
    title: "Genetec Security Center, antipassback hard",
    code: None,
    policy: || policy(Rule::EntryOnly, Enforcement::Hard, Enforcement::Off),
    delay: Delay::PresenceMinutes,
    subject: Subject::Holder,
    claims: &[RULE, DENIES, LEAVING_FREE, COMMIT, DENIED, SUBJECT, DELAY],
    unclaimed: UNCLAIMED,
    departs: DEPARTS,
};

pub(super) const SOFT: Preset = Preset {
    name: "genetec_soft",
    title: "Genetec Security Center, antipassback soft",
    policy: || policy(Rule::EntryOnly, Enforcement::Soft, Enforcement::Off),
    claims: &[RULE, LOGS, LEAVING_FREE, COMMIT, DENIED, SUBJECT, DELAY],
    ..HARD
};

const NEVER_ENTERED: Claim = stated(
    Axis::Unknown,
    "whoever has not entered is not in the area, and leaving it is a violation with Strict",
    &GUIDE,
);

const UNCLAIMED_STRICT: &[&str] = &[
    "whether a grant that is not used yet blocks the cardholder at other doors",
    "whether a violating move that was let pass restarts the presence timeout",
    "whether entering an inner area past the outer one's door is a violation (here it is)",
];

pub(super) const STRICT: Preset = Preset {
    name: "genetec_strict",
    title: "Genetec Security Center, antipassback hard, Strict",
    policy: || Policy {
        unknown: UnknownRule::Outside,
        ..policy(Rule::LocationMatch, Enforcement::Hard, Enforcement::Hard)
    },
    claims: &[RULE_STRICT, DENIES, LEAVING, NEVER_ENTERED, COMMIT, DENIED, SUBJECT, DELAY],
    unclaimed: UNCLAIMED_STRICT,
    ..HARD
};

pub(super) const STRICT_SOFT: Preset = Preset {
    name: "genetec_strict_soft",
    title: "Genetec Security Center, antipassback soft, Strict",
    policy: || Policy {
        unknown: UnknownRule::Outside,
        ..policy(Rule::LocationMatch, Enforcement::Soft, Enforcement::Soft)
    },
    claims: &[RULE_STRICT, LOGS, LEAVING, NEVER_ENTERED, COMMIT, DENIED, SUBJECT, DELAY],
    unclaimed: UNCLAIMED_STRICT,
    ..HARD
};

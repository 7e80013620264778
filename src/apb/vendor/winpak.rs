//! Honeywell (Northern Computers) WIN-PAK.

use super::preset::{Axis, Claim, Delay, Preset, Source, Subject, read, stated};
use crate::apb::policy::{Commit, Policy, Scope};

const ENTRY_EXIT: Source = Source {
    title: "WIN-PAK User Guide, panel settings: anti-passback, forgiveness (pages 309 and 341)",
    place: "manymanuals.de/software/adv-1000/users-guide-39086",
};

const MODES: Source = Source {
    title: "WIN-PAK User Guide, anti-passback processing modes (page 384)",
    place: "manymanuals.de/software/adv-1000/users-guide-39086/384",
};

const RULE: Claim = stated(
    Axis::Rule,
    "a card has to be presented at an out reader before it is read in again without a violation",
    &ENTRY_EXIT,
);
const COMMIT: Claim = stated(
    Axis::Commit,
    "a card that was granted and whose holder did not open the door violates at its second swipe",
    &MODES,
);
const SUBJECT: Claim = stated(Axis::Subject, "cards are followed, and forgiven", &ENTRY_EXIT);

const UNCLAIMED: &[&str] = &[
    "an out after an out: taken for a violation as an in after an in is",
    "the first use of a card: taken as free at any reader",
    "how the areas of several panels are kept apart",
];

pub(super) const HARD: Preset = Preset {
    name: "winpak_hard",
    title: "WIN-PAK, anti-passback hard",
    code: None,
    policy: || Policy { commit: Commit::OnGrant, ..Policy::hard_in_out() },
    delay: Delay::None,
    subject: Subject::Credential,
    claims: &[
        RULE,
        stated(Axis::Inbound, "hard: a violation is not granted; the door is told of as not used", &MODES),
        read(Axis::Outbound, "hard: a violation is not granted, at whichever reader", &MODES),
        COMMIT,
        SUBJECT,
    ],
    unclaimed: UNCLAIMED,
    departs: &["forgiveness resets all cards at midnight: an amnesty of the site, not of the policy"],
};

pub(super) const SOFT: Preset = Preset {
    name: "winpak_soft",
    title: "WIN-PAK, anti-passback soft",
    policy: || Policy { commit: Commit::OnGrant, ..Policy::soft_in_out() },
    claims: &[
        RULE,
        stated(Axis::Inbound, "soft: a violation is granted and told of; the door is used", &MODES),
        read(Axis::Outbound, "soft: a violation is granted, at whichever reader", &MODES),
        COMMIT,
        SUBJECT,
    ],
    ..HARD
};

const DELAY: Claim = stated(Axis::Delay, "the delay is in seconds", &MODES);
const IN_TIMED: Claim =
    stated(Axis::Inbound, "before the delay has gone by, a swipe is a violation; the door not used", &MODES);
const OUT_TIMED: Claim = stated(Axis::Outbound, "in readers and out readers are not told apart", &MODES);

pub(super) const TIMED_READER: Preset = Preset {
    name: "winpak_timed_reader",
    title: "WIN-PAK, reader based timed anti-passback",
    policy: || Policy { commit: Commit::OnGrant, ..Policy::timed_reader() },
    delay: Delay::WindowSeconds,
    claims: &[
        stated(Axis::Rule, "a card is not swiped twice at the same reader within the delay", &MODES),
        IN_TIMED,
        OUT_TIMED,
        COMMIT,
        SUBJECT,
        DELAY,
    ],
    unclaimed: &[
        "another card's use of the reader in between: taken to change nothing, as the guide mentions none",
        "whether a denied swipe restarts the delay",
    ],
    departs: &[],
    ..HARD
};

const UNCLAIMED_TIMED: &[&str] =
    &["whether a denied swipe restarts the delay", "readers that have no anti-passback: taken to count, too"];

pub(super) const TIMED_CARD: Preset = Preset {
    name: "winpak_timed_card",
    title: "WIN-PAK, card based timed anti-passback",
    policy: || Policy { commit: Commit::OnGrant, ..Policy::timed_card() },
    claims: &[
        stated(Axis::Rule, "a card is not swiped twice anywhere in the system within the delay", &MODES),
        IN_TIMED,
        OUT_TIMED,
        COMMIT,
        SUBJECT,
        DELAY,
    ],
    unclaimed: UNCLAIMED_TIMED,
    ..TIMED_READER
};

pub(super) const TIMED_PANEL: Preset = Preset {
    name: "winpak_timed_panel",
    title: "WIN-PAK, panel based timed anti-passback",
    policy: || Policy { commit: Commit::OnGrant, scope: Scope::Panel, ..Policy::timed_card() },
    claims: &[
        stated(Axis::Rule, "a card is not swiped twice at the same panel within the delay", &MODES),
        stated(Axis::Scope, "the delay holds at the readers of one panel", &MODES),
        IN_TIMED,
        OUT_TIMED,
        COMMIT,
        SUBJECT,
        DELAY,
    ],
    unclaimed: UNCLAIMED_TIMED,
    ..TIMED_READER
};

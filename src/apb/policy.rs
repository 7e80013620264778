//! Anti-passback policy: every axis on which real systems differ is a value here, so that each can be set and
//! tested.

use super::time::Span;
use serde::{Deserialize, Serialize};

/// The test that a move has to pass. Whether failing it denies or only alarms is the [`Enforcement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// No test.
    Off,
    /// The holder's known location must be the reader's from-area.
    LocationMatch,
    /// The holder must not already be in the reader's to-area itself, entering or leaving. Somebody who is
    /// believed to be further in, in an area within the to-area, breaks nothing.
    InOut,
    /// The holder must not enter an area they are in, which includes the areas within it; leaving is never a
    /// violation, unless unknown locations are denied.
    EntryOnly,
    /// As [`Rule::LocationMatch`], but only within [`Policy::window`] of the last move.
    TimedArea,
}

impl Rule {
    /// The rule's stable name, as alerts and reports spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::LocationMatch => "location_match",
            Self::InOut => "in_out",
            Self::EntryOnly => "entry_only",
            Self::TimedArea => "timed_area",
        }
    }
}

/// What a violation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// The rule is not tested in this direction.
    Off,
    /// Grant, record the violation, alarm.
    Soft,
    /// Deny, alarm, keep the gate shut.
    Hard,
}

/// When a granted holder counts as having moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commit {
    /// With the decision.
    OnGrant,
    /// When the gate reports that it opened. A powered flap opens on every grant, so there this is `OnGrant`.
    OnOpen,
    /// When a body is seen to have gone through.
    OnPassage,
}

/// What a holder of unknown location may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRule {
    /// The first use is free at any reader and teaches the location.
    Learn,
    /// Unknown is judged as if it were the outside.
    Outside,
    /// Every use is a violation until somebody places the holder.
    Deny,
}

/// The anti-passback policy of one area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The test.
    pub rule: Rule,
    /// What a violation on the way into the area leads to.
    pub inbound: Enforcement,
    /// What a violation on the way out of the area leads to.
    pub outbound: Enforcement,
    /// The window of timed rules, half-open: a use is too early before `last move + window`, free from then
    /// on.
    pub window: Span,
    /// When the location moves.
    pub commit: Commit,
    /// Whether a grant blocks the same holder everywhere else until it is taken or has lapsed.
    pub reservation: bool,
    /// What unknown location means.
    pub unknown: UnknownRule,
    /// After this long without a move or a reset to this area the location becomes unknown; `None` or zero:
    /// never.
    pub presence_timeout: Option<Span>,
    /// Whether locations move even though the rule is off. If not, whoever was located before stays located
    /// there and is judged by that when a rule is switched on; the first use is free only for those whose
    /// location is unknown.
    pub track_when_off: bool,
}

/// The default window of timed anti-passback. The field's sources quote 5 to 30 minutes.
pub const WINDOW_DEFAULT: Span = Span::minutes(10);

impl Policy {
    fn with(rule: Rule, inbound: Enforcement, outbound: Enforcement) -> Self {
        Self {
            rule,
            inbound,
            outbound,
            window: WINDOW_DEFAULT,
            commit: Commit::OnPassage,
            reservation: true,
            unknown: UnknownRule::Learn,
            presence_timeout: None,
            track_when_off: true,
        }
    }

    /// `off`: nothing is checked, and no grant blocks its holder elsewhere. Locations are still followed, so
    /// that switching a mode on starts from the truth.
    pub fn off() -> Self {
        Self { reservation: false, ..Self::with(Rule::Off, Enforcement::Off, Enforcement::Off) }
    }

    /// `soft`: location match; violations are granted and alarmed.
    pub fn soft() -> Self {
        Self::with(Rule::LocationMatch, Enforcement::Soft, Enforcement::Soft)
    }

    /// `hard`: location match; violations are denied on the way in and, lest anybody be trapped, alarmed on
    /// the way out.
    pub fn hard() -> Self {
        Self::with(Rule::LocationMatch, Enforcement::Hard, Enforcement::Soft)
    }

    /// `timed`: as `hard`, but only within the window after the last move.
    pub fn timed() -> Self {
        Self::with(Rule::TimedArea, Enforcement::Hard, Enforcement::Soft)
    }

    /// `soft_in_out`: in and out must alternate; violations are granted and alarmed.
    pub fn soft_in_out() -> Self {
        Self::with(Rule::InOut, Enforcement::Soft, Enforcement::Soft)
    }

    /// `hard_in_out`: in and out must alternate; violations are denied, leaving as well as entering.
    pub fn hard_in_out() -> Self {
        Self::with(Rule::InOut, Enforcement::Hard, Enforcement::Hard)
    }

    /// `hard_entry`: a second entry is denied, leaving is free.
    pub fn hard_entry() -> Self {
        Self::with(Rule::EntryOnly, Enforcement::Hard, Enforcement::Off)
    }

    /// The names [`Policy::named`] knows.
    pub const NAMES: [&'static str; 7] =
        ["off", "soft", "soft_in_out", "hard", "hard_in_out", "hard_entry", "timed"];

    /// The policy of that name with its default axes, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "off" => Self::off(),
            "soft" => Self::soft(),
            "soft_in_out" => Self::soft_in_out(),
            "hard" => Self::hard(),
            "hard_in_out" => Self::hard_in_out(),
            "hard_entry" => Self::hard_entry(),
            "timed" => Self::timed(),
            _ => return None,
        })
    }
}

/// A check that a holder is excused from. Excused is not untracked: an exempt holder still moves and still
/// counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exemption {
    /// Never an anti-passback violation. A grant still blocks its holder elsewhere until it is taken or
    /// lapses.
    Passback,
    /// Not held back by an occupancy limit.
    Occupancy,
    /// Needs no access right.
    AccessRights,
}

/// The checks one holder is excused from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Exemptions(u8);

impl Exemptions {
    /// The same exemptions and one more.
    #[must_use]
    pub fn with(self, exemption: Exemption) -> Self {
        Self(self.0 | 1 << exemption as u8)
    }

    /// Whether this check is skipped.
    pub fn has(self, exemption: Exemption) -> bool {
        self.0 & (1 << exemption as u8) != 0
    }
}

impl FromIterator<Exemption> for Exemptions {
    fn from_iter<I: IntoIterator<Item = Exemption>>(exemptions: I) -> Self {
        exemptions.into_iter().fold(Self::default(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_a_policy() {
        for name in Policy::NAMES {
            assert!(Policy::named(name).is_some(), "{name}");
        }
        assert!(Policy::named("Hard").is_none());
    }

    #[test]
    fn hard_lets_people_out_by_default() {
        assert_eq!(Policy::hard().inbound, Enforcement::Hard);
        assert_eq!(Policy::hard().outbound, Enforcement::Soft);
    }

    #[test]
    fn exemptions_are_separate_bits() {
        let some: Exemptions = [Exemption::Occupancy].into_iter().collect();
        assert!(some.has(Exemption::Occupancy) && !some.has(Exemption::Passback));
    }
}

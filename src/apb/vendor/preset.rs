//! What a preset is, and all of them.

use super::{bacnet, genetec, mercury, suprema, uhppote, winpak};
use crate::apb::policy::Policy;
use crate::apb::time::Span;

/// A real system's anti-passback, as far as public documents tell.
#[derive(Debug)]
pub struct Preset {
    /// The name it is asked for by.
    pub name: &'static str,
    /// The system and its mode, in the maker's own words.
    pub title: &'static str,
    /// The maker's own number for the mode, where there is one.
    pub code: Option<u8>,
    /// The policy of every area the system guards.
    pub policy: fn() -> Policy,
    /// What the system's one time setting means; [`Preset::policy_with`] takes it.
    pub delay: Delay,
    /// Whom the system follows. Per credential is a matter of the site:
    /// [`SiteParts::follow_credentials`](crate::apb::site::SiteParts::follow_credentials).
    pub subject: Subject,
    /// Why each axis is as it is.
    pub claims: &'static [Claim],
    /// What is not known of the system, and stays as this crate has it.
    pub unclaimed: &'static [&'static str],
    /// What is known of the system and yet differs here.
    pub departs: &'static [&'static str],
}

impl Preset {
    /// The policy with the system's time setting, in the system's own unit. A window of zero is never
    /// violated, and refused in files; a presence of zero never ends.
    pub fn policy_with(&self, delay: u32) -> Policy {
        let mut policy = (self.policy)();
        match self.delay {
            Delay::None => {}
            Delay::WindowSeconds => policy.window = Span::seconds(delay.into()),
            Delay::WindowMinutes => policy.window = Span::minutes(delay.into()),
            Delay::PresenceSeconds => {
                policy.presence_timeout = Some(Span::seconds(delay.into())).filter(|t| *t != Span::ZERO);
            }
            Delay::PresenceMinutes => {
                policy.presence_timeout = Some(Span::minutes(delay.into())).filter(|t| *t != Span::ZERO);
            }
        }
        policy
    }
}

/// What a system's one time setting means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// It has none.
    None,
    /// The window of a timed rule, seconds.
    WindowSeconds,
    /// The window of a timed rule, minutes.
    WindowMinutes,
    /// How long somebody is remembered after their last access, seconds; 0: for ever.
    PresenceSeconds,
    /// How long somebody is remembered after their last access, minutes; 0: for ever.
    PresenceMinutes,
}

/// Whom a system follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The person, whichever of their credentials they use.
    Holder,
    /// Each credential for itself.
    Credential,
    /// No document says.
    Unclaimed,
}

/// A choice that a preset makes. The first fourteen are fields of [`Policy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is documented at the field it names")]
pub enum Axis {
    Rule,
    Inbound,
    Outbound,
    Window,
    Commit,
    Reservation,
    Unknown,
    PresenceTimeout,
    TrackWhenOff,
    Memory,
    Scope,
    LockoutAfter,
    DeniedMoves,
    ClearOnChange,
    Subject,
    Delay,
}

impl Axis {
    /// The stable word for this axis; a field's name, where there is one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Window => "window",
            Self::Commit => "commit",
            Self::Reservation => "reservation",
            Self::Unknown => "unknown",
            Self::PresenceTimeout => "presence_timeout",
            Self::TrackWhenOff => "track_when_off",
            Self::Memory => "memory",
            Self::Scope => "scope",
            Self::LockoutAfter => "lockout_after",
            Self::DeniedMoves => "denied_moves",
            Self::ClearOnChange => "clear_on_change",
            Self::Subject => "subject",
            Self::Delay => "delay",
        }
    }
}

/// A public document.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Its title.
    pub title: &'static str,
    /// Where it is.
    pub place: &'static str,
}

/// How well a document carries a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// It says so.
    Stated,
    /// It says something that leaves little else; the rest is our reading.
    Read,
}

/// Why one axis of a preset is as it is.
#[derive(Debug)]
pub struct Claim {
    /// The axis.
    pub axis: Axis,
    /// How well the document carries it.
    pub basis: Basis,
    /// What the document says, in our words.
    pub says: &'static str,
    /// The document.
    pub source: &'static Source,
}

/// The document says so.
pub(super) const fn stated(axis: Axis, says: &'static str, source: &'static Source) -> Claim {
    Claim { axis, basis: Basis::Stated, says, source }
}

/// So we read the document.
pub(super) const fn read(axis: Axis, says: &'static str, source: &'static Source) -> Claim {
    Claim { axis, basis: Basis::Read, says, source }
}

/// Every preset, system by system.
pub const PRESETS: &[&Preset] = &[
    &genetec::HARD,
    &genetec::SOFT,
    &genetec::STRICT,
    &genetec::STRICT_SOFT,
    &mercury::NONE,
    &mercury::SOFT,
    &mercury::HARD,
    &mercury::TIMED_READER,
    &mercury::TIMED_HISTORY,
    &mercury::TIMED_AREA,
    &mercury::TIMED_READER_MINUTES,
    &mercury::TIMED_HISTORY_MINUTES,
    &mercury::TIMED_AREA_MINUTES,
    &suprema::SOFT,
    &suprema::HARD,
    &suprema::TIMED,
    &suprema::TIMED_SOFT,
    &winpak::SOFT,
    &winpak::HARD,
    &winpak::TIMED_READER,
    &winpak::TIMED_CARD,
    &winpak::TIMED_PANEL,
    &uhppote::MODE_0,
    &uhppote::MODE_1,
    &uhppote::MODE_2,
    &uhppote::MODE_3,
    &uhppote::MODE_4,
    &bacnet::OFF,
    &bacnet::HARD,
    &bacnet::SOFT,
];

/// The preset of that name, if there is one.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().copied().find(|p| p.name == name)
}

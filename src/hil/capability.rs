//! What a device can carry: declared, shown, and never faked.

/// One thing that a device, as it is wired, can say or be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// Reports credentials.
    Read,
    /// Carries a second factor with a credential.
    Factor,
    /// Shows what became of a read.
    Show,
    /// Shows texts.
    Text,
    /// Lets one body through on request, each way by itself.
    Release,
    /// Shuts, and voids a release, on request.
    Shut,
    /// Takes what may pass each way.
    Mode,
    /// Sounds a buzzer on request.
    Buzz,
    /// Has a fire input that we drive.
    FireOrder,
    /// Has beams that we drive.
    BeamOrder,
    /// Reports where its leaf is.
    Leaf,
    /// Reports that it opened.
    Opened,
    /// Reports each body that went through, and which way.
    Passed,
    /// Reports each beam.
    Beam,
    /// Reports whether it takes a release.
    Ready,
    /// Reports that it alarms.
    Alarm,
    /// Says which alarm it is.
    AlarmKind,
    /// Reports its fire input.
    Fire,
    /// Counts bodies by itself.
    Count,
    /// Reports tampering.
    Tamper,
    /// Reports failing power.
    PowerFail,
    /// Has outputs that we set.
    Outputs,
    /// Has inputs that it reports.
    Inputs,
    /// Outputs can be read back.
    ReadBack,
    /// Reports a dead line by itself, or answers often enough that we notice within seconds.
    Supervision,
    /// What it says is encrypted and authenticated.
    Secure,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 26] = [
        Self::Read,
        Self::Factor,
        Self::Show,
        Self::Text,
        Self::Release,
        Self::Shut,
        Self::Mode,
        Self::Buzz,
        Self::FireOrder,
        Self::BeamOrder,
        Self::Leaf,
        Self::Opened,
        Self::Passed,
        Self::Beam,
        Self::Ready,
        Self::Alarm,
        Self::AlarmKind,
        Self::Fire,
        Self::Count,
        Self::Tamper,
        Self::PowerFail,
        Self::Outputs,
        Self::Inputs,
        Self::ReadBack,
        Self::Supervision,
        Self::Secure,
    ];

    /// The words for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "reads credentials",
            Self::Factor => "second factor",
            Self::Show => "lamp or tone for granted and denied",
            Self::Text => "text",
            Self::Release => "release for one body",
            Self::Shut => "shut on request",
            Self::Mode => "free, controlled, locked",
            Self::Buzz => "buzzer",
            Self::FireOrder => "fire input driven",
            Self::BeamOrder => "beams driven",
            Self::Leaf => "leaf position",
            Self::Opened => "opened signal",
            Self::Passed => "passage signal",
            Self::Beam => "beam signals",
            Self::Ready => "ready signal",
            Self::Alarm => "alarm signal",
            Self::AlarmKind => "kind of alarm",
            Self::Fire => "fire signal",
            Self::Count => "own count",
            Self::Tamper => "tamper signal",
            Self::PowerFail => "power fail signal",
            Self::Outputs => "outputs",
            Self::Inputs => "inputs",
            Self::ReadBack => "outputs read back",
            Self::Supervision => "line supervision",
            Self::Secure => "secure channel",
        }
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(u32);

impl Capabilities {
    /// These.
    pub fn of(list: &[Capability]) -> Self {
        list.iter().fold(Self::default(), |set, c| set.with(*c))
    }

    /// This one, too.
    #[must_use]
    pub fn with(self, one: Capability) -> Self {
        Self(self.0 | 1 << one as u32)
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether this one is there.
    pub fn has(self, one: Capability) -> bool {
        self.0 & 1 << one as u32 != 0
    }

    /// All of them, in the order of [`Capability::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |c| self.has(*c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        for one in Capability::ALL {
            let set = Capabilities::of(&[one]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [one]);
        }
    }
}

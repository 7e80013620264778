//! Quirks of the ears: inputs that are not heard, or taken for others.

use super::faulty::{Quirk, SOUND};
use crate::apb::id::LaneId;
use crate::apb::input::Input;
use crate::apb::site::Site;

/// Some inputs are not heard, or heard wrong.
const fn hears(hears: fn(&Site, Input) -> Option<Input>) -> Quirk {
    Quirk { hears, ..SOUND }
}

pub(super) const DEAF_TO_RESETS: Quirk =
    hears(|_, input| if matches!(input, Input::Reset { .. }) { None } else { Some(input) });

pub(super) const DEAF_TO_FIRE: Quirk =
    hears(|_, input| if matches!(input, Input::Fire { .. }) { None } else { Some(input) });

pub(super) const DEAF_TO_MODES: Quirk =
    hears(|_, input| if matches!(input, Input::SetMode { .. }) { None } else { Some(input) });

pub(super) const DEAF_TO_POLICIES: Quirk =
    hears(|_, input| if matches!(input, Input::SetPolicy { .. }) { None } else { Some(input) });

/// The two readers of the first lane are wired the wrong way round.
pub(super) const READERS_SWAPPED: Quirk = hears(|site, mut input| {
    if let Input::Read { reader, .. } = &mut input
        && let Some(here) = site.readers.get(reader.index()).filter(|r| r.lane == LaneId(0))
        && let Some(other) = site.reader_at(here.lane, here.direction.opposite())
    {
        *reader = other;
    }
    Some(input)
});

/// The first two beams of every lane are wired the wrong way round.
pub(super) const BEAMS_CROSSED: Quirk = hears(|_, mut input| {
    if let Input::Beam { beam, .. } = &mut input {
        *beam = match *beam {
            0 => 1,
            1 => 0,
            other => other,
        };
    }
    Some(input)
});

//! Identities: small dense numbers for everything a site names, so that tables are arrays and orders are
//! total.
//!
//! A number is a position in the site's table of that kind. Names live in the site; see
//! [`Site`](super::site::Site).

use core::fmt;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($repr:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $repr);

        impl $name {
            /// The position in the site's table.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The identity of the entry at `index`; the last representable one if there is no such number.
            pub fn at(index: usize) -> Self {
                Self(<$repr>::try_from(index).unwrap_or(<$repr>::MAX))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} {}", stringify!($name), self.0)
            }
        }
    )*};
}

ids! {
    /// An area that anti-passback guards. Area 0 is the outside.
    AreaId(u16);
    /// One gate passage.
    LaneId(u16);
    /// One reader, which looks one way.
    ReaderId(u16);
    /// The box that decides for some lanes.
    PanelId(u16);
    /// A weekly schedule.
    ScheduleId(u16);
    /// Holders who are excused from the same checks.
    GroupId(u16);
    /// A reader away from any gate at which people report in an emergency.
    MusterId(u16);
    /// A person who owns credentials.
    HolderId(u32);
    /// A card, phone or face template.
    CredentialId(u32);
    /// One decision to let one holder through one lane.
    GrantId(u64);
}

/// The number a reader reads off a credential. Any number may arrive; not every number is a credential of the
/// site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CardNumber(pub u64);

/// Which way through a lane: `In` runs from the lane's outer side to its inner side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the lane's outer area to its inner area.
    In,
    /// From the lane's inner area to its outer area.
    Out,
}

impl Direction {
    /// Both ways, `In` first.
    pub const BOTH: [Self; 2] = [Self::In, Self::Out];

    /// The other way.
    pub fn opposite(self) -> Self {
        match self {
            Self::In => Self::Out,
            Self::Out => Self::In,
        }
    }

    /// 0 for `In`, 1 for `Out`: the place of this direction in a pair.
    pub fn index(self) -> usize {
        match self {
            Self::In => 0,
            Self::Out => 1,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::In => "in",
            Self::Out => "out",
        })
    }
}

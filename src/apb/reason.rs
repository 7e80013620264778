//! Why a read was decided as it was.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// Why a read was decided as it was: the first check that failed, in the order of this list, or `Ok`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        impl Reason {
            /// The stable word for this reason.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Every reason, in the order of the checks.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }
    };
}

reasons! {
    /// Every check passed, or only soft ones failed.
    Ok = "ok";
    /// Granted because the fire alarm is on.
    Fire = "fire";
    /// No such reader.
    UnknownReader = "unknown_reader";
    /// No such credential.
    UnknownCredential = "unknown_credential";
    /// The credential was replaced, or its holder removed.
    Revoked = "revoked";
    /// The credential is not valid yet.
    NotYetValid = "not_yet_valid";
    /// The credential is not valid any more.
    Expired = "expired";
    /// The holder may not enter the area.
    NoAccessRight = "no_access_right";
    /// The holder may enter the area, but not now.
    OutsideSchedule = "outside_schedule";
    /// The second factor is missing or wrong.
    Factor = "factor";
    /// The area is shut off.
    Lockdown = "lockdown";
    /// The holder is locked out after violations.
    Lockout = "lockout";
    /// An anti-passback rule forbids it.
    ApbViolation = "apb_violation";
    /// The same holder has an unused grant elsewhere.
    PendingElsewhere = "pending_elsewhere";
    /// The panel cannot ask, and its rule for that is to deny.
    Offline = "offline";
    /// Nobody who may open the area is inside yet.
    FirstPerson = "first_person";
    /// A visitor came without an escort.
    NoAccompaniment = "no_accompaniment";
    /// The first of two; the second has to present at the same reader.
    AwaitingPartner = "awaiting_partner";
    /// The area is full.
    OccupancyUpper = "occupancy_upper";
    /// Too few would stay in the area.
    OccupancyLower = "occupancy_lower";
    /// Another lane of the interlock is not shut and empty.
    Interlock = "interlock";
    /// Nobody may pass this way.
    LaneLocked = "lane_locked";
    /// The lane is in use and does not queue any more reads.
    LaneBusy = "lane_busy";
}

impl Reason {
    /// Whether the read is granted.
    pub fn is_grant(self) -> bool {
        self == Self::Ok || self == Self::Fire
    }
}

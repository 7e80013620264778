//! Who comes by chance: groups of holders with arrivals, habits and vices.

use super::population::Population;
use crate::apb::id::{AreaId, HolderId};
use crate::apb::time::{Span, Time};

/// Holders who share arrivals, habits and vices.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Unique name.
    pub name: String,
    /// Who belongs to it.
    pub holders: Vec<HolderId>,
    /// Where they go.
    pub to: AreaId,
    /// When they come.
    pub arrivals: Arrivals,
    /// How long they stay; `None`: until the end of the run.
    pub stay: Option<Spread>,
    /// When some of them go out and come back.
    pub breaks: Vec<Break>,
    /// How they walk and present.
    pub habits: Habits,
    /// What kinds of people they are; `None`: all of one kind, as [`Habits`] has it.
    pub population: Option<Population>,
    /// Each with the share of the group that behaves so; the rest is honest. Shares sum to at most 1.
    pub personas: Vec<(f64, Persona)>,
}

/// A normally distributed length of time, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The mean.
    pub mean: Span,
    /// The standard deviation.
    pub sd: Span,
}

/// When the people of a group arrive.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Independently at a constant rate, until the window ends or the group is all in.
    Poisson {
        /// The rate.
        per_minute: f64,
        /// Not before.
        from: Time,
        /// Not after.
        until: Time,
    },
    /// Independently at a rate that runs in straight lines through these points (time, people per minute).
    Profile(Vec<(Time, f64)>),
    /// At exactly these times, one holder each, in the order of the group.
    Schedule(Vec<Time>),
    /// The whole group at once, as from a train or at a change of shift: normally distributed about an
    /// instant.
    Surge {
        /// The middle.
        at: Time,
        /// The standard deviation.
        sd: Span,
    },
}

/// Nobody goes out for a break sooner than this after coming. Assumed.
pub const BREAK_AFTER: Span = Span::minutes(5);

/// A time at which some people of a group go out and come back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// The share of the group that takes it, 0 to 1.
    pub share: f64,
    /// When they leave, normally distributed, but not before [`BREAK_AFTER`].
    pub at: Time,
    /// The standard deviation of leaving.
    pub sd: Span,
    /// How long they are away.
    pub away: Spread,
}

/// How people of a group walk and present.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// Mean free walking speed, m/s. 1.34: Weidmann.
    pub speed_mean_m_s: f32,
    /// Standard deviation of the free walking speed, m/s. 0.26: Weidmann.
    pub speed_sd_m_s: f32,
    /// Median time from reaching the reader until the credential is in its field, lognormal. 0.65 s, assumed.
    pub present_median_s: f32,
    /// Coefficient of variation of the same. 0.35, assumed.
    pub present_cv: f32,
    /// Share of first reads that fail and are repeated, 0 to 1. 0.02, assumed (1 to 3 %).
    pub misread_rate: f64,
    /// Share of people with a bag on their back or at their side, 0 to 1, which makes the body deeper.
    pub bag_share: f64,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            speed_mean_m_s: 1.34,
            speed_sd_m_s: 0.26,
            present_median_s: 0.65,
            present_cv: 0.35,
            misread_rate: 0.02,
            bag_share: 0.3,
        }
    }
}

/// A way of not doing what the system expects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Persona {
    /// Leaves without presenting: by a fire door, or else behind somebody through an open lane.
    ForgetsToBadgeOut {
        /// The share of these exits that goes by a fire door, 0 to 1.
        by_fire_door: f64,
    },
    /// Follows somebody in without presenting, at a clear gap drawn evenly from this range.
    Tailgater {
        /// Least clear gap, m.
        gap_min_m: f32,
        /// Greatest clear gap, m.
        gap_max_m: f32,
    },
    /// Brings a companion without a credential who follows close behind, with consent.
    Piggybacker {
        /// Clear gap, m.
        gap_m: f32,
    },
    /// Enters, hands the credential back over the barrier, and an accomplice uses it.
    PassbackPair {
        /// The share of accomplices that tries another lane, 0 to 1.
        at_other_lane: f64,
    },
    /// Presents an absent colleague's credential after their own.
    BuddyBadger,
    /// Leaves against the direction of a lane that is open for somebody coming in.
    WrongWay {
        /// Walking speed, m/s.
        speed_m_s: f32,
    },
    /// Pulls a trolley or pushes a cart.
    Trolley {
        /// Length, m.
        length_m: f32,
        /// Clear distance behind the body, m.
        behind_m: f32,
        /// Height, m: beams above it do not see it.
        height_m: f32,
    },
}

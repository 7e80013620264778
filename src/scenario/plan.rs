//! The floor plan: what the world has to know of a site and the controller must not.
//!
//! Lengths are metres. `y` runs inwards: people who enter walk towards greater `y`, and every lane lies along
//! it.

use super::technology::Technology;
use crate::apb::id::{AreaId, LaneId};
use crate::apb::site::Site;
use crate::apb::time::Span;

/// A site and the floor it stands on.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the controller knows.
    pub site: Site,
    /// One for each of the site's lanes, in the same order.
    pub lanes: Vec<LanePlan>,
    /// Where people appear and vanish, at least one for every area that anybody goes to.
    pub portals: Vec<Portal>,
    /// What people can walk on.
    pub floor: FloorPlan,
    /// What lies between panels and host, where panels decide together.
    pub wire: WirePlan,
}

impl Plan {
    /// The floor plan of one lane.
    pub fn lane(&self, lane: LaneId) -> Option<&LanePlan> {
        self.lanes.get(lane.index())
    }
}

/// How a network carries what panels and host say to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WirePlan {
    /// How long a message takes at least.
    pub delay: Span,
    /// How much longer it may take; every length up to this is as likely.
    pub jitter: Span,
}

impl Default for WirePlan {
    /// A building's own network with a busy host: 20 ms, up to 10 ms more. Assumed.
    fn default() -> Self {
        Self { delay: Span::millis(20), jitter: Span::millis(10) }
    }
}

/// Where a lane stands and how its gate moves.
#[derive(Clone, Debug, PartialEq)]
pub struct LanePlan {
    /// Centre line across the floor.
    pub x_m: f32,
    /// The outer end along the floor.
    pub y_m: f32,
    /// From outer to inner end. 1.4 m: the reference lane.
    pub length_m: f32,
    /// Clear passage width. 0.55 m in the seeds.
    pub width_m: f32,
    /// Height of the row of beams above the floor. 0.90 m: the reference lane.
    pub beam_height_m: f32,
    /// Heights of single pairs of beams, the outermost first; those left out are at the row's height.
    pub beam_heights_m: Vec<f32>,
    /// Height of the beams near the floor, if the lane has any.
    pub low_height_m: f32,
    /// What the electronics behind the beams make of them.
    pub receivers: ReceiverPlan,
    /// What keeps people out.
    pub barrier: Barrier,
    /// Time the flap takes to open. 0.5 s: the reference lane.
    pub flap_opens: Span,
    /// Time the flap takes to close. 0.5 s: the reference lane.
    pub flap_closes: Span,
    /// How much of either time the flap needs to reach its speed, and to lose it; zero: none.
    pub flap_ramp: Span,
    /// Height of the leaves above the floor, m.
    pub flap_height_m: f32,
    /// The force that moves a shut flap, N.
    pub flap_holds_n: f32,
    /// What a flap does that has no power.
    pub power_loss: PowerLoss,
    /// From a credential in the field to the reader's message. 0.15 to 0.35 s for contactless cards, assumed.
    pub read_time: Span,
    /// What people have to do at its readers, `In` first; `None`: what their habits say.
    pub technology: [Option<Technology>; 2],
}

/// Height of beams near the floor, m: over feet that are set down, under the back of who crawls. Assumed.
pub const LOW_HEIGHT_M: f32 = 0.25;

/// Height of leaves, m: 39 inches, the most that IBC 1010 and NFPA 101 allow where a turnstile counts as an
/// exit.
pub const FLAP_HEIGHT_M: f32 = 0.99;

/// The force that a shut flap holds against, N. Between the 67 N by which a low-energy door may push and the
/// 150 N that stop it, as summaries of EN 16005 have them; assumed.
pub const FLAP_HOLDS_N: f32 = 100.0;

/// What keeps people out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Barrier {
    /// Leaves: open for everybody as long as they are open.
    #[default]
    Leaves,
    /// A rotor that turns once for each body: a tripod or a full-height turnstile.
    Rotor,
}

/// What a flap does that has no power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PowerLoss {
    /// It stays where it is. TiSO's data sheets.
    #[default]
    Stay,
    /// It opens, by a spring or a battery: where people escape through it.
    Open,
}

impl Default for LanePlan {
    /// The reference lane at the origin.
    fn default() -> Self {
        Self {
            x_m: 0.0,
            y_m: 0.0,
            length_m: 1.4,
            width_m: 0.55,
            beam_height_m: 0.90,
            beam_heights_m: Vec::new(),
            low_height_m: LOW_HEIGHT_M,
            receivers: ReceiverPlan::default(),
            barrier: Barrier::default(),
            flap_opens: Span::millis(500),
            flap_closes: Span::millis(500),
            flap_ramp: Span::ZERO,
            flap_height_m: FLAP_HEIGHT_M,
            flap_holds_n: FLAP_HOLDS_N,
            power_loss: PowerLoss::default(),
            read_time: Span::millis(250),
            technology: [None; 2],
        }
    }
}

/// The electronics behind a lane's beams.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReceiverPlan {
    /// How long a round takes in which each pair of beams is looked at once; zero: no time.
    pub scan: Span,
    /// How often a pair is mistaken, an hour.
    pub noise_per_hour: f64,
    /// For how long it then is.
    pub noise_lasts: Span,
}

impl Default for ReceiverPlan {
    /// Ideal receivers: at once and never mistaken.
    fn default() -> Self {
        Self { scan: Span::ZERO, noise_per_hour: 0.0, noise_lasts: Span::millis(5) }
    }
}

/// Where the people of an area come onto the floor and leave it: a street door, a lift lobby, a corridor.
#[derive(Clone, Debug, PartialEq)]
pub struct Portal {
    /// What walkers call it; empty: nobody does.
    pub name: String,
    /// The area it belongs to.
    pub area: AreaId,
    /// One end of the line that people come and go by.
    pub from: Point,
    /// Its other end; the same for a mere point.
    pub to: Point,
}

impl Portal {
    /// A mere point, without a name.
    pub fn at(area: AreaId, x_m: f32, y_m: f32) -> Self {
        let here = Point { x_m, y_m };
        Self { name: String::new(), area, from: here, to: here }
    }

    /// Its middle.
    pub fn middle(&self) -> Point {
        Point {
            x_m: f32::midpoint(self.from.x_m, self.to.x_m),
            y_m: f32::midpoint(self.from.y_m, self.to.y_m),
        }
    }
}

/// A place on the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Across the floor.
    pub x_m: f32,
    /// Along the floor.
    pub y_m: f32,
}

impl Point {
    /// Whether it is within a closed line: a ray from it crosses the line an odd number of times.
    pub fn is_within(self, outline: &[Self]) -> bool {
        let next = outline.iter().cycle().skip(1);
        let crosses = |(a, b): &(&Self, &Self)| {
            let along = (self.y_m - a.y_m) / (b.y_m - a.y_m);
            (a.y_m > self.y_m) != (b.y_m > self.y_m) && self.x_m < a.x_m + along * (b.x_m - a.x_m)
        };
        outline.iter().zip(next).filter(crosses).count() % 2 == 1
    }
}

/// What people can walk on, and what is in their way. Lanes and the fences between them come on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FloorPlan {
    /// The corners of the whole floor in order, closed; `None`: it has no end.
    pub outline: Option<Vec<Point>>,
    /// Pillars, desks and other things, each by its corners in order, closed.
    pub obstacles: Vec<Vec<Point>>,
    /// Lines of walls, by their corners in order.
    pub walls: Vec<Vec<Point>>,
}

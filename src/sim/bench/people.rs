//! Who walks through a lane on the bench.

use crate::scenario::crowd::Habits;
use crate::sim::chance;
use crate::sim::crowd::body::{Gait, Shape};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// What kind of body somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An adult who keeps the arms at the body.
    Adult,
    /// An adult whose arms swing freely.
    ArmsSwinging,
    /// A child of about ten years: stature 1.38 ± 0.06 m, chest depth 0.17 ± 0.015 m. Assumed.
    Child,
    /// A child of two or three: stature 0.90 ± 0.03 m, chest depth 0.14 ± 0.01 m. Assumed.
    SmallChild,
    /// Somebody on hands and knees, 1.0 m long and 0.45 m high. Assumed.
    Crawling,
    /// Somebody who swings over the flap, hands on the cabinets: 0.9 m long, from 1.05 to 1.75 m above the
    /// floor. Assumed.
    Vaulting,
}

impl Kind {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Adult, Self::ArmsSwinging, Self::Child, Self::SmallChild, Self::Crawling, Self::Vaulting];

    /// Whether they go on their feet.
    pub fn walks(self) -> bool {
        match self {
            Self::Adult | Self::ArmsSwinging | Self::Child | Self::SmallChild => true,
            Self::Crawling | Self::Vaulting => false,
        }
    }

    /// What to call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::ArmsSwinging => "adult, arms swinging",
            Self::Child => "child",
            Self::SmallChild => "small child",
            Self::Crawling => "crawling",
            Self::Vaulting => "vaulting",
        }
    }

    /// One of them.
    fn draw(self, rng: &mut ChaCha8Rng) -> Shape {
        /// How much of a foot's way a hand makes in free walking. Assumed.
        const ARM_SHARE: f32 = 0.6;
        let mut near =
            |mean: f64, sd: f64| chance::normal(rng, mean, sd).clamp(mean - 3.0 * sd, mean + 3.0 * sd) as f32;
        match self {
            Self::Child => {
                let (depth, height) = (near(0.17, 0.015), near(1.38, 0.06));
                Shape::new(depth, 0.30, height)
            }
            Self::SmallChild => {
                let (depth, height) = (near(0.14, 0.01), near(0.90, 0.03));
                Shape::new(depth, 0.24, height)
            }
            Self::Crawling => Shape::crawling(1.0, 0.45, 0.45),
            Self::Vaulting => Shape::vaulting(0.9, 0.45, (1.05, 1.75)),
            Self::Adult => adult(rng),
            Self::ArmsSwinging => adult(rng).with_arms(ARM_SHARE),
        }
    }
}

fn adult(rng: &mut ChaCha8Rng) -> Shape {
    Shape::draw(&Habits { bag_share: 0.0, ..Habits::default() }, rng)
}

/// What somebody has with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// Nothing.
    Nothing,
    /// A backpack, 0.20 m deep. Assumed.
    Backpack,
    /// A wheeled suitcase: 0.35 m long, 0.20 m behind, 0.56 m high, as airlines take into the cabin.
    Suitcase,
    /// A trolley that is pulled: 0.60 m long, 0.20 m behind, 1.00 m high. Assumed.
    Trolley,
}

impl Carried {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Backpack, Self::Suitcase, Self::Trolley];

    /// What to call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Backpack => "backpack",
            Self::Suitcase => "suitcase",
            Self::Trolley => "trolley",
        }
    }

    fn with(self, shape: Shape) -> Shape {
        match self {
            Self::Nothing => shape,
            Self::Backpack => shape.with_bag(0.20),
            Self::Suitcase => shape.with_luggage(0.35, 0.20, 0.56),
            Self::Trolley => shape.with_luggage(0.60, 0.20, 1.00),
        }
    }
}

/// Somebody of a kind with something, in full stride at this speed.
pub(super) fn draw(kind: Kind, carried: Carried, speed_m_s: f32, rng: &mut ChaCha8Rng) -> (Shape, Gait) {
    let shape = carried.with(kind.draw(rng));
    let phase = rng.random_range(0.0..1.0);
    (shape, Gait::walking(phase, speed_m_s, shape.height_m()))
}

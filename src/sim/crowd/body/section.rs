//! A section of a body at some height.

use super::gait::Limb;

/// One section of a body at some height, as a beam across a lane sees it. Distances run backwards from the
/// body's front.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    /// Where it begins, m.
    pub tip_m: f32,
    /// Where it ends, m.
    pub back_m: f32,
    /// The leg it swings with, and how much of the foot's way it makes.
    pub swings: Option<(Limb, f32)>,
}

impl Section {
    pub(super) fn still(tip_m: f32, back_m: f32) -> Self {
        Self { tip_m, back_m, swings: None }
    }

    pub(super) fn about(middle_m: f32, depth_m: f32) -> Self {
        Self::still(middle_m - depth_m / 2.0, middle_m + depth_m / 2.0)
    }

    pub(super) fn swinging(self, limb: Limb, share: f32) -> Self {
        Self { swings: Some((limb, share)), ..self }
    }
}

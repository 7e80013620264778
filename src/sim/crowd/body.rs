//! Bodies: how much of a lane a person covers, with what they carry.

use super::floor::Outline;
use crate::scenario::crowd::Habits;
use crate::sim::chance;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// One solid part of a body, as beams across a lane see it. Distances run backwards from the body's front.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Where the part begins, m.
    pub tip_m: f32,
    /// Where it ends, m.
    pub back_m: f32,
    /// Its height above the floor, m; beams above it pass over it.
    pub top_m: f32,
}

/// A person's outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    torso: Part,
    luggage: Option<Part>,
    breadth_m: f32,
}

impl Shape {
    /// A torso of this depth, breadth and height.
    pub fn new(depth_m: f32, breadth_m: f32, height_m: f32) -> Self {
        Self { torso: Part { tip_m: 0.0, back_m: depth_m, top_m: height_m }, luggage: None, breadth_m }
    }

    /// An adult with or without a bag.
    ///
    /// Chest depth 0.25 ± 0.03 m and shoulder breadth 0.48 ± 0.04 m (ANSUR II, both sexes together), height
    /// 1.70 ± 0.09 m; a bag on the back or at the side adds 0.12 m of depth (assumed).
    pub(super) fn draw(habits: &Habits, rng: &mut ChaCha8Rng) -> Self {
        let depth = (chance::normal(rng, 0.25, 0.03) as f32).clamp(0.18, 0.35);
        let breadth = (chance::normal(rng, 0.48, 0.04) as f32).clamp(0.38, 0.60);
        let height = (chance::normal(rng, 1.70, 0.09) as f32).clamp(1.40, 2.00);
        let bag = if rng.random_bool(habits.bag_share.clamp(0.0, 1.0)) { 0.12 } else { 0.0 };
        Self::new(depth + bag, breadth, height)
    }

    /// The same person with a trolley or cart behind.
    #[must_use]
    pub fn with_luggage(self, length_m: f32, behind_m: f32, height_m: f32) -> Self {
        let tip_m = self.torso.back_m + behind_m;
        Self { luggage: Some(Part { tip_m, back_m: tip_m + length_m, top_m: height_m }), ..self }
    }

    /// The torso's depth, m.
    pub fn depth_m(&self) -> f32 {
        self.torso.back_m
    }

    /// Shoulder breadth, m.
    pub fn breadth_m(&self) -> f32 {
        self.breadth_m
    }

    /// What others have to walk around, from above.
    pub fn outline(&self) -> Outline {
        Outline { half_depth_m: self.depth_m() / 2.0, half_breadth_m: self.breadth_m / 2.0 }
    }

    /// Depth of everything that belongs to the person, m.
    pub fn length_m(&self) -> f32 {
        self.luggage.map_or(self.torso.back_m, |l| l.back_m)
    }

    /// The parts that a beam at this height can see.
    pub fn parts_at(&self, height_m: f32) -> impl Iterator<Item = Part> {
        [Some(self.torso), self.luggage].into_iter().flatten().filter(move |p| p.top_m >= height_m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_suitcase_passes_under_the_beams_and_a_cart_does_not() {
        let person = Shape::new(0.3, 0.5, 1.7);
        assert_eq!(person.with_luggage(0.35, 0.2, 0.56).parts_at(0.9).count(), 1);
        assert_eq!(person.with_luggage(0.60, 0.2, 1.00).parts_at(0.9).count(), 2);
    }

    #[test]
    fn who_crawls_or_is_small_passes_under_the_beams() {
        assert_eq!(Shape::new(1.0, 0.5, 0.45).parts_at(0.9).count(), 0);
        assert_eq!(Shape::new(0.2, 0.3, 0.89).parts_at(0.9).count(), 0);
    }
}

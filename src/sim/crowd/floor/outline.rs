//! The ellipse that a body is, from above.

use bevy::prelude::*;

/// An ellipse that looks along its shorter half axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outline {
    /// Half the body's depth, m.
    pub half_depth_m: f32,
    /// Half the breadth of the shoulders, m.
    pub half_breadth_m: f32,
}

impl Outline {
    /// Distance from the middle to the edge, m, in a direction whose cosine against the heading is this.
    #[inline]
    pub fn radius(self, cosine: f32) -> f32 {
        let (a, b) = (self.half_depth_m, self.half_breadth_m);
        let along = cosine * cosine;
        a * b / (b * b * along + a * a * (1.0 - along).max(0.0)).sqrt()
    }

    /// How near the middles of two bodies are when they touch, m; `way` leads from one to the other.
    #[inline]
    pub fn contact(self, heading: Vec2, other: (Self, Vec2), way: Vec2) -> f32 {
        self.radius(way.dot(heading)) + other.0.radius(way.dot(other.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Outline = Outline { half_depth_m: 0.14, half_breadth_m: 0.225 };

    #[test]
    fn a_body_is_deep_ahead_and_broad_aside() {
        assert!((BODY.radius(1.0) - 0.14).abs() < 1e-6 && (BODY.radius(0.0) - 0.225).abs() < 1e-6);
        let between = BODY.radius(0.5);
        assert!(between > 0.14 && between < 0.225);
    }

    #[test]
    fn behind_one_another_people_stand_closer_than_side_by_side() {
        let other = (BODY, Vec2::Y);
        assert!((BODY.contact(Vec2::Y, other, Vec2::Y) - 0.28).abs() < 1e-6);
        assert!((BODY.contact(Vec2::Y, other, Vec2::X) - 0.45).abs() < 1e-6);
    }
}

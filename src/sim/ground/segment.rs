//! A straight piece of wall, as thin as a line.

use bevy::prelude::*;

/// A straight line from one end to the other, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// One end.
    pub a: Vec2,
    /// The other.
    pub b: Vec2,
}

impl Segment {
    /// A line between two points.
    pub fn new(a: impl Into<Vec2>, b: impl Into<Vec2>) -> Self {
        Self { a: a.into(), b: b.into() }
    }

    /// Its point that is nearest to another.
    pub fn nearest(self, point: Vec2) -> Vec2 {
        let along = self.b - self.a;
        let length = along.length_squared();
        if length <= 0.0 {
            return self.a;
        }
        self.a + along * ((point - self.a).dot(along) / length).clamp(0.0, 1.0)
    }

    /// The same line, shorter by this much at either end; its middle if nothing else is left.
    #[must_use]
    pub fn shrunk(self, by_m: f32) -> Self {
        let along = self.b - self.a;
        let length = along.length();
        if length <= 2.0 * by_m {
            let middle = self.a.midpoint(self.b);
            return Self { a: middle, b: middle };
        }
        let cut = along * (by_m / length);
        Self { a: self.a + cut, b: self.b - cut }
    }

    /// Whether the straight way between two points on its two sides leads through it or touches its end.
    #[inline]
    pub fn is_between(self, p: Vec2, q: Vec2) -> bool {
        let side = |a: Vec2, b: Vec2, c: Vec2| (b - a).perp_dot(c - a);
        side(self.a, self.b, p) * side(self.a, self.b, q) < 0.0
            && side(p, q, self.a) * side(p, q, self.b) <= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_is_on_the_line_or_at_its_end() {
        let wall = Segment::new((0.0, 0.0), (2.0, 0.0));
        assert_eq!(wall.nearest(Vec2::new(1.0, 3.0)), Vec2::new(1.0, 0.0));
        assert_eq!(wall.nearest(Vec2::new(-1.0, 3.0)), Vec2::ZERO);
        assert_eq!(Segment::new((1.0, 1.0), (1.0, 1.0)).nearest(Vec2::ZERO), Vec2::ONE);
    }

    #[test]
    fn a_wall_is_between_two_points_on_its_two_sides_only() {
        let wall = Segment::new((0.0, 0.0), (2.0, 0.0));
        assert!(wall.is_between(Vec2::new(1.0, -1.0), Vec2::new(1.0, 1.0)));
        assert!(!wall.is_between(Vec2::new(3.0, -1.0), Vec2::new(3.0, 1.0)));
        assert!(!wall.is_between(Vec2::new(0.5, 1.0), Vec2::new(1.5, 1.0)));
    }

    #[test]
    fn a_door_is_aimed_at_where_a_body_fits_through() {
        let door = Segment::new((0.0, 0.0), (2.0, 0.0)).shrunk(0.25);
        assert_eq!((door.a, door.b), (Vec2::new(0.25, 0.0), Vec2::new(1.75, 0.0)));
        let narrow = Segment::new((0.0, 0.0), (0.4, 0.0)).shrunk(0.25);
        assert_eq!((narrow.a, narrow.b), (Vec2::new(0.2, 0.0), Vec2::new(0.2, 0.0)));
    }
}

//! Bodies seen from above: where everybody is, whatever they are doing there.

use super::crowd::floor::{Floor, Walking};
use super::crowd::track::{Tracked, Tracks};
use super::lane::Place;
use crate::apb::id::Direction;
use crate::record::PersonId;
use bevy::math::Vec2;

/// Somebody on the floor, in a queue or in a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Who.
    pub person: PersonId,
    /// The middle of the torso, m.
    pub centre: Vec2,
    /// Which way they face, a unit vector.
    pub facing: Vec2,
}

/// Everybody: first the open floor, then lane by lane.
pub(super) fn bodies<'w>(
    floor: &'w Floor,
    lanes: impl Iterator<Item = (&'w Place, &'w Tracks)>,
) -> impl Iterator<Item = Body> {
    let queued = lanes.flat_map(|(place, tracks)| {
        Direction::BOTH
            .into_iter()
            .flat_map(move |d| tracks.of(d).iter().map(move |b| of_tracked(place, d, b)))
    });
    floor.walkers().iter().map(of_walking).chain(queued)
}

fn of_walking(walking: &Walking) -> Body {
    Body { person: walking.person, centre: walking.position, facing: walking.heading }
}

fn of_tracked(place: &Place, direction: Direction, body: &Tracked) -> Body {
    let facing = match direction {
        Direction::In => Vec2::Y,
        Direction::Out => Vec2::NEG_Y,
    };
    let centre = place.point(direction, f32::midpoint(body.torso_front(), body.torso_rear()), body.lateral);
    Body { person: body.person, centre, facing }
}

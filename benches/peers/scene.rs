//! A scene: a floor, people on it and where they want to go. Written once, read by every engine.

use serde::{Deserialize, Serialize};

/// A rectangle along the axes, m: least x, least y, greatest x, greatest y.
pub(crate) type Rectangle = [f64; 4];

/// What every engine is given. Lengths are metres, speeds metres a second.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Scene {
    /// Its name.
    pub(crate) name: String,
    /// The length of a step, s.
    pub(crate) dt_s: f64,
    /// Steps in one repetition.
    pub(crate) steps: u32,
    /// Where one can walk: a polygon in well-known text, with the solid blocks cut out.
    pub(crate) walkable: String,
    /// The outer walls.
    pub(crate) bounds: Rectangle,
    /// What stands within them.
    pub(crate) blocks: Vec<Rectangle>,
    /// Whoever is beyond this y is through the lanes; none in an open room.
    pub(crate) finish_y: Option<f64>,
    /// Where people may want to go.
    pub(crate) targets: Vec<Target>,
    /// Everybody.
    pub(crate) agents: Vec<Agent>,
}

/// A place to go to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Target {
    /// The mouth of the lane that leads there, for engines that do not find their way; none in an open room.
    pub(crate) via: Option<[f64; 2]>,
    /// Whoever is in here is taken off the floor.
    pub(crate) exit: Rectangle,
}

/// Somebody.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Agent {
    /// Their number, from 0.
    pub(crate) id: u32,
    /// Where they begin.
    pub(crate) x: f64,
    /// Where they begin.
    pub(crate) y: f64,
    /// Desired speed.
    pub(crate) speed: f64,
    /// Which target, by its place in the list.
    pub(crate) target: usize,
}

impl Scene {
    /// The lane that somebody this far across came through, whichever was meant: the nearest.
    pub(crate) fn lane_at(&self, x: f64) -> usize {
        let apart = |i: &usize| (f64::midpoint(self.targets[*i].exit[0], self.targets[*i].exit[2]) - x).abs();
        (0..self.targets.len()).min_by(|a, b| apart(a).total_cmp(&apart(b))).unwrap_or(0)
    }
}

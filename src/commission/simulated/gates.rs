//! The gates of a simulated site.

use crate::apb::id::LaneId;
use crate::hil::emulate::{Gate, GateModel};
use crate::scenario::plan::Plan;

/// One gate for each lane of a site: what its lane asks for, as fast and as strong as its plan says.
pub(super) fn all(plan: &Plan) -> Vec<Gate> {
    let lanes = plan.site.lanes.iter().zip((0..).map(LaneId));
    let model = |(lane, id)| {
        let of = GateModel::of(lane);
        match plan.lane(id) {
            None => of,
            Some(own) => GateModel {
                opens: own.flap_opens,
                closes: own.flap_closes,
                holds_n: newtons(own.flap_holds_n),
                power_loss: own.power_loss,
                ..of
            },
        }
    };
    lanes.map(|lane| Gate::new(&model(lane))).collect()
}

/// A force in whole newtons, rounded up.
fn newtons(force: f32) -> u32 {
    force.max(0.0).ceil() as u32
}

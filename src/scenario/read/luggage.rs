//! What people have with them.

use crate::scenario::decode::{Fields, Log, Variant};
use crate::scenario::population::Luggage;
use crate::scenario::syntax::Node;
use crate::scenario::units;

/// `(share: 0.1, what: Bag(depth_m: 0.12))`.
pub(super) fn luggage(node: &Node, log: &Log<'_>) -> Option<(f64, Luggage)> {
    let fields = Fields::of(node, "a kind of luggage", log)?;
    let share = fields.required("share", log, units::share);
    let what = fields.required("what", log, what);
    fields.finish(log);
    Some((share?, what?))
}

fn what(node: &Node, log: &Log<'_>) -> Option<Luggage> {
    let variant = Variant::of(node, "a kind of luggage", &["Bag", "Trolley", "Cart"], log)?;
    let fields = variant.fields(log)?;
    let metres = |name, usual, (low, high)| {
        fields.or(name, usual, log, |node, log| units::small(node, low, high, "m", log))
    };
    let luggage = match variant.name {
        "Bag" => Luggage::Bag { depth_m: metres("depth_m", 0.12, (0.02, 0.6)) },
        "Trolley" => Luggage::Trolley {
            length_m: metres("length_m", 0.35, (0.1, 3.0)),
            behind_m: metres("behind_m", 0.3, (0.0, 10.0)),
            height_m: metres("height_m", 0.56, (0.05, 2.5)),
        },
        _ => Luggage::Cart {
            length_m: metres("length_m", 0.9, (0.1, 3.0)),
            before_m: metres("before_m", 0.2, (0.0, 2.0)),
            height_m: metres("height_m", 1.0, (0.05, 2.5)),
            breadth_m: metres("breadth_m", 0.6, (0.1, 2.0)),
        },
    };
    fields.finish(log);
    Some(luggage)
}

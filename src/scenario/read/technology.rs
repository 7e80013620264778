//! Reader technologies.

use crate::scenario::decode::{Log, Variant};
use crate::scenario::syntax::Node;
use crate::scenario::technology::{CARD, FACE, ON_THE_MOVE, PHONE, Technology};
use crate::scenario::units;

/// `Card`, `Phone`, `Face` or `OnTheMove`, with figures of one's own in brackets.
pub(super) fn technology(node: &Node, log: &Log<'_>) -> Option<Technology> {
    let variant = Variant::of(node, "a reader technology", &["Card", "Phone", "Face", "OnTheMove"], log)?;
    let mut technology = match variant.name {
        "Card" => CARD,
        "Phone" => PHONE,
        "Face" => FACE,
        _ => ON_THE_MOVE,
    };
    let fields = variant.fields(log)?;
    if technology.sees_m > 0.0 {
        let metres = |node: &Node, log: &Log<'_>| units::small(node, 0.2, 1.5, "m", log);
        technology.sees_m = fields.or("sees_m", technology.sees_m, log, metres);
    } else {
        let median = fields.optional("median", log, units::positive_span);
        technology.median_s = median.map_or(technology.median_s, super::crowd::seconds);
        let cv = |node: &Node, log: &Log<'_>| units::small(node, 0.0, 5.0, "", log);
        technology.cv = fields.or("cv", technology.cv, log, cv);
    }
    technology.misread_rate = fields.optional("misread_rate", log, units::share);
    fields.finish(log);
    Some(technology)
}

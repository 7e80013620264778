//! Where a board's outputs and inputs lie, as a rig holds it.

use super::board::{Inputs, Outputs};
use crate::scenario::decode::{Fields, Log, Variant};
use crate::scenario::syntax::Node;
use crate::scenario::units;

fn word(node: &Node, log: &Log<'_>) -> Option<u16> {
    units::whole(node, 0, u16::MAX.into(), log).and_then(|n| u16::try_from(n).ok())
}

fn first(fields: &Fields<'_>, log: &Log<'_>) -> u16 {
    fields.or("first", 0, log, word)
}

/// `Coils(first: 0)`, `Words(first: 40, on: 256, off: 512)` or `Bits(first: 10)`; how many there are is left
/// at none.
pub(crate) fn outputs(node: &Node, log: &Log<'_>) -> Option<Outputs> {
    let variant = Variant::of(node, "where outputs lie", &["Coils", "Words", "Bits"], log)?;
    let fields = variant.fields(log)?;
    let (first, count) = (first(&fields, log), 0);
    let outputs = match variant.name {
        "Coils" => Outputs::Coils { first, count },
        "Bits" => Outputs::Bits { first, count },
        _ => {
            let (on, off) = (fields.or("on", 1, log, word), fields.or("off", 0, log, word));
            if on == off {
                let found = format!("on and off are both written as {on}");
                log.note(node.head(), found, "two words", "give the words of the board's manual");
            }
            Outputs::Words { first, count, on, off }
        }
    };
    fields.finish(log);
    Some(outputs)
}

/// `Discretes(first: 0)`, `InputBits(first: 3)` or `HoldingBits(first: 1)`; how many there are is left at
/// none.
pub(crate) fn inputs(node: &Node, log: &Log<'_>) -> Option<Inputs> {
    let names = ["Discretes", "InputBits", "HoldingBits"];
    let variant = Variant::of(node, "where inputs lie", &names, log)?;
    let fields = variant.fields(log)?;
    let (first, count) = (first(&fields, log), 0);
    fields.finish(log);
    Some(match variant.name {
        "Discretes" => Inputs::Discretes { first, count },
        "InputBits" => Inputs::InputBits { first, count },
        _ => Inputs::HoldingBits { first, count },
    })
}

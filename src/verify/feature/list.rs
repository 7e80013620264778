//! Every feature by name, and the draw that says which of them a case has.

use super::policy::{self, AXES, Axis};
use super::{
    areas, clock, crowd, devices, domain, faults, holders, lanes, operators, personas, reads, rights, walks,
};
use crate::verify::draft::Draft;
use crate::verify::draw::Draw;

/// Something that a case may have or not.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    add: Add,
}

#[derive(Clone, Copy, Debug)]
enum Add {
    /// Puts something into the draft.
    Part(fn(&mut Draft, &mut Draw)),
    /// Lets policies have this axis.
    Axis(&'static Axis),
}

/// The families, in the order in which they are put in: what later ones refer to comes first.
const PARTS: &[&[(&str, fn(&mut Draft, &mut Draw))]] = &[
    policy::FEATURES,
    areas::FEATURES,
    lanes::FEATURES,
    clock::FEATURES,
    devices::FEATURES,
    domain::FEATURES,
    holders::FEATURES,
    rights::FEATURES,
    crowd::FEATURES,
    personas::FEATURES,
    walks::FEATURES,
    reads::FEATURES,
    operators::FEATURES,
    faults::FEATURES,
];

/// Every feature.
pub fn all() -> impl Iterator<Item = Feature> {
    let axes = AXES.iter().map(|axis| Feature { name: axis.name, add: Add::Axis(axis) });
    let parts = PARTS.iter().copied().flatten();
    axes.chain(parts.map(|(name, add)| Feature { name, add: Add::Part(*add) }))
}

/// Draws a subset of the features and puts it into a draft. How many are left out differs from case to case
/// (swarm testing: Groce, Zhang, Eide, Chen and Regehr 2012).
pub(in crate::verify) fn put_some(draft: &mut Draft, draw: &mut Draw) -> Vec<&'static str> {
    let share = draw.pick(&[15, 30, 50, 50, 70]).unwrap_or(50);
    let chosen: Vec<Feature> = all().filter(|_| draw.percent(share)).collect();
    for feature in &chosen {
        match feature.add {
            Add::Part(put) => put(draft, draw),
            Add::Axis(axis) => draft.axes.push(axis),
        }
    }
    if draft.steps.is_empty() && draft.groups.is_empty() {
        walks::honest(draft, draw);
    }
    chosen.iter().map(|f| f.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn features_have_names_of_their_own() {
        let names: Vec<&str> = all().map(|f| f.name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    }
}

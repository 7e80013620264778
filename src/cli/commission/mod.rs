//! `apbrig commission`: the acceptance test of a site, simulated or at a rig.

mod files;
mod run;
mod told;

pub(super) use run::commission;

//! `apbrig commission`: the acceptance test of a site, simulated or at a rig.

mod files;
mod run;
mod told;
mod typed;

pub(super) use run::commission;

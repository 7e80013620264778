//! Hardware in the loop: lines, protocols against real peers, emulators, the rig.

mod line;
mod rig;
mod soak;

//! A rig: its file, its lines at work, and what can be asked of it.
//!
//! | file | what it is |
//! |---|---|
//! | `plan`, `read`, `read_device` | a rig, and its file |
//! | `protocol` | the ends of the protocols that its lines speak |
//! | `bench` | its lines at work, on a thread of their own |
//! | `far_end`, `emulator` | emulated devices at the far end of a line |
//! | `far_panel` | an emulated panel there |
//! | `at_site` | which reader and which gate of a site each device is |
//! | `duty` | our controller at work on a rig |
//! | `survey`, `latency` | which devices answer; how long things take |
//! | `act` | what people do at emulated devices, as lines of text |

mod act;
mod at_site;
mod bench;
mod duty;
mod emulator;
mod far_end;
mod far_panel;
#[cfg(test)]
pub(crate) mod fixture;
mod latency;
mod plan;
mod protocol;
mod read;
mod read_device;
mod survey;

pub use act::{Act, HELP, read_act};
pub use at_site::{AtSite, Spot};
pub use bench::{Bench, Setting};
pub use duty::{Duty, Event};
pub use emulator::{Emulator, Model, Seen, Stimulus};
pub use latency::{Course, Measured, Sample, latency, samples_of};
pub use plan::{Channel, DevicePlan, FarEnd, KeyPlace, LinePlan, Place, Protocol, Registers, Rig};
pub use read::load;
pub use survey::{Found, Survey, survey};

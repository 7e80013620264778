//! OSDP (Open Supervised Device Protocol, IEC 60839-11-5): a control panel and emulated readers.
//!
//! | file or folder | what it is |
//! |---|---|
//! | [`codec`] | frames, packets and the secure channel, on top of the crate `osdp`; only this folder names it |
//! | `key` | keys of the secure channel, shown nowhere |
//! | `settings` | what either end is told |
//! | [`control_panel`] | the host: polls readers, takes orders, reports cards, each exactly once |
//! | [`peripheral`] | the device: one or several emulated readers, with misbehaviour on request |
//! | `lamp` | what lamps and tones mean, the same at both ends |

pub mod codec;
pub mod control_panel;
mod key;
mod lamp;
pub mod peripheral;
mod settings;
#[cfg(test)]
mod wire_tests;
mod words;

pub use codec::Check;
pub use control_panel::ControlPanel;
pub use key::{Key, KeyError};
pub use peripheral::{Misbehaviour, Peripheral};
pub use settings::{
    BadDevices, Colour, Device, Identity, MAX_ADDRESS, PanelSettings, PeripheralSettings, Reader,
    ReaderSecurity, Security, fresh_seed,
};
pub use words::describe;

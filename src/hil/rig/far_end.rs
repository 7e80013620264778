//! The emulated devices of a line.

use super::bench::Setting;
use super::emulator::{Emulator, Model};
use super::plan::{DevicePlan, LinePlan};
use super::protocol;
use crate::hil::capability::Capability;
use crate::hil::emulate::{Firmware, Gate, GateModel, Reader, ReaderModel};

/// The devices of a line, with models behind them as far as nobody else speaks for them.
///
/// # Errors
/// The protocol cannot be emulated with these devices.
pub(super) fn devices(line: &LinePlan, setting: &Setting) -> Result<Emulator, String> {
    let models = line.devices.iter().map(|device| model(line, device, setting)).collect();
    Ok(Emulator::new(protocol::device(line)?, models))
}

fn model(line: &LinePlan, device: &DevicePlan, setting: &Setting) -> Model {
    let own_logic = protocol::capabilities(line, device).has(Capability::Passed);
    let gate = device.gate.as_ref().filter(|_| own_logic || !setting.spoken_for).map(|name| {
        let site = setting.site.as_ref();
        let lane = site.and_then(|site| site.lanes.iter().find(|lane| lane.name == *name));
        Gate::new(&GateModel {
            firmware: firmware(own_logic),
            free_stands_open: true,
            ..lane.map(GateModel::of).unwrap_or_default()
        })
    });
    let reader = device
        .reader
        .as_ref()
        .filter(|_| !setting.spoken_for)
        .map(|_| Reader::new(&ReaderModel { format: device.format, ..ReaderModel::default() }));
    Model { gate, reader }
}

fn firmware(own_logic: bool) -> Firmware {
    if own_logic { Firmware::Own } else { Firmware::None }
}

//! The ends of the protocols that a rig's lines speak.

use super::plan::{Channel, DevicePlan, KeyPlace, LinePlan, Place, Protocol, Registers};
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::contacts::{Contact, DeviceSide, HostSide, Wiring};
use crate::hil::driver::{Driver, Unit};
use crate::hil::frames::{self, Station};
use crate::hil::line::Address;
use crate::hil::message::{Order, Report};
use crate::hil::modbus::{self, Board, Framing, Master, Slave, Timing};
use crate::hil::osdp::{
    ControlPanel, Device, Key, PanelSettings, Peripheral, PeripheralSettings, Reader, ReaderSecurity,
    Security, fresh_seed,
};
use crate::hil::{manual, wiegand};
use std::sync::Arc;

/// The host's end of a line.
pub(super) type HostEnd = Box<dyn Driver<In = Order, Out = Report>>;

/// The device's end of a line.
pub(super) type DeviceEnd = Box<dyn Driver<In = Report, Out = Order>>;

/// The host's end of a line.
///
/// # Errors
/// What of its devices the protocol cannot be: addresses, keys that cannot be read.
pub(super) fn host(line: &LinePlan) -> Result<HostEnd, String> {
    let wrong = |why: String| format!("line {}: {why}", line.id);
    Ok(match &line.protocol {
        Protocol::Osdp { poll } => {
            let devices = line.devices.iter().map(osdp_device).collect::<Result<_, _>>().map_err(wrong)?;
            let settings = PanelSettings {
                line: line.settings,
                poll: *poll,
                seed: fresh_seed(),
                devices,
                ..PanelSettings::default()
            };
            let end = ControlPanel::new(settings).map_err(|error| wrong(error.to_string()))?;
            Box::new(HostSide::new(end, wirings(line)).map_err(wrong)?)
        }
        Protocol::Modbus { poll, answers_within } => {
            let framing = framing(line);
            let timing = Timing { period: *poll, reply: *answers_within, ..Timing::of(framing) };
            let end = Master::new(framing, timing, &modbus_devices(line)).map_err(wrong)?;
            Box::new(HostSide::new(end, wirings(line)).map_err(wrong)?)
        }
        Protocol::Board(board) => {
            let end = frames::Host::new(Arc::clone(board), &stations(line), line.settings);
            Box::new(end.map_err(wrong)?)
        }
        Protocol::Wiegand => Box::new(wiegand::Host::new(&wiegand_readers(line))),
        Protocol::Manual => Box::new(manual::Host::new(&posts(line))),
    })
}

/// The device's end of a line.
///
/// # Errors
/// As [`host`]; a protocol in which only people can be the devices.
pub(super) fn device(line: &LinePlan) -> Result<DeviceEnd, String> {
    let wrong = |why: String| format!("line {}: {why}", line.id);
    Ok(match &line.protocol {
        Protocol::Osdp { .. } => {
            let readers = line.devices.iter().map(osdp_reader).collect::<Result<_, _>>().map_err(wrong)?;
            let settings = PeripheralSettings {
                line: line.settings,
                seed: fresh_seed(),
                readers,
                ..PeripheralSettings::default()
            };
            let end = Peripheral::new(settings).map_err(|error| wrong(error.to_string()))?;
            Box::new(DeviceSide::new(end, wirings(line)).map_err(wrong)?)
        }
        Protocol::Modbus { .. } => {
            let end = Slave::new(framing(line), &modbus_devices(line)).map_err(wrong)?;
            Box::new(DeviceSide::new(end, wirings(line)).map_err(wrong)?)
        }
        Protocol::Board(board) => {
            let end = frames::Device::new(Arc::clone(board), &stations(line), line.settings);
            Box::new(end.map_err(wrong)?)
        }
        Protocol::Wiegand => Box::new(wiegand::Device::new(&wiegand_readers(line), fresh_start())),
        Protocol::Manual => return Err(wrong("what is done by hand cannot be emulated".into())),
    })
}

/// What a device can carry as it is wired; what a reader says about itself is known only when it answers.
pub(super) fn capabilities(line: &LinePlan, device: &DevicePlan) -> Capabilities {
    let wired = device.wiring.as_ref().map(Wiring::capabilities).unwrap_or_default();
    match &line.protocol {
        Protocol::Osdp { .. } => {
            let reader = Capabilities::of(&[
                Capability::Read,
                Capability::Show,
                Capability::Text,
                Capability::Tamper,
                Capability::PowerFail,
                Capability::Supervision,
            ]);
            let secure = device.channel != Channel::Plain;
            let own = if secure { reader.with(Capability::Secure) } else { reader };
            own.and(wired)
        }
        Protocol::Modbus { .. } => match modbus_device(device) {
            modbus::Device::Lot(_) => modbus::lot::capabilities(),
            modbus::Device::Board(board) => board.capabilities().and(wired),
        },
        Protocol::Board(board) => board.capabilities(),
        Protocol::Wiegand => wiegand_reader(device).capabilities(),
        Protocol::Manual => manual::capabilities(),
    }
}

/// The number of a dongle's start: another one each time, whatever the clock reads.
fn fresh_start() -> u32 {
    let [a, b, c, d, ..] = fresh_seed();
    u32::from_le_bytes([a, b, c, d])
}

fn wirings(line: &LinePlan) -> Vec<(Unit, Wiring)> {
    let devices = line.devices.iter().enumerate();
    devices.filter_map(|(unit, device)| Some((Unit::at(unit), device.wiring.clone()?))).collect()
}

fn key(place: &KeyPlace) -> Result<Key, String> {
    match place {
        // The error names the place.
        KeyPlace::File(path) => Key::from_file(path).map_err(|error| error.to_string()),
        KeyPlace::Env(name) => Key::from_variable(name).map_err(|error| error.to_string()),
    }
}

fn osdp_device(device: &DevicePlan) -> Result<Device, String> {
    let of = |why| format!("device {}: {why}", device.id);
    let security = match &device.channel {
        Channel::Plain => Security::Plain,
        Channel::Secure(place) => Security::Key(key(place).map_err(of)?),
        Channel::Install(place) => Security::Install(key(place).map_err(of)?),
    };
    Ok(Device { address: device.address, security, format: device.format, ..Device::default() })
}

fn osdp_reader(device: &DevicePlan) -> Result<Reader, String> {
    let of = |why| format!("device {}: {why}", device.id);
    let security = match &device.channel {
        Channel::Plain => ReaderSecurity::Plain,
        Channel::Secure(place) => ReaderSecurity::Key(key(place).map_err(of)?),
        Channel::Install(_) => ReaderSecurity::Install,
    };
    Ok(Reader { address: device.address, security, format: device.format, ..Reader::default() })
}

fn framing(line: &LinePlan) -> Framing {
    match &line.at {
        Place::At(Address::Tcp(_) | Address::Listen(_)) => Framing::Tcp,
        Place::At(Address::Serial(_) | Address::Pty(_)) | Place::Emulated | Place::Terminal => {
            Framing::Rtu(line.settings)
        }
    }
}

/// As many outputs and inputs as the wirings use.
fn modbus_devices(line: &LinePlan) -> Vec<modbus::Device> {
    line.devices.iter().map(modbus_device).collect()
}

fn modbus_device(device: &DevicePlan) -> modbus::Device {
    let all = |contacts: Vec<Contact>| contacts.iter().map(|c| u16::from(c.number) + 1).max().unwrap_or(0);
    let wired = device.wiring.as_ref();
    match device.registers {
        Registers::Lot => modbus::Device::Lot(device.address),
        Registers::Io(outputs, inputs) => modbus::Device::Board(Board {
            id: device.address,
            outputs: outputs.of(wired.map_or(0, |wiring| all(wiring.outputs()))),
            inputs: inputs.of(wired.map_or(0, |wiring| all(wiring.inputs()))),
        }),
    }
}

fn stations(line: &LinePlan) -> Vec<Station> {
    let station = |device: &DevicePlan| Station { address: device.address, turned: device.turned };
    line.devices.iter().map(station).collect()
}

fn wiegand_readers(line: &LinePlan) -> Vec<wiegand::Reader> {
    line.devices.iter().map(wiegand_reader).collect()
}

fn wiegand_reader(device: &DevicePlan) -> wiegand::Reader {
    wiegand::Reader { format: device.format, bare: device.bare }
}

fn posts(line: &LinePlan) -> Vec<manual::Post> {
    let post =
        |device: &DevicePlan| manual::Post { lane: device.gate.clone(), reader: device.reader.clone() };
    line.devices.iter().map(post).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::id::CardNumber;
    use crate::apb::time::Time;
    use crate::hil::driver::Outbox;
    use crate::hil::message::Read;
    use crate::hil::rig::fixture::desk;

    fn readers() -> LinePlan {
        desk().lines.swap_remove(0)
    }

    #[test]
    fn a_key_that_is_not_there_is_said_with_its_place_once() {
        let of = |place: KeyPlace| {
            let mut line = readers();
            line.devices[0].channel = Channel::Secure(place);
            host(&line).err().unwrap()
        };
        let why = of(KeyPlace::File("no/such/key".into()));
        assert_eq!(why.matches("no/such/key").count(), 1, "{why}");
        let why = of(KeyPlace::Env("APBRIG_NO_SUCH_KEY".into()));
        assert_eq!(why, "line readers: device R1e: environment variable APBRIG_NO_SUCH_KEY is not set");
    }

    #[test]
    fn a_dongle_that_is_started_anew_at_the_same_instant_is_told_from_the_one_before() {
        let line = LinePlan { protocol: Protocol::Wiegand, ..readers() };
        let mut host = host(&line).unwrap_or_else(|why| panic!("{why}"));
        let mut heard = Outbox::default();
        host.up(Time::ZERO, &mut heard);
        for _ in 0..2 {
            let (mut dongle, mut out) =
                (device(&line).unwrap_or_else(|why| panic!("{why}")), Outbox::default());
            dongle.up(Time::ZERO, &mut out);
            dongle.submit(Time::ZERO, Unit(0), Report::Read(Read::of(CardNumber(7))), &mut out);
            host.receive(Time(1_000), &out.frames.concat(), &mut heard);
        }
        assert_eq!(heard.messages.len(), 2, "{:?}", heard.notes);
    }
}

//! A small rig for tests.

use super::plan::{Channel, DevicePlan, FarEnd, LinePlan, Place, Protocol, Registers, Rig};
use crate::apb::time::Span;
use crate::hil::cable::CablePlan;
use crate::hil::line::Settings;
use crate::hil::message::CardFormat;
use crate::hil::translate::StalePolicy;

fn device(id: &str, address: u8) -> DevicePlan {
    DevicePlan {
        id: id.into(),
        address,
        reader: None,
        gate: None,
        wiring: None,
        registers: Registers::default(),
        turned: false,
        bare: false,
        format: CardFormat::H10301,
        channel: Channel::Plain,
        serial_number: String::new(),
        firmware: String::new(),
    }
}

fn line(id: &str, protocol: Protocol, devices: Vec<DevicePlan>) -> LinePlan {
    LinePlan {
        id: id.into(),
        at: Place::Emulated,
        settings: Settings { baud: 115_200, ..Settings::default() },
        protocol,
        far_end: FarEnd::Devices,
        devices,
        cable: CablePlan::default(),
    }
}

/// The reference lane's two readers on one line and its gate on another.
pub(crate) fn desk() -> Rig {
    let reader = |id: &str, address| DevicePlan { reader: Some(id.into()), ..device(id, address) };
    let gate = DevicePlan { gate: Some("L1".into()), ..device("G1", 1) };
    let modbus = Protocol::Modbus { poll: Span::millis(20), answers_within: Span::millis(300) };
    Rig {
        name: "Desk".into(),
        lines: vec![
            line(
                "readers",
                Protocol::Osdp { poll: Span::millis(20) },
                vec![reader("R1e", 1), reader("R1x", 2)],
            ),
            line("gates", modbus, vec![gate]),
        ],
        stale_reads: StalePolicy::Drop,
        panel: None,
    }
}

//! The targets by name, and where their corpus lies.

use super::exchange::{End, Heard, exercise, record};
use super::{files, pairs};

/// What is fuzzed: its name, the folder below `tests/hil/corpus`, what it does with bytes.
pub(crate) type Target = (&'static str, &'static str, fn(&[u8]));

/// Every target. A protocol has two, with one corpus between them: what goes to the host is not far from what
/// goes to the device, and what is another's is garbage.
pub(crate) const TARGETS: &[Target] = &[
    ("ds205a host", "ds205a", |bytes| pairs::at_board(End::Host, "ds205a", bytes)),
    ("ds205a device", "ds205a", |bytes| pairs::at_board(End::Device, "ds205a", bytes)),
    ("eb-xor host", "eb-xor", |bytes| pairs::at_board(End::Host, "eb-xor", bytes)),
    ("eb-xor device", "eb-xor", |bytes| pairs::at_board(End::Device, "eb-xor", bytes)),
    ("tpw-321asp host", "tpw-321asp", |bytes| pairs::at_board(End::Host, "tpw-321asp", bytes)),
    ("tpw-321asp device", "tpw-321asp", |bytes| pairs::at_board(End::Device, "tpw-321asp", bytes)),
    ("digicon host", "digicon-tx1500", |bytes| pairs::at_board(End::Host, "digicon-tx1500", bytes)),
    ("digicon device", "digicon-tx1500", |bytes| pairs::at_board(End::Device, "digicon-tx1500", bytes)),
    ("wiegand host", "wiegand", |bytes| exercise(End::Host, bytes, pairs::dongle())),
    ("wiegand device", "wiegand", |bytes| exercise(End::Device, bytes, pairs::dongle())),
    ("operator", "operator", pairs::operator),
    ("osdp panel", "osdp", |bytes| exercise(End::Host, bytes, pairs::osdp_open())),
    ("osdp reader", "osdp", |bytes| exercise(End::Device, bytes, pairs::osdp_open())),
    ("osdp secure panel", "osdp-secure", |bytes| exercise(End::Host, bytes, pairs::osdp_secure())),
    ("osdp secure reader", "osdp-secure", |bytes| exercise(End::Device, bytes, pairs::osdp_secure())),
    ("modbus rtu master", "modbus-rtu", |bytes| exercise(End::Host, bytes, pairs::modbus_rtu())),
    ("modbus rtu slave", "modbus-rtu", |bytes| exercise(End::Device, bytes, pairs::modbus_rtu())),
    ("modbus tcp master", "modbus-tcp", |bytes| exercise(End::Host, bytes, pairs::modbus_tcp())),
    ("modbus tcp slave", "modbus-tcp", |bytes| exercise(End::Device, bytes, pairs::modbus_tcp())),
    ("board file", "board-file", files::board),
    ("trace", "trace", files::trace),
    ("capture", "capture", files::capture),
    ("card", "card", files::card),
];

/// What makes the seeds of a protocol's corpus: a sound exchange.
pub(crate) const SEEDS: &[(&str, fn() -> Heard)] = &[
    ("ds205a", || record(pairs::board("ds205a"))),
    ("eb-xor", || record(pairs::board("eb-xor"))),
    ("tpw-321asp", || record(pairs::board("tpw-321asp"))),
    ("digicon-tx1500", || record(pairs::board("digicon-tx1500"))),
    ("wiegand", || record(pairs::dongle())),
    ("osdp", || record(pairs::osdp_open())),
    ("osdp-secure", || record(pairs::osdp_secure())),
    ("modbus-rtu", || record(pairs::modbus_rtu())),
    ("modbus-tcp", || record(pairs::modbus_tcp())),
];

/// Runs a target.
///
/// # Panics
/// If the target found something, or there is no such target.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(n, _, _)| *n == name);
    let (_, _, target) = found.unwrap_or_else(|| panic!("no target {name}"));
    target(bytes);
}

//! The devices of a rig file.

use super::plan::{Channel, DevicePlan, KeyPlace, Protocol, Registers};
use super::read::{Reading, unique};
use crate::hil::contacts::{Wiring, load_wiring, read_wiring};
use crate::hil::message::CardFormat;
use crate::hil::modbus::{read_inputs, read_outputs};
use crate::scenario::decode::{Fields, Log, Variant};
use crate::scenario::names::Names;
use crate::scenario::syntax::{Node, Value};
use crate::scenario::units;

/// Which protocols use a field of a device, in words; every other field belongs to all of them.
const BELONGS: [(&str, &str); 9] = [
    ("address", "OSDP, Modbus and boards with frames of their own"),
    ("channel", "OSDP"),
    ("format", "OSDP and Wiegand"),
    ("wiring", "OSDP and Modbus"),
    ("board", "Modbus"),
    ("outputs", "Modbus"),
    ("inputs", "Modbus"),
    ("turned", "boards with frames of their own"),
    ("bare", "Wiegand"),
];

/// Whether a field means something on a line of a protocol.
fn is_used(protocol: &Protocol, field: &str) -> bool {
    let uses: &[&str] = match protocol {
        Protocol::Osdp { .. } => &["address", "channel", "format", "wiring"],
        Protocol::Modbus { .. } => &["address", "wiring", "board", "outputs", "inputs"],
        Protocol::Board(_) => &["address", "turned"],
        Protocol::Wiegand => &["format", "bare"],
        Protocol::Manual => &[],
    };
    uses.contains(&field)
}

/// Notes every field that is given and would be ignored.
fn refuse_unused(fields: &Fields<'_>, protocol: &Protocol, log: &Log<'_>) {
    for (name, belongs) in BELONGS.into_iter().filter(|(name, _)| !is_used(protocol, name)) {
        let Some(node) = fields.get(name) else { continue };
        let found = format!("`{name}` means nothing on this line ({})", protocol.name());
        let help = match name {
            "channel" => "remove it: nothing that is said on this line is encrypted",
            "wiring" => "remove it, or put a board with relays and inputs between, on a line of its own",
            _ => "remove it",
        };
        log.note(node.head(), found, format!("only {belongs} have it"), help);
    }
}

impl Reading<'_> {
    pub(super) fn device(
        &self,
        node: &Node,
        protocol: Option<&Protocol>,
        names: &mut Names,
        log: &Log<'_>,
    ) -> Option<DevicePlan> {
        let fields = Fields::of(node, "a device", log)?;
        let id = fields.required("id", log, units::name);
        if let Some(id) = &id {
            unique(names, id, fields.get("id"), log);
        }
        if let Some(protocol) = protocol {
            refuse_unused(&fields, protocol, log);
        }
        let address = |node: &Node, log: &Log<'_>| units::whole(node, 0, 255, log);
        let address = fields.optional("address", log, address).and_then(|a| u8::try_from(a).ok());
        let reader = fields.optional("reader", log, units::name);
        let gate = fields.optional("gate", log, units::name);
        if reader.is_none() && gate.is_none() && !fields.gives("reader") && !fields.gives("gate") {
            let help = "add `reader: \"NAME\"` or `gate: \"LANE\"`, names of the site";
            log.note(fields.head, "a device that is nothing at the site", "a reader or a gate", help);
        }
        let wiring = fields.optional("wiring", log, |node, log| self.wiring(node, log));
        let registers = registers(&fields, log);
        if let Some(Protocol::Modbus { .. }) = protocol
            && registers != Registers::Lot
            && !fields.gives("wiring")
        {
            let help = "add `wiring: (a: (unlock: 0, pass: 0))` or `wiring: File(\"…\")`, or `board: Lot`";
            log.note(fields.head, "a board that nothing is wired to", "what hangs on it", help);
        }
        let format = fields.or("format", CardFormat::default(), log, card_format);
        let channel = fields.or("channel", Channel::Plain, log, |node, log| self.channel(node, log));
        let turned = fields.or("turned", false, log, units::boolean);
        let bare = fields.or("bare", false, log, units::boolean);
        let text = |name| fields.or(name, String::new(), log, units::text);
        let (serial_number, firmware) = (text("serial_number"), text("firmware"));
        fields.finish(log);
        let address = address.unwrap_or_default();
        Some(DevicePlan {
            id: id?,
            address,
            reader,
            gate,
            wiring,
            registers,
            turned,
            bare,
            format,
            channel,
            serial_number,
            firmware,
        })
    }

    /// A wiring as it stands there, or `File("perco.ron")`.
    fn wiring(&self, node: &Node, log: &Log<'_>) -> Option<Wiring> {
        match &node.value {
            Value::Struct(None, _) | Value::Unit => read_wiring(node, log),
            _ => {
                let variant = Variant::of(node, "a wiring", &["File"], log)?;
                let [inner] = variant.values::<1>("File(\"…\")", log)?;
                self.other(inner, "wiring", |path, files| load_wiring(path, files), log)
            }
        }
    }

    fn channel(&self, node: &Node, log: &Log<'_>) -> Option<Channel> {
        let variant = Variant::of(node, "a channel", &["Plain", "Secure", "Install"], log)?;
        if variant.name == "Plain" {
            return variant.bare(Channel::Plain, log);
        }
        let [key] = variant.values::<1>(&format!("{}(File(\"…\"))", variant.name), log)?;
        let key = self.key(key, log)?;
        Some(if variant.name == "Secure" { Channel::Secure(key) } else { Channel::Install(key) })
    }

    fn key(&self, node: &Node, log: &Log<'_>) -> Option<KeyPlace> {
        let variant = Variant::of(node, "where a key is kept", &["File", "Env"], log)?;
        let [inner] = variant.values::<1>(&format!("{}(\"…\")", variant.name), log)?;
        let text = units::text(inner, log)?;
        Some(match variant.name {
            "File" => KeyPlace::File(self.folder.join(text)),
            _ => KeyPlace::Env(text),
        })
    }
}

/// `board: Lot`, or where outputs and inputs lie.
fn registers(fields: &Fields<'_>, log: &Log<'_>) -> Registers {
    let lot = fields.or("board", false, log, |node, log| {
        Variant::of(node, "a board whose registers are known", &["Lot"], log)?.bare(true, log)
    });
    let usual = Registers::default();
    let (outputs, inputs) =
        (fields.optional("outputs", log, read_outputs), fields.optional("inputs", log, read_inputs));
    if !lot {
        let Registers::Io(usual_outputs, usual_inputs) = usual else { return usual };
        return Registers::Io(outputs.unwrap_or(usual_outputs), inputs.unwrap_or(usual_inputs));
    }
    for name in ["outputs", "inputs", "wiring"] {
        if let Some(node) = fields.get(name) {
            let found = format!("`{name}` of a turnstile with registers of its own");
            log.note(node.head(), found, "its maker says what lies where", "remove it, or remove `board`");
        }
    }
    Registers::Lot
}

/// `H10301` or `Raw(37)`.
fn card_format(node: &Node, log: &Log<'_>) -> Option<CardFormat> {
    let variant = Variant::of(node, "a card format", &["H10301", "Raw"], log)?;
    if variant.name == "H10301" {
        return variant.bare(CardFormat::H10301, log);
    }
    let [bits] = variant.values::<1>("Raw(37)", log)?;
    units::whole(bits, 1, 64, log).and_then(|bits| u16::try_from(bits).ok()).map(CardFormat::Raw)
}

#[cfg(test)]
mod tests {
    use super::super::plan::Rig;
    use super::super::read::load;
    use super::*;
    use crate::hil::modbus::{Inputs, Outputs};
    use crate::scenario::{RecordedFiles, Source};
    use std::path::Path;

    fn read(protocol: &str, device: &str) -> Result<Rig, String> {
        let rig = format!(
            "Rig(name: \"r\", lines: [(id: \"l\", at: Emulated, protocol: {protocol}, devices: [(id: \"d\", \
             gate: \"L1\", {device})])])"
        );
        let wiring = "Wiring(a: (unlock: 3, pass: 1), unlock: Level)";
        let files = [("r.ron", rig.as_str()), ("w.ron", wiring), ("bad.ron", "Wiring(unlokc: Level)")];
        let source = |(path, text): (&str, &str)| Source { path: path.into(), text: text.into() };
        let files = RecordedFiles(files.into_iter().map(source).collect());
        load(Path::new("r.ron"), &files).map_err(|wrong| wrong.render(false))
    }

    fn device(protocol: &str, device: &str) -> DevicePlan {
        let mut rig = read(protocol, device).unwrap_or_else(|wrong| panic!("{wrong}"));
        rig.lines.remove(0).devices.remove(0)
    }

    #[test]
    fn a_wiring_stands_in_the_rig_or_in_a_file() {
        let file = device("Modbus()", "wiring: File(\"w.ron\")");
        assert_eq!(device("Modbus()", "wiring: (a: (unlock: 3, pass: 1), unlock: Level)"), file);
        assert_eq!(device("Osdp()", "wiring: File(\"w.ron\")").wiring, file.wiring);
    }

    #[test]
    fn outputs_and_inputs_lie_where_the_rig_says() {
        let wired = "wiring: File(\"w.ron\")";
        assert_eq!(device("Modbus()", wired).registers, Registers::default());
        let words = "outputs: Words(first: 40, on: 256, off: 512), inputs: InputBits(first: 7)";
        let want = Registers::Io(
            Outputs::Words { first: 40, count: 0, on: 256, off: 512 },
            Inputs::InputBits { first: 7, count: 0 },
        );
        assert_eq!(device("Modbus()", &format!("{wired}, {words}")).registers, want);
        let bits = "outputs: Bits(first: 9), inputs: HoldingBits()";
        let want =
            Registers::Io(Outputs::Bits { first: 9, count: 0 }, Inputs::HoldingBits { first: 0, count: 0 });
        assert_eq!(device("Modbus()", &format!("{wired}, {bits}")).registers, want);
        assert_eq!(device("Modbus()", "board: Lot").registers, Registers::Lot);
    }

    #[test]
    fn what_a_protocol_does_not_use_is_no_setting_of_its_devices() {
        let secure = "channel: Secure(Env(\"KEY\"))";
        let wrong = [
            ("Modbus()", "board: Lot, channel: Secure(Env(\"KEY\"))", "nothing that is said on this line is"),
            ("Modbus()", "board: Lot, turned: true", "only boards with frames of their own have it"),
            ("Modbus()", "board: Lot, format: Raw(37)", "only OSDP and Wiegand have it"),
            ("Wiegand", secure, "`channel` means nothing on this line (Wiegand dongle)"),
            ("Wiegand", "wiring: File(\"w.ron\")", "only OSDP and Modbus have it"),
            ("Wiegand", "address: 3", "only OSDP, Modbus and boards"),
            ("Manual", "bare: true", "`bare` means nothing on this line (by hand)"),
            ("Osdp()", "outputs: Coils()", "only Modbus have it"),
            ("Osdp()", "board: Lot", "only Modbus have it"),
            ("Osdp()", "bare: false", "only Wiegand have it"),
            ("Modbus()", "board: Lot, wiring: File(\"w.ron\")", "its maker says what lies where"),
            ("Modbus()", "board: Lott", "did you mean `Lot`?"),
            ("Modbus()", "address: 1", "a board that nothing is wired to"),
            ("Modbus()", "wiring: Fiel(\"w.ron\")", "did you mean `File`?"),
            ("Modbus()", "wiring: File(\"x.ron\")", "wiring \"x.ron\": there is no such file"),
            ("Modbus()", "wiring: File(\"bad.ron\")", "did you mean `unlock`?"),
            ("Modbus()", "wiring: (), outputs: Words(on: 0)", "on and off are both written as 0"),
            ("Modbus()", "wiring: (), outputs: Coil(first: 1)", "did you mean `Coils`?"),
        ];
        for (protocol, device, part) in wrong {
            let shown = read(protocol, device).err().unwrap_or_default();
            assert!(shown.contains(part), "{protocol} {device}: {shown}");
        }
    }
}

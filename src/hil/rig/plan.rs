//! A rig: which devices hang on which lines, and what each of them is at the site.

use crate::apb::time::Span;
use crate::hil::cable::CablePlan;
use crate::hil::contacts::Wiring;
use crate::hil::frames::Board;
use crate::hil::line::{Address, Settings};
use crate::hil::message::CardFormat;
use crate::hil::modbus::{Inputs, Outputs};
use crate::hil::translate::StalePolicy;
use std::path::PathBuf;
use std::sync::Arc;

/// A bench of devices: the hardware map.
#[derive(Clone, Debug, PartialEq)]
pub struct Rig {
    /// What it is called.
    pub name: String,
    /// Its lines.
    pub lines: Vec<LinePlan>,
    /// What becomes of credentials that were read while the line was gone.
    pub stale_reads: StalePolicy,
    /// The policy of the panel that is emulated where an `Emulated` line leads to one, by a name of
    /// [`panel::names`](crate::hil::panel::names); `None`: as the site says.
    pub panel: Option<String>,
}

impl Rig {
    /// The same rig as the panel at its far end sees it: it is the host, and offers what we open.
    #[must_use]
    pub fn from_the_panel(&self) -> Self {
        let turned = |line: &LinePlan| LinePlan {
            at: match &line.at {
                Place::At(address) => Place::At(address.other_end()),
                other => other.clone(),
            },
            far_end: FarEnd::Devices,
            ..line.clone()
        };
        Self { lines: self.lines.iter().map(turned).collect(), ..self.clone() }
    }

    /// Every device, with its line.
    pub fn devices(&self) -> impl Iterator<Item = (&LinePlan, &DevicePlan)> {
        self.lines.iter().flat_map(|line| line.devices.iter().map(move |device| (line, device)))
    }
}

/// One line and what hangs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePlan {
    /// Its name in the rig.
    pub id: String,
    /// Where it is.
    pub at: Place,
    /// How it is set.
    pub settings: Settings,
    /// What is spoken on it.
    pub protocol: Protocol,
    /// Who is at the far end.
    pub far_end: FarEnd,
    /// What is at the far end, or, where that is a panel, what we play towards it.
    pub devices: Vec<DevicePlan>,
    /// What lies between the two ends of an emulated line.
    pub cable: CablePlan,
}

/// Where a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Somewhere real.
    At(Address),
    /// Its far end is emulated here: a pseudo-terminal, with a cable behind it.
    Emulated,
    /// The operator's terminal.
    Terminal,
}

/// Who is at the far end of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FarEnd {
    /// Gates and readers; we are their host.
    #[default]
    Devices,
    /// A panel under test; we play the gates and readers towards it.
    Panel,
}

/// What is spoken on a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Protocol {
    /// OSDP: readers, and what is wired to their inputs and outputs.
    Osdp {
        /// How often each reader is asked.
        poll: Span,
    },
    /// Modbus boards of relays and inputs; over TCP with its own header, else RTU.
    Modbus {
        /// How often inputs are read.
        poll: Span,
        /// How long a board may take to answer, beyond the time on the wire.
        answers_within: Span,
    },
    /// A gate board with frames of its own, described in a file.
    Board(Arc<Board>),
    /// A dongle that makes and hears Wiegand pulses.
    Wiegand,
    /// A person who does what is said and says what happens.
    Manual,
}

impl Protocol {
    /// The words for people.
    pub fn name(&self) -> &str {
        match self {
            Self::Osdp { .. } => "OSDP",
            Self::Modbus { .. } => "Modbus",
            Self::Board(board) => &board.title,
            Self::Wiegand => "Wiegand dongle",
            Self::Manual => "by hand",
        }
    }
}

/// One device.
#[derive(Clone, Debug, PartialEq)]
pub struct DevicePlan {
    /// Its name in the rig.
    pub id: String,
    /// Its address on the line.
    pub address: u8,
    /// The site's reader that it is, if it is one.
    pub reader: Option<String>,
    /// The site's lane whose gate it is, or is wired to, if it is.
    pub gate: Option<String>,
    /// What of the gate hangs on which of its inputs and outputs.
    pub wiring: Option<Wiring>,
    /// What its Modbus registers are.
    pub registers: Registers,
    /// Whether a gate board was built in the other way round.
    pub turned: bool,
    /// Whether a Wiegand dongle is of the simplest kind: it says what it reads and nothing else.
    pub bare: bool,
    /// How a credential's number is laid out.
    pub format: CardFormat,
    /// How its line is kept secret, where the protocol can.
    pub channel: Channel,
    /// What is written on it, for the certificate; empty: nothing known.
    pub serial_number: String,
    /// The version of its firmware, as far as it does not say so itself; empty: nothing known.
    pub firmware: String,
}

/// What the registers of a Modbus device are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registers {
    /// Outputs and inputs of a board. How many there are is not said: as many as are wired.
    Io(Outputs, Inputs),
    /// Those of a turnstile of LOT Group.
    Lot,
}

impl Default for Registers {
    /// What most boards have: coils and discrete inputs from address 0 on.
    fn default() -> Self {
        Self::Io(Outputs::Coils { first: 0, count: 0 }, Inputs::Discretes { first: 0, count: 0 })
    }
}

/// How what a device says is kept secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Channel {
    /// Not at all.
    #[default]
    Plain,
    /// With a key that both ends know.
    Secure(KeyPlace),
    /// The device is new: it is given this key over its installation mode, then as `Secure`.
    Install(KeyPlace),
}

/// Where a key is kept. Keys themselves are never in a rig file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// A file with 32 hexadecimal digits.
    File(PathBuf),
    /// An environment variable with 32 hexadecimal digits.
    Env(String),
}

//! apbrig: a simulator and hardware-in-the-loop test rig for anti-passback (APB) turnstiles.
//!
//! *The controller is a value, the world is a plugin, a gate is a pair of message types, a run is a record.*
//!
//! This page is the map. There is no logic here.
//!
//! # Layers
//!
//! | layer | what it is | may use |
//! |---|---|---|
//! | [`apb`] | the domain: decisions, beam logic, lanes, journal, panels and domains, real systems; no clock, no I/O | – |
//! | [`record`] | what a run leaves behind: observations, their file, their digest | `apb` |
//! | [`scenario`] | the language: sites, crowds, scripts, faults, expectations; errors with line and column | `apb` |
//! | [`metrics`] | from a record to numbers and a verdict | `apb`, `record`, `scenario` |
//! | `sim` | the world, headless, on Bevy: people, flaps, beams, readers | `apb`, `record`, `scenario` |
//! | `hil` | real gates, readers and panels on a line; protocols, emulators, the rig | `apb`, `scenario` |
//! | `commission` | the acceptance test of a site: plan, carrying out, outcome | `apb`, `scenario`, `hil` |
//! | `store` | what a live controller has on disk: its journal, tamper-evident, and how it goes on | `apb` |
//! | `verify` | random cases, oracles, shrinking; reference model, faulty controllers | `apb`, `record`, `scenario`, `metrics`, `sim` |
//! | `report` | from numbers to pages and charts; recomputes nothing | `apb`, `record`, `scenario`, `metrics`, `commission` |
//! | `oracle` | the controller as an oracle: lines in, decisions out; access logs replayed | `apb`, `scenario` |
//! | `cli` | the command line; the only layer that prints | all |
//!
//! Features mirror the layers: `sim`, `hil`, `commission`, `store`, `verify`, `report`, `oracle` and `cli`
//! (the default, which takes all the others) are optional, the rest is always there and builds without Bevy.
//! `sim` and `hil` are siblings that meet in `sim::port`. `tests/architecture` holds this table as data and
//! fails when an import breaks it. It also names the layer to come: `viewer` (the window).
//!
//! # One presentation, end to end
//!
//! ```text
//!  sim/crowd      a person decides to present a credential
//!  sim/lane       the reader reads it: FromLane { Read }
//!  sim/fault      may change what was read
//!  sim/control    Controller::handle(now, input, &mut effects)
//!  apb/panel      where several panels share a domain: who decides, whom to ask, what to do alone
//!  apb/decide     identity, validity, rights, factor, lockdown, anti-passback, occupancy, lane: one reason
//!  apb/lane       the grant waits in the lane: ToLane { Open }, with a deadline
//!  sim/lane       the flap opens, the body cuts beams: FromLane { Beam } at the exact instant
//!  apb/passage    bodies from edges: entered, passed, turned back, one too many
//!  apb/controller taken: only now does the ledger move; or not taken; or an alarm
//!  sim/network    what a panel reports to the host and the others hear, sooner or later or not at all
//!  sim/truth      beside all this, and unseen by it: who really went where
//!  record         inputs, entries, commands and truth, in order of time
//!  metrics        the join of truth and journal: detected, missed, false alarm; the verdict
//!  report         the page, the tables, the charts
//! ```
//!
//! # Words
//!
//! *credential* the card, phone or face template · *holder* the person it belongs to · *presentation* a
//! credential at a reader · *grant*, *deny* the decision · *release* the gate told to open · *passage* one
//! body through · *taken*, *not taken* what became of a grant · *violation* an anti-passback rule broken ·
//! *tailgating* a second body on one grant without consent, *piggybacking* with consent · *passback* a
//! credential used for a second person · *intrusion* a body without any grant · *area* what anti-passback
//! guards · *lane* one gate passage, with a reader for each way that asks for one · *occupancy* who is
//! believed inside · *muster* who is accounted for in an emergency · *panel* the box that decides for some
//! lanes · *rig*, *bench* the hardware under test

pub mod apb;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "commission")]
pub mod commission;
#[cfg(feature = "hil")]
pub mod hil;
pub mod metrics;
#[cfg(feature = "oracle")]
pub mod oracle;
pub mod record;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
#[cfg(feature = "sim")]
pub mod sim;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "verify")]
pub mod verify;

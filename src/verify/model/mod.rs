//! The reference model: a second, slow and obvious opinion on everything a controller decides.
//!
//! It was written from the specification, not from the controller, and shares nothing with it but the tables
//! of a site and the words of inputs, policies and reasons. It keeps what has happened as a plain list and
//! answers every question ("when did this holder last use this reader?") by reading that list. Whoever tests
//! a controller hands the same inputs to both and compares what they say.
//!
//! | part | what it is |
//! |---|---|
//! | [`Model`] | the state, and what is due at which time |
//! | [`Said`] | what it says about an input, in words that a journal can be translated into |
//! | `past` | the list of what has happened, and the questions that are answered from it |
//! | `ground` | which boundaries a lane crosses |
//! | `clock` | schedules and amnesties on the wall clock |
//! | `rule` | the nine rules |
//! | `judge` | the order of the checks |
//! | `company` | who has to come together |
//! | `room` | how many may be inside |
//! | `present` | what comes of a presentation |
//! | `queue` | grants waiting in lanes: whose turn it is, and until when |
//! | `gate` | what becomes of them: opened, passed, lapsed, late |
//! | `operate` | what operators and the fire alarm do |
//! | `people` | credentials and holders that change |
//!
//! It knows gates that report opened and passed
//! ([`Sensing::Signals`](crate::apb::site::Sensing::Signals)), and no beams.

mod clock;
mod company;
mod gate;
mod ground;
mod judge;
mod operate;
mod past;
mod people;
mod present;
mod queue;
mod room;
mod rule;
mod said;
mod state;

pub use said::Said;
pub use state::Model;

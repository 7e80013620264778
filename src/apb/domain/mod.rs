//! One anti-passback domain of several panels: who decides, what they tell each other, what holds when they
//! cannot reach each other.
//!
//! Panels and host are state machines like the controller: a time and an input go in, effects and messages
//! come out. Whoever drives them carries the messages, late, twice, out of order or not at all.
//!
//! ```text
//!  Panel  ── Upload: what was journalled here, numbered; Ask: may this holder pass? ──►  Host
//!         ◄── News: what is known of holders, numbered; Answer ──
//! ```
//!
//! Panels keep their records until the host has them. The host merges what all panels report of a holder in
//! order of the time at which it happened, and tells the result to every panel: the same records make the
//! same result, whatever way and however often they come.

mod event;
mod feed;
mod history;
mod host;
mod link;
mod members;
mod message;
mod rules;
mod watch;

pub use event::{Claim, DomainEvent};
pub(in crate::apb) use event::{concerns, is_own};
pub use history::{History, Resolved, Step};
pub use host::{Host, HostEffects, HostInput, HostSnapshot};
pub use members::{Letter, Members, MembersEffects};
pub use message::{Answer, Item, News, OpenGrant, Request, ToHost, ToPanel, Upload};
pub use rules::{Consistency, Domain, OnPartition};
pub use watch::DomainWatch;

//! All that names the crate `osdp`: frames, commands, replies, the secure channel. Another codec is put in
//! its place here and nowhere else.

mod frame;
mod packet;
mod session;

pub use frame::{Framer, MAX_FRAME, Piece};
pub use packet::{Block, Check, Packet};
pub(super) use packet::{Command, CommandCode, Reply, ReplyCode, WireError, nak, part};
pub(super) use session::{Channel, DEFAULT_KEY, Wrong};

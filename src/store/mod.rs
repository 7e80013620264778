//! What a live controller has on disk: a journal that shows every change made to it, and the way back from
//! it.
//!
//! [`Live`] is a controller with its journal. It withholds every command until the entries that led to it are
//! on disk, so that no gate ever opens on a grant that a power cut could make forgotten.
//!
//! # What is promised
//!
//! * *Write-ahead.* A command leaves [`Live::commit`] only after the transaction with its entries has been
//!   synced. If that fails no command leaves, and the live controller refuses everything until it is opened
//!   again from the disk: what reached the disk of a failed transaction cannot be known, only read.
//! * *All or nothing.* The entries of one commit are there after a crash all together or not at all, without
//!   gaps before them. What was committed before the crash stays.
//! * *Nobody is silently outside.* Whoever had a grant that the journal shows neither used nor lapsed is of
//!   unknown location after [`Live::open`], and an entry says so, itself durable before anything else
//!   happens.
//! * *Seen tampering.* An entry that is altered, removed, put in or moved, a checkpoint that is changed, and
//!   a tail that is cut off are found by [`Reader::verify`], and by opening if they come after the last
//!   checkpoint.
//! * *One writer.* A second live controller on the same file is refused. Readers are not, and hold nobody up.
//!
//! # What that rests on
//!
//! * SQLite's write-ahead log with `synchronous = FULL`: each commit is one append and one `fsync`, and a log
//!   that ends in torn or unsynced pages is cut back to its last whole commit.
//! * A file system and a disk that do not lie about `fsync`. A killed process loses nothing in any case; a
//!   power cut loses nothing that the disk has acknowledged. A disk with a volatile cache that ignores
//!   flushes keeps none of these promises.
//! * A file system with working `flock` for the one-writer rule (a local disk; not every network share).
//!   Should it fail, two writers still cannot fork the chain: each commit also requires the head to be as
//!   this writer left it, so one of the two fails.
//! * SHA-256. Every entry's hash covers its number, time, event and the hash before it; the first is bound to
//!   the site. Checkpoints are links of the same chain.
//!
//! What the chain alone cannot show: a forger who rewrites everything from some entry to the end, the head
//! included, has made another journal that is sound in itself. That is found only with a hash noted
//! elsewhere: [`Reader::verify`] takes one. Deleting the file leaves no trace in it either.

mod chain;
mod error;
mod file;
mod hash;
mod journal;
mod live;
mod lock;
mod reader;
mod reopen;
mod walk;

pub use chain::{Fault, Wrong};
pub use error::StoreError;
pub use hash::{BadHash, Hash};
pub use journal::Journal;
pub use live::Live;
pub use reader::{Reader, Stored, Verified};
pub use reopen::{Reopened, Reopening};

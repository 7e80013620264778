//! What panels and host say to each other. Any of it may come late, twice, out of order or never.

use crate::apb::controller::Verdict;
use crate::apb::id::{CardNumber, GrantId, HolderId, LaneId, ReaderId};
use crate::apb::input::Input;
use crate::apb::journal::Entry;
use crate::apb::ledger::Standing;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// From a panel to the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToHost {
    /// What happened at the panel; also the panel's beat.
    Upload(Box<Upload>),
    /// A question.
    Ask(Request),
}

/// From the host to a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToPanel {
    /// What is known now; also the host's beat.
    News(Box<News>),
    /// The answer to a question.
    Answer(Answer),
}

/// Records of a panel's log, and how far the panel is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// By the panel's clock.
    pub at: Time,
    /// The oldest record that the panel still has: what came before is with the host or lost.
    pub oldest: u64,
    /// The number of the first record in this message.
    pub from: u64,
    /// The records, without gaps.
    pub records: Vec<Entry>,
    /// The number of the next record that the panel will make: everything before it has happened.
    pub next: u64,
    /// How many bodies have passed each of the panel's lanes, `In` first, as of the last record in this
    /// message; none if that is not the panel's last record.
    pub counts: Vec<(LaneId, [u64; 2])>,
    /// What is known of holders whose records were lost.
    pub orphans: Vec<(HolderId, Standing)>,
    /// The grants that may still be used, as of the last record in this message; none if that is not the
    /// panel's last record.
    pub open: Vec<OpenGrant>,
    /// Questions before this one wait no more, as of the last record in this message.
    pub open_from: u64,
    /// The news that the panel has.
    pub have: u64,
    /// News are missing: the host is to send everything after `have` again.
    pub is_missing: bool,
}

/// A grant of a panel whose owner has not moved yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenGrant {
    /// The grant.
    pub grant: GrantId,
    /// Its owner.
    pub holder: HolderId,
    /// Where it was given.
    pub reader: ReaderId,
    /// Whether its time is over: it can only be taken late.
    pub has_lapsed: bool,
    /// The grant of the one who has to come along.
    pub partner: Option<GrantId>,
    /// Whether its owner has gone through, and waits for that one.
    pub has_gone: bool,
}

/// A question: may this credential pass here?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Counts up, for each panel on its own.
    pub number: u64,
    /// Where.
    pub reader: ReaderId,
    /// What was read.
    pub card: CardNumber,
    /// The card of the first of two, who has waited there and would go along.
    pub with: Option<CardNumber>,
    /// The host has to have the panel's records before this one: they are about the same holders.
    pub after: u64,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question's number.
    pub number: u64,
    /// What the host says. If it is `Ok` the host keeps the holder's place for the panel until the panel has
    /// told what became of it.
    pub verdict: Verdict,
    /// What it says about the first of two. `Ok`: the two go together, and the host keeps both places.
    /// Something else: that one has to present again. `None`: nobody goes along.
    pub first: Option<Verdict>,
    /// The host itself does not know everything: a panel is out of reach, and its rule for that was applied.
    pub is_degraded: bool,
}

/// What the host knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The next record of the panel that the host waits for.
    pub received: u64,
    /// Records are missing: the panel is to send everything from `received` on again.
    pub is_missing: bool,
    /// The panel needs all news up to this number to make use of these.
    pub base: u64,
    /// The number of the last of these news.
    pub upto: u64,
    /// The news with their numbers, ascending. Each says how it is now, so that older news about the same
    /// thing are left out.
    pub items: Vec<(u64, Item)>,
    /// Whether the host has all records of all panels.
    pub is_whole: bool,
}

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// What is known of a holder.
    Holder(HolderId, Box<Standing>),
    /// How many bodies have passed a lane, `In` first.
    Lane(LaneId, [u64; 2]),
    /// What an operator did.
    Order(Box<Input>),
}

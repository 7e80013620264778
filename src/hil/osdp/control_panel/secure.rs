//! Bringing the secure channel up, and giving a peripheral its key.

use super::seat::{Phase, Seat};
use crate::apb::time::Time;
use crate::hil::driver::{Note, Outbox};
use crate::hil::message::Report;
use crate::hil::osdp::codec::part::{Chlng, KeySet, SCrypt};
use crate::hil::osdp::codec::{Block, Channel, Command, DEFAULT_KEY, Wrong, nak};
use crate::hil::osdp::key::Key;
use crate::hil::osdp::settings::Security;
use rand::RngExt;
use rand::rngs::ChaCha20Rng;

/// The peripheral accepted our cryptogram.
const ACCEPTED: u8 = 1;

impl Seat {
    /// The key that the channel is brought up with, and its index: 0 for the one that everybody knows.
    fn key(&self) -> (Key, u8) {
        match &self.device.security {
            Security::Key(key) | Security::Install(key) if !self.common_key => (key.clone(), 1),
            Security::Plain | Security::Key(_) | Security::Install(_) => (DEFAULT_KEY, 0),
        }
    }

    pub(super) fn challenge(&mut self, rng: &mut ChaCha20Rng) -> (Command, Option<Block>) {
        let (key, index) = self.key();
        let random: [u8; 8] = rng.random();
        self.channel = Channel::challenge(&key, random);
        (Command::Chlng(Chlng::new(random)), Some(Block::Step(0x11, index)))
    }

    pub(super) fn prove(&self) -> (Command, Option<Block>) {
        (Command::SCrypt(SCrypt::new(self.cryptogram)), Some(Block::Step(0x13, self.key().1)))
    }

    pub(super) fn give(&self) -> Command {
        let bytes = match &self.device.security {
            Security::Key(key) | Security::Install(key) => key.bytes(),
            Security::Plain => DEFAULT_KEY.bytes(),
        };
        Command::KeySet(KeySet::scbk(bytes))
    }

    /// The peripheral's answer to our challenge.
    pub(super) fn take_client(
        &mut self,
        now: Time,
        block: Option<&Block>,
        data: &[u8],
        out: &mut Outbox<Report>,
    ) {
        let Some(Block::Step(0x12, index)) = block else {
            return self.refused_channel(now, "it answers a challenge with something else", out);
        };
        match self.channel.take_client(data) {
            Ok(cryptogram) => {
                self.cryptogram = cryptogram;
                self.go_on(Phase::Prove, now);
            }
            Err(Wrong::Key) if *index == 0 && !self.common_key => {
                self.refused_channel(now, "wrong key: it still has the key that everybody knows", out);
            }
            Err(Wrong::Key) => self.refused_channel(now, "wrong key: its answer was made with another", out),
            Err(Wrong::Step | Wrong::Code) => {
                self.refused_channel(now, "its answer to a challenge makes no sense", out);
            }
        }
    }

    /// The peripheral's last word.
    pub(super) fn take_last_word(
        &mut self,
        now: Time,
        block: Option<&Block>,
        data: &[u8],
        out: &mut Outbox<Report>,
    ) {
        let accepted = matches!(block, Some(Block::Step(0x14, ACCEPTED)));
        if !accepted || self.channel.take_last_word(data).is_err() {
            return self.refused_channel(now, "wrong key: it does not accept ours", out);
        }
        if self.common_key {
            return self.go_on(Phase::Give, now);
        }
        out.note(self.unit, Note::Secured);
        self.go_on(Phase::Greet, now);
    }

    /// The peripheral has its key: once more with that.
    pub(super) fn key_taken(&mut self, now: Time) {
        self.common_key = false;
        self.restart(now);
        self.due = now;
    }

    /// The peripheral says no while the channel is brought up.
    pub(super) fn channel_denied(&mut self, now: Time, code: u8, out: &mut Outbox<Report>) {
        let said = nak::name(code);
        match self.phase {
            Phase::Prove => self.refused_channel(now, format!("wrong key: it says {said}"), out),
            Phase::Give => self.refused_channel(now, format!("it does not take a key: {said}"), out),
            _ => self.refused_channel(now, format!("it has no secure channel for us: {said}"), out),
        }
    }

    fn refused_channel(&mut self, now: Time, why: impl Into<String>, out: &mut Outbox<Report>) {
        let installs = matches!(self.device.security, Security::Install(_));
        if installs && !self.common_key {
            // It may have no key of its own yet.
            self.common_key = true;
            self.restart(now);
            self.due = now;
            return;
        }
        self.common_key = false;
        self.fail(now, why, out);
    }
}

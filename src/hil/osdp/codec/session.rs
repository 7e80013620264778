//! The secure channel (OSDP 2.2, annex D): bringing it up from either end, sealing and opening frames.

use super::super::key::Key;
use super::packet::Packet;
use ::osdp::packet::{MAC_LEN, ParsedPacket, Scb};
use ::osdp::reply::CCrypt;
use ::osdp::secure::crypto::{SessionKeys, client_cryptogram};
use ::osdp::secure::{Challenged, Cryptogrammed, Direction, SCBK_D, Secure, Session, unseal};

/// The key that every device has before it is given one of its own (annex D.8).
pub(in super::super) const DEFAULT_KEY: Key = Key::new(SCBK_D);

/// Why a step of the secure channel failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Wrong {
    /// What arrived is none of this step.
    Step,
    /// The other end has another key.
    Key,
    /// The authentication code, or the padding of what was encrypted.
    Code,
}

/// How far one end has got with the secure channel.
///
/// Cloned to be able to go back by one exchange when the other end did not get our last frame.
#[derive(Clone, Default)]
pub(in super::super) enum Channel {
    /// There is none.
    #[default]
    Closed,
    /// Challenge sent, cryptogram awaited (control panel).
    Challenged(Session<Challenged>),
    /// Both know the session's keys; the last word is awaited.
    Proving(Session<Cryptogrammed>),
    /// Up.
    Open(Session<Secure>),
}

impl Channel {
    /// Whether it is up.
    pub(in super::super) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// Control panel: begins with a challenge of eight random bytes.
    pub(in super::super) fn challenge(key: &Key, random: [u8; 8]) -> Self {
        Self::Challenged(Session::new(key.bytes()).challenge(random))
    }

    /// Control panel: takes the peripheral's cryptogram; ours, to send.
    ///
    /// # Errors
    /// None was awaited, it is none, or the peripheral has another key.
    pub(in super::super) fn take_client(&mut self, data: &[u8]) -> Result<[u8; 16], Wrong> {
        let Self::Challenged(session) = std::mem::take(self) else { return Err(Wrong::Step) };
        let answer = CCrypt::decode(data).map_err(|_| Wrong::Step)?;
        let session = session.receive_ccrypt(&answer).map_err(|_| Wrong::Key)?;
        let ours = session.server_cryptogram();
        *self = Self::Proving(session);
        Ok(ours)
    }

    /// Control panel: takes the peripheral's last word, which opens the channel.
    ///
    /// # Errors
    /// It was not awaited, is none, or the peripheral has another key.
    pub(in super::super) fn take_last_word(&mut self, data: &[u8]) -> Result<(), Wrong> {
        let Self::Proving(session) = std::mem::take(self) else { return Err(Wrong::Step) };
        let word = <[u8; 16]>::try_from(data).map_err(|_| Wrong::Step)?;
        *self = Self::Open(session.confirm_rmac_i(&word).map_err(|_| Wrong::Key)?);
        Ok(())
    }

    /// Peripheral: takes a challenge; what to answer.
    ///
    /// # Errors
    /// It is none.
    pub(in super::super) fn take_challenge(
        &mut self,
        key: &Key,
        challenge: &[u8],
        random: [u8; 8],
        id: [u8; 8],
    ) -> Result<Vec<u8>, Wrong> {
        *self = Self::Closed;
        let challenge = <[u8; 8]>::try_from(challenge).map_err(|_| Wrong::Step)?;
        let keys = SessionKeys::derive(&key.bytes(), &challenge);
        let ours = client_cryptogram(&keys.s_enc, &challenge, &random);
        let answer = CCrypt { cuid: id, rnd_b: random, client_cryptogram: ours };
        let session = Session::new(key.bytes()).challenge(challenge);
        *self = Self::Proving(session.receive_ccrypt(&answer).map_err(|_| Wrong::Key)?);
        answer.encode().map_err(|_| Wrong::Step)
    }

    /// Peripheral: takes the control panel's cryptogram, which opens the channel; the last word, to send.
    ///
    /// # Errors
    /// None was awaited, it is none, or the control panel has another key.
    pub(in super::super) fn take_server(&mut self, data: &[u8]) -> Result<[u8; 16], Wrong> {
        let Self::Proving(session) = std::mem::take(self) else { return Err(Wrong::Step) };
        let theirs = <[u8; 16]>::try_from(data).map_err(|_| Wrong::Step)?;
        if theirs != session.server_cryptogram() {
            return Err(Wrong::Key);
        }
        let word = session.initial_rmac();
        *self = Self::Open(session.confirm_rmac_i(&word).map_err(|_| Wrong::Key)?);
        Ok(word)
    }

    /// Puts a frame together and seals it: data encrypted if there is any. `None`: the channel is not up, or
    /// it cannot be a frame. A `spoilt` one carries a wrong authentication code.
    pub(in super::super) fn seal(&mut self, packet: &Packet, spoilt: bool) -> Option<Vec<u8>> {
        let Self::Open(session) = self else { return None };
        let encrypt = !packet.data.is_empty();
        let way = if packet.reply { Direction::PdToAcu } else { Direction::AcuToPd };
        let mut builder = packet.builder(Some(Scb::new(way.scs_for(encrypt), [])))?;
        if encrypt {
            builder.data = session.seal_data(&packet.data);
        }
        let sealed = builder.encode_with_mac(|bytes| {
            let code = session.mac(bytes);
            let mut sent = [0; MAC_LEN];
            sent.copy_from_slice(&code[..MAC_LEN]);
            sent[0] ^= u8::from(spoilt);
            sent
        });
        sealed.ok().filter(|frame| frame.len() <= super::MAX_FRAME)
    }

    /// The data of a sealed frame.
    ///
    /// # Errors
    /// The channel is not up, or the authentication code is wrong; the channel is as it was.
    pub(in super::super) fn open(&mut self, frame: &[u8]) -> Result<Vec<u8>, Wrong> {
        let Self::Open(session) = self else { return Err(Wrong::Step) };
        let (parsed, _) = ParsedPacket::parse(frame).map_err(|_| Wrong::Step)?;
        // Without data there is nothing to decrypt: some senders name the encrypted block all the same.
        if parsed.data.is_empty() {
            let code = parsed.mac.ok_or(Wrong::Step)?;
            let end = frame.len().checked_sub(MAC_LEN + trailer(&parsed)).ok_or(Wrong::Step)?;
            session.verify(&frame[..end], &code).map_err(|_| Wrong::Code)?;
            return Ok(Vec::new());
        }
        unseal(session, &parsed, frame).map_err(|_| Wrong::Code)
    }
}

fn trailer(parsed: &ParsedPacket<'_>) -> usize {
    if parsed.ctrl.use_crc() { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::super::packet::Check;
    use super::*;

    fn pair(panel_key: Key, device_key: Key) -> Result<(Channel, Channel), Wrong> {
        let mut panel = Channel::challenge(&panel_key, [1; 8]);
        let mut device = Channel::Closed;
        let answer = device.take_challenge(&device_key, &[1; 8], [2; 8], [3; 8])?;
        let ours = panel.take_client(&answer)?;
        let word = device.take_server(&ours)?;
        panel.take_last_word(&word)?;
        Ok((panel, device))
    }

    fn packet(reply: bool, check: Check, data: &[u8]) -> Packet {
        Packet { address: 3, reply, sequence: 1, check, block: None, code: Some(0x68), data: data.to_vec() }
    }

    #[test]
    fn what_one_end_seals_the_other_opens() {
        for check in [Check::Crc, Check::Checksum] {
            let (mut panel, mut device) = pair(Key::new([7; 16]), Key::new([7; 16])).unwrap();
            for data in [&b""[..], b"x", b"sixteen bytes 16", b"more than sixteen bytes"] {
                let frame = panel.seal(&packet(false, check, data), false).unwrap();
                assert!(data.len() < 5 || !frame.windows(data.len()).any(|w| w == data), "not encrypted");
                assert_eq!(device.open(&frame), Ok(data.to_vec()));
                let frame = device.seal(&packet(true, check, data), false).unwrap();
                assert_eq!(panel.open(&frame), Ok(data.to_vec()));
            }
        }
    }

    #[test]
    fn another_key_is_noticed_at_the_first_answer() {
        assert_eq!(pair(Key::new([7; 16]), Key::new([8; 16])).err(), Some(Wrong::Key));
    }

    #[test]
    fn a_spoilt_code_changes_nothing_and_the_next_frame_opens() {
        let (mut panel, mut device) = pair(DEFAULT_KEY, DEFAULT_KEY).unwrap();
        let mut other = panel.clone();
        let spoilt = panel.seal(&packet(false, Check::Crc, b"abc"), true).unwrap();
        assert_eq!(device.open(&spoilt), Err(Wrong::Code));
        let good = other.seal(&packet(false, Check::Crc, b"abc"), false).unwrap();
        assert_eq!(device.open(&good), Ok(b"abc".to_vec()));
        assert_eq!(device.open(&good), Err(Wrong::Code), "a frame opens once");
    }
}

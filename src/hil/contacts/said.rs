//! What one gate has to say.

use crate::hil::driver::{Note, Outbox, Unit};

/// What one gate has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said<T> {
    pub(super) messages: Vec<T>,
    pub(super) notes: Vec<Note>,
}

/// Lets a gate speak.
pub(super) fn with<T, R>(unit: Unit, out: &mut Outbox<T>, speak: impl FnOnce(&mut Said<T>) -> R) -> R {
    let mut said = Said { messages: Vec::new(), notes: Vec::new() };
    let result = speak(&mut said);
    said.notes.into_iter().for_each(|note| out.note(unit, note));
    said.messages.into_iter().for_each(|message| out.say(unit, message));
    result
}

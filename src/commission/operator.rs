//! The dialogue with whoever stands at the gate.
//!
//! The texts are made here; a terminal, or anything else that shows them and takes answers, is an
//! [`Operator`].

use super::phase::{Act, Phase};
use super::record::{Outcome, PhaseResult};
use super::stand::Trouble;
use crate::apb::time::Time;

/// Something a person has to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The act itself.
    pub act: Act,
    /// What, in plain words.
    pub instruction: String,
    /// What the stand has to say besides; may be empty.
    pub hint: String,
    /// What is expected to come of it.
    pub expected: Vec<String>,
    /// Whether it was told with the task before and follows on it at once, as walking on presenting: then it
    /// is shown, and nobody is kept from it by a question.
    pub at_once: bool,
}

/// What a person says to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done, or being done now.
    Done,
    /// It cannot or must not be done; why. The phase is skipped.
    Skip(String),
    /// Break off; what is done is kept.
    Stop,
}

/// What a person says to a question that no signal answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witnessed {
    /// It was so.
    Yes,
    /// It was not; what was seen instead.
    No(String),
    /// Nobody could tell; why.
    Unknown(String),
}

/// What is to happen after a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It stands as it is; go on.
    GoOn,
    /// Once more.
    Repeat,
    /// All phases of this place once more, from the first.
    RepeatPlace,
    /// It does not count; why.
    Skip(String),
    /// It passed by its measurements and failed all the same; why.
    Fail(String),
    /// Break off; what is done is kept.
    Stop,
}

/// Lets the stand go on for a moment while an answer is waited for, and hands out what was seen in it, in
/// words. Credentials are decided and deadlines expire in here and nowhere else: whoever waits for a person
/// calls it again and again.
///
/// # Errors
/// The stand itself is broken: the question is void.
pub type Meanwhile<'a> = dyn FnMut() -> Result<Vec<(Time, String)>, Trouble> + 'a;

/// Whoever stands at the gate.
pub trait Operator {
    /// Whether anybody is there to do what a stand cannot do by itself.
    fn is_there(&self) -> bool;

    /// Whether somebody wants to break off at once, whatever is going on.
    fn is_stopping(&self) -> bool {
        false
    }

    /// A phase begins: its place in the plan, from 1, and how many there are.
    fn begins(&mut self, nth: (usize, usize), place: &str, phase: &Phase);

    /// Has something done.
    fn perform(&mut self, task: &Task, meanwhile: &mut Meanwhile<'_>) -> Answer;

    /// A live signal.
    fn signal(&mut self, at: Time, text: &str);

    /// Asks whether something that was expected was so.
    fn witness(&mut self, expected: &str, meanwhile: &mut Meanwhile<'_>) -> Witnessed;

    /// A phase is over, for the so-manyeth time: what now?
    fn settle(&mut self, result: &PhaseResult, meanwhile: &mut Meanwhile<'_>) -> Next;
}

/// Nobody is there. What fails is repeated so often; a phase that passes then is flaky.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unattended {
    /// How often a phase is repeated that fails.
    pub repeats: u32,
}

impl Operator for Unattended {
    fn is_there(&self) -> bool {
        false
    }

    fn begins(&mut self, _: (usize, usize), _: &str, _: &Phase) {}

    fn perform(&mut self, task: &Task, _: &mut Meanwhile<'_>) -> Answer {
        Answer::Skip(format!("a person has to do this: {}", task.instruction))
    }

    fn signal(&mut self, _: Time, _: &str) {}

    fn witness(&mut self, _: &str, _: &mut Meanwhile<'_>) -> Witnessed {
        Witnessed::Unknown("nobody was there to see it".into())
    }

    fn settle(&mut self, result: &PhaseResult, _: &mut Meanwhile<'_>) -> Next {
        let is_bad = matches!(result.outcome, Outcome::Fail | Outcome::Error);
        if is_bad && result.attempts <= self.repeats { Next::Repeat } else { Next::GoOn }
    }
}

//! The operator at the terminal: what to do, what is expected, live signals, and what to make of the outcome.

use super::told::{outcome, shown};
use crate::apb::time::Time;
use crate::cli::batch::is_interrupted;
use crate::cli::screen::say;
use crate::commission::operator::{Answer, Next, Operator, Task, Witnessed};
use crate::commission::phase::Phase;
use crate::commission::record::{Outcome, PhaseResult};
use std::io::{BufRead, Write};

/// A person at a terminal; `I`: where the answers come from.
pub(super) struct Terminal<I> {
    input: I,
    /// Whether there is nobody any more: the input has ended.
    gone: bool,
}

impl<I: BufRead> Terminal<I> {
    pub(super) fn new(input: I) -> Self {
        Self { input, gone: false }
    }

    /// Asks until one of the answers is given: its first letter, or all of it, and what follows.
    fn ask(&mut self, question: &str, answers: &[(&str, &str)]) -> Option<(usize, String)> {
        let list: Vec<String> = answers.iter().map(|(word, what)| format!("{word} = {what}")).collect();
        loop {
            prompt(&format!("{question} [{}] ", list.join(", ")));
            let mut line = String::new();
            if is_interrupted() || !self.input.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                self.gone = true;
                return None;
            }
            let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            let fits = |(answer, _): &(&str, &str)| match word {
                "" => *answer == answers[0].0,
                word => answer.starts_with(word),
            };
            if let Some(index) = answers.iter().position(fits) {
                return Some((index, rest.trim().to_owned()));
            }
            say(&format!("`{word}` is none of them; Enter alone is {}", answers[0].0));
        }
    }

    /// Asks why, unless it has been said.
    fn why(&mut self, said: String, question: &str) -> String {
        if !said.is_empty() {
            return said;
        }
        prompt(&format!("{question} "));
        let mut line = String::new();
        let read = self.input.read_line(&mut line).is_ok_and(|bytes| bytes > 0);
        self.gone |= !read;
        match line.trim() {
            "" => "no reason given".into(),
            text => text.into(),
        }
    }
}

/// Prints without ending the line.
fn prompt(text: &str) {
    let mut out = anstream::stdout().lock();
    // A terminal that has gone away is noticed when it is read.
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

impl<I: BufRead> Operator for Terminal<I> {
    fn is_there(&self) -> bool {
        !self.gone
    }

    fn begins(&mut self, (number, count): (usize, usize), place: &str, phase: &Phase) {
        say(&format!("\n{number} of {count}  {place}: {}", phase.title()));
    }

    fn perform(&mut self, task: &Task) -> Answer {
        say(&format!("  Do:       {}", task.instruction));
        if !task.hint.is_empty() {
            say(&format!("            {}", task.hint));
        }
        for expected in &task.expected {
            say(&format!("  Expected: {expected}"));
        }
        if task.at_once {
            return Answer::Done;
        }
        let answers = [("go", "being done now"), ("skip", "cannot be done, and why"), ("quit", "break off")];
        match self.ask("  Press Enter, then do it", &answers) {
            Some((0, _)) => Answer::Done,
            Some((1, why)) => Answer::Skip(self.why(why, "  Why?")),
            Some(_) | None => Answer::Stop,
        }
    }

    fn signal(&mut self, at: Time, text: &str) {
        say(&format!("    {at}  {text}"));
    }

    fn witness(&mut self, expected: &str) -> Witnessed {
        say(&format!("  Look:     {expected}"));
        let answers =
            [("yes", "it was so"), ("no", "it was not, and what was"), ("unknown", "could not tell")];
        match self.ask("  Was it so?", &answers) {
            Some((0, _)) => Witnessed::Yes,
            Some((1, what)) => Witnessed::No(self.why(what, "  What was seen instead?")),
            Some((_, why)) => Witnessed::Unknown(self.why(why, "  Why not?")),
            None => Witnessed::Unknown("nobody answered".into()),
        }
    }

    fn settle(&mut self, result: &PhaseResult) -> Next {
        say(&shown(result));
        if is_interrupted() {
            return Next::Stop;
        }
        let good = matches!(result.outcome, Outcome::Pass | Outcome::Flaky | Outcome::Skipped);
        if good && result.outcome != Outcome::Skipped {
            // A pass needs no word; whoever saw something that no signal tells has the chance to say so.
            let answers = [
                ("go", "on"),
                ("repeat", "once more"),
                ("fail", "it was not right all the same, and why"),
                ("quit", "break off"),
            ];
            return match self.ask(&format!("  {}.", outcome(result.outcome)), &answers) {
                Some((0, _)) => Next::GoOn,
                Some((1, _)) => Next::Repeat,
                Some((2, why)) => Next::Fail(self.why(why, "  Why?")),
                Some(_) | None => Next::Stop,
            };
        }
        let answers = [
            ("go", "it stands"),
            ("repeat", "once more"),
            ("place", "everything at this place once more"),
            ("skip", "it does not count, and why"),
            ("quit", "break off"),
        ];
        match self.ask(&format!("  {}.", outcome(result.outcome)), &answers) {
            Some((0, _)) => Next::GoOn,
            Some((1, _)) => Next::Repeat,
            Some((2, _)) => Next::RepeatPlace,
            Some((3, why)) => Next::Skip(self.why(why, "  Why?")),
            Some(_) | None => Next::Stop,
        }
    }
}

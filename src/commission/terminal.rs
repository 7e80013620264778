//! The operator at a terminal: what to do, what is expected, live signals, and what to make of the outcome.

use super::operator::{Answer, Meanwhile, Next, Operator, Task, Witnessed};
use super::phase::Phase;
use super::record::{Outcome, PhaseResult};
use super::words::{outcome, shown};
use crate::apb::time::Time;
use std::io::Write;
use std::sync::mpsc::{Receiver, TryRecvError};

/// A person at a terminal; `W`: where the texts go.
#[derive(Debug)]
pub struct Terminal<W> {
    out: W,
    /// What is typed, line by line. Somebody else waits for it: here everything goes on meanwhile.
    typed: Receiver<String>,
    /// Whether somebody wants to break off at once.
    interrupted: fn() -> bool,
    /// Whether there is nobody any more: the input has ended.
    gone: bool,
}

impl<W: Write> Terminal<W> {
    /// A terminal that shows its texts here and takes these lines for answers; one that hangs up is one at
    /// which nobody is any more.
    pub fn new(out: W, typed: Receiver<String>, interrupted: fn() -> bool) -> Self {
        Self { out, typed, interrupted, gone: false }
    }

    fn say(&mut self, text: &str) {
        // A terminal that has gone away is noticed when it is read.
        let _ = writeln!(self.out, "{text}");
    }

    /// Prints without ending the line.
    fn prompt(&mut self, text: &str) {
        let _ = write!(self.out, "{text}").and_then(|()| self.out.flush());
    }

    /// The next line that is typed; `None`: nobody is there any more, or there is nothing to be asked.
    fn line(&mut self, prompt: &str, meanwhile: &mut Meanwhile<'_>) -> Option<String> {
        self.prompt(prompt);
        loop {
            if (self.interrupted)() {
                return None;
            }
            match self.typed.try_recv() {
                Ok(line) => return Some(line),
                Err(TryRecvError::Disconnected) => {
                    self.gone = true;
                    return None;
                }
                Err(TryRecvError::Empty) => {}
            }
            let signals = meanwhile().ok()?;
            if !signals.is_empty() {
                self.say("");
                for (at, text) in &signals {
                    self.signal(*at, text);
                }
                self.prompt(prompt);
            }
        }
    }

    /// Asks until one of the answers is given: its first letter, or all of it, and what follows.
    fn ask(
        &mut self,
        question: &str,
        answers: &[(&str, &str)],
        meanwhile: &mut Meanwhile<'_>,
    ) -> Option<(usize, String)> {
        let list: Vec<String> = answers.iter().map(|(word, what)| format!("{word} = {what}")).collect();
        loop {
            let line = self.line(&format!("{question} [{}] ", list.join(", ")), meanwhile)?;
            let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            let fits = |(index, (answer, _)): &(usize, &(&str, &str))| match word {
                "" => *index == 0,
                word => answer.starts_with(word),
            };
            if let Some((index, _)) = answers.iter().enumerate().find(fits) {
                return Some((index, rest.trim().to_owned()));
            }
            let first = answers.first().map_or("", |(answer, _)| *answer);
            self.say(&format!("`{word}` is none of them; Enter alone is {first}"));
        }
    }

    /// Asks why, unless it has been said.
    fn why(&mut self, said: String, question: &str, meanwhile: &mut Meanwhile<'_>) -> String {
        if !said.is_empty() {
            return said;
        }
        let line = self.line(&format!("{question} "), meanwhile).unwrap_or_default();
        match line.trim() {
            "" => "no reason given".into(),
            text => text.into(),
        }
    }
}

impl<W: Write> Operator for Terminal<W> {
    fn is_there(&self) -> bool {
        !self.gone
    }

    fn is_stopping(&self) -> bool {
        (self.interrupted)()
    }

    fn begins(&mut self, (number, count): (usize, usize), place: &str, phase: &Phase) {
        self.say(&format!("\n{number} of {count}  {place}: {}", phase.title()));
    }

    fn perform(&mut self, task: &Task, meanwhile: &mut Meanwhile<'_>) -> Answer {
        self.say(&format!("  Do:       {}", task.instruction));
        if !task.hint.is_empty() {
            self.say(&format!("            {}", task.hint));
        }
        for expected in &task.expected {
            self.say(&format!("  Expected: {expected}"));
        }
        if task.at_once {
            return Answer::Done;
        }
        let answers = [("go", "being done now"), ("skip", "cannot be done, and why"), ("quit", "break off")];
        match self.ask("  Press Enter, then do it", &answers, meanwhile) {
            Some((0, _)) => Answer::Done,
            Some((1, why)) => Answer::Skip(self.why(why, "  Why?", meanwhile)),
            Some(_) | None => Answer::Stop,
        }
    }

    fn signal(&mut self, at: Time, text: &str) {
        self.say(&format!("    {at}  {text}"));
    }

    fn witness(&mut self, expected: &str, meanwhile: &mut Meanwhile<'_>) -> Witnessed {
        self.say(&format!("  Look:     {expected}"));
        let answers =
            [("yes", "it was so"), ("no", "it was not, and what was"), ("unknown", "could not tell")];
        match self.ask("  Was it so?", &answers, meanwhile) {
            Some((0, _)) => Witnessed::Yes,
            Some((1, what)) => Witnessed::No(self.why(what, "  What was seen instead?", meanwhile)),
            Some((_, why)) => Witnessed::Unknown(self.why(why, "  Why not?", meanwhile)),
            None => Witnessed::Unknown("nobody answered".into()),
        }
    }

    fn settle(&mut self, result: &PhaseResult, meanwhile: &mut Meanwhile<'_>) -> Next {
        self.say(&shown(result));
        let question = format!("  {}.", outcome(result.outcome));
        if matches!(result.outcome, Outcome::Pass | Outcome::Flaky) {
            // A pass needs no word; whoever saw something that no signal tells has the chance to say so.
            let answers = [
                ("go", "on"),
                ("repeat", "once more"),
                ("fail", "it was not right all the same, and why"),
                ("quit", "break off"),
            ];
            return match self.ask(&question, &answers, meanwhile) {
                Some((0, _)) => Next::GoOn,
                Some((1, _)) => Next::Repeat,
                Some((2, why)) => Next::Fail(self.why(why, "  Why?", meanwhile)),
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
        match self.ask(&question, &answers, meanwhile) {
            Some((0, _)) => Next::GoOn,
            Some((1, _)) => Next::Repeat,
            Some((2, _)) => Next::RepeatPlace,
            Some((3, why)) => Next::Skip(self.why(why, "  Why?", meanwhile)),
            Some(_) | None => Next::Stop,
        }
    }
}

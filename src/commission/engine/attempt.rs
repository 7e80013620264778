//! One attempt at one phase.

use super::{LOOKS_EVERY, meanwhile};
use crate::apb::input::Leaf;
use crate::apb::policy::Commit;
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::commission::judge::Episode;
use crate::commission::measurement::{Grade, Measurement};
use crate::commission::operator::{Answer, Meanwhile, Operator, Task, Witnessed};
use crate::commission::phase::{Act, Check, Phase, Step};
use crate::commission::record::{LogLine, Outcome};
use crate::commission::stand::{Ability, Seen, Sighting, Stand, Trouble};
use crate::commission::words;

/// The lines of a phase's log beyond which the rest is counted only.
const LOG_MAX: usize = 400;

/// How long orders take to devices at most where nobody waits for what comes of them: polls of a slow line.
/// Assumed.
const LINGERS: Span = Span::seconds(1);

/// What came of one attempt.
pub(super) struct Attempt {
    pub(super) outcome: Outcome,
    /// What failed first, or why it was skipped; empty: it passed.
    pub(super) reason: String,
    pub(super) measurements: Vec<Measurement>,
    pub(super) log: Vec<LogLine>,
}

/// Why a phase ends before its last step.
enum End {
    Failed(String),
    Broken(Trouble),
    Skipped(String),
    Stopped,
}

impl From<Trouble> for End {
    fn from(trouble: Trouble) -> Self {
        Self::Broken(trouble)
    }
}

/// What went wrong first; but whoever breaks off breaks off.
fn worse(first: Result<(), End>, next: Result<(), End>) -> Result<(), End> {
    match (&first, &next) {
        (Ok(()), _) | (_, Err(End::Stopped)) => next,
        (Err(_), _) => first,
    }
}

/// Carries out a phase and puts the site back; `None`: the operator breaks off.
pub(super) fn carry_out(
    site: &Site,
    phase: &Phase,
    stand: &mut dyn Stand,
    operator: &mut dyn Operator,
) -> Option<Attempt> {
    let mut run = Run {
        site,
        phase,
        stand,
        operator,
        seen: vec![],
        measurements: vec![],
        log: vec![],
        questions: vec![],
    };
    let ended = run.steps();
    let began = !matches!(&ended, Err(End::Skipped(_))) || !run.log.is_empty();
    let back = if began { run.put_back(ended.is_err()) } else { Ok(()) };
    let (outcome, reason) = match (ended, back) {
        (Err(End::Stopped), _) | (_, Err(End::Stopped)) => {
            run.linger();
            return None;
        }
        (Err(End::Broken(trouble)), _) => (Outcome::Error, trouble.0),
        (Err(End::Failed(reason)), _) => (Outcome::Fail, reason),
        (Err(End::Skipped(reason)), _) => (Outcome::Skipped, reason),
        (Ok(()), Err(End::Broken(trouble))) => (Outcome::Error, format!("putting back: {}", trouble.0)),
        (Ok(()), Err(End::Failed(why) | End::Skipped(why))) => {
            (Outcome::Error, format!("putting back: {why}"))
        }
        (Ok(()), Ok(())) => run.passed(),
    };
    Some(Attempt { outcome, reason, measurements: run.measurements, log: run.log })
}

/// A phase on its way.
struct Run<'a> {
    site: &'a Site,
    phase: &'a Phase,
    stand: &'a mut dyn Stand,
    operator: &'a mut dyn Operator,
    /// Everything seen since the phase began.
    seen: Vec<Sighting>,
    measurements: Vec<Measurement>,
    log: Vec<LogLine>,
    /// What a person has to be asked, each with the number of its step.
    questions: Vec<(usize, &'a Check)>,
}

impl<'a> Run<'a> {
    fn steps(&mut self) -> Result<(), End> {
        self.feasible()?;
        // What happened before this phase is not its concern.
        let now = self.stand.now();
        self.stand.watch(now, &mut |_| false)?;
        self.stand.begin();
        let phase = self.phase;
        for (number, step) in (1_usize..).zip(&phase.steps) {
            self.step(number, step)?;
        }
        Ok(())
    }

    /// Nothing is begun that cannot be brought to its end.
    fn feasible(&self) -> Result<(), End> {
        if let Some(reason) = &self.phase.skip {
            return Err(End::Skipped(reason.clone()));
        }
        for act in self.phase.steps.iter().map(|s| &s.act).chain(&self.phase.restore) {
            match self.ability(act) {
                Ability::Cannot(why) => return Err(End::Skipped(why)),
                Ability::Person(_) if !self.operator.is_there() => {
                    let what = words::instruction(act, self.site);
                    return Err(End::Skipped(format!("a person has to do this: {what}")));
                }
                Ability::Person(_) | Ability::Itself => {}
            }
        }
        Ok(())
    }

    fn ability(&self, act: &Act) -> Ability {
        match act {
            Act::Wait(_) | Act::WaitSinceMove { .. } => Ability::Itself,
            _ => self.stand.can(act),
        }
    }

    fn step(&mut self, number: usize, step: &'a Step) -> Result<(), End> {
        let from = self.seen.len();
        let began = self.stand.now();
        let by_hand = self.perform(&step.act, &step.checks, Some(number - 1))?;
        let mut watched = Vec::new();
        for check in &step.checks {
            match self.stand.sees(check) {
                Ability::Itself => watched.push(check.clone()),
                Ability::Person(_) => {
                    // A gate that does not tell of alarms keeps nobody from hearing of alerts.
                    watched.extend(check.alerts_of());
                    self.questions.push((number, check));
                }
                Ability::Cannot(why) => {
                    let named = words::measured(check);
                    self.keep(number, vec![Measurement::unset(named, why)]);
                }
            }
        }
        let found = self.watch((&step.act, began, by_hand), &watched, from)?;
        let missing = found.iter().any(|m| m.grade == Grade::Fail && m.value.is_none());
        let measured = self.keep(number, found);
        // Whoever walks at once is not kept from it by a question.
        let walks = measured.is_none() && words::walks_after(&self.phase.steps, number - 1);
        let answered = if walks { None } else { self.answers()? };
        let failed = measured.or(answered);
        let Some(reason) = failed else { return Ok(()) };
        let places = [step.act.place(), Some(self.phase.place)];
        let excuse = places.into_iter().flatten().find_map(|place| self.stand.excuse(place));
        match excuse.filter(|_| missing) {
            Some(trouble) => Err(End::Broken(trouble)),
            None => {
                let what = words::instruction(&step.act, self.site);
                Err(End::Failed(format!("step {number}: {reason}. Done was: {what}")))
            }
        }
    }

    /// Puts the questions that are open; what failed first by their answers, in words.
    fn answers(&mut self) -> Result<Option<String>, End> {
        let questions = std::mem::take(&mut self.questions);
        let mut failed = None;
        for (number, check) in questions {
            let answer = self.ask(check)?;
            failed = failed.or(self.keep(number, vec![answer]));
        }
        Ok(failed)
    }

    /// Adds measurements under the step's number; what failed first, in words.
    fn keep(&mut self, number: usize, found: Vec<Measurement>) -> Option<String> {
        let mut failed = None;
        for one in found {
            if one.grade == Grade::Fail && failed.is_none() {
                let (value, limit) = words::measurement(&one);
                let value = if one.value.is_none() { "nothing was seen".into() } else { value };
                let note = if one.note.is_empty() { String::new() } else { format!(" ({})", one.note) };
                failed = Some(format!("{}: {value}, has to be {limit}{note}", one.title));
            }
            let name = self.unique(format!("{number}.{}", one.name));
            self.measurements.push(Measurement { name, ..one });
        }
        failed
    }

    /// Several leaves are measured in one step where a whole site moves.
    fn unique(&self, name: String) -> String {
        let is_free = |name: &String| self.measurements.iter().all(|m| m.name != *name);
        let numbered = (2_u32..).map(|n| format!("{name}-{n}"));
        std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or(name)
    }

    /// Does something, or has it done; when a person said to be doing it. `step` is its place among the
    /// steps.
    fn perform(&mut self, act: &Act, checks: &[Check], step: Option<usize>) -> Result<Option<Time>, End> {
        self.note(self.stand.now(), format!("> {}", words::instruction(act, self.site)));
        match (act, self.ability(act)) {
            (Act::Wait(span), _) => self.pass_time(self.stand.now() + *span).map(|()| None),
            (Act::WaitSinceMove { reader, commit, after, early }, _) => {
                let moves = |s: &&Sighting| match (&s.what, commit) {
                    (Seen::Taken { .. }, Commit::OnPassage) => true,
                    (Seen::Decision(line), Commit::OnGrant) => line.granted,
                    (Seen::Leaf { leaf, .. }, Commit::OnOpen) => *leaf == Leaf::Open,
                    _ => false,
                };
                let last = self.seen.iter().rev().find(moves).map_or(self.stand.now(), |s| s.at);
                let late = if *early == Span::ZERO { self.stand.precision() } else { Span::ZERO };
                let read = self.stand.read_time(*reader);
                self.pass_time((last + *after) - *early - read + late).map(|()| None)
            }
            (_, Ability::Itself) => {
                self.stand.act(act)?;
                Ok(None)
            }
            (_, Ability::Cannot(why)) => Err(End::Skipped(why)),
            (_, Ability::Person(hint)) => {
                let task = self.task(act, checks, (step, hint));
                match self.asked(|operator, meanwhile| operator.perform(&task, meanwhile))? {
                    Answer::Done => Ok(Some(self.stand.now())),
                    Answer::Skip(reason) => Err(End::Skipped(reason)),
                    Answer::Stop => Err(End::Stopped),
                }
            }
        }
    }

    /// What a person is told. Who has to walk at once after presenting is told so beforehand: the grant does
    /// not wait until they have read on.
    fn task(&self, act: &Act, checks: &[Check], (step, hint): (Option<usize>, String)) -> Task {
        let steps = &self.phase.steps;
        let alone = || words::instruction(act, self.site);
        let mut instruction = step.map_or_else(alone, |i| words::step_instruction(steps, i, self.site));
        if let Some(index) = step.filter(|i| words::walks_after(steps, *i)) {
            let next = words::step_instruction(steps, index + 1, self.site);
            instruction = format!("{instruction} Then at once: {next}");
        }
        let before = step.and_then(|i| i.checked_sub(1));
        let at_once = before.is_some_and(|i| words::walks_after(steps, i));
        let expected = checks.iter().map(|c| words::expectation(c, self.site)).collect();
        Task { act: act.clone(), instruction, hint, expected, at_once }
    }

    fn pass_time(&mut self, until: Time) -> Result<(), End> {
        self.take_in(until, &mut |_, _| false)
    }

    /// Watches until every check has something to say.
    fn watch(
        &mut self,
        (act, began, by_hand): (&Act, Time, Option<Time>),
        checks: &[Check],
        from: usize,
    ) -> Result<Vec<Measurement>, End> {
        let site = self.site;
        let episode = |seen: &[Sighting], now: Time| {
            let seen = seen.get(from..).unwrap_or_default();
            let of = Episode { site, act, began, by_hand, seen, now };
            let found: Vec<_> = checks.iter().map(|check| of.measure(check)).collect();
            let open = checks.iter().zip(&found).filter(|(_, found)| found.is_none());
            let until = open.map(|(check, _)| of.until(check)).max();
            (found, until)
        };
        loop {
            let now = self.stand.now();
            let (found, until) = episode(&self.seen, now);
            let Some(until) = until.filter(|until| *until > now) else {
                return Ok(found.into_iter().flatten().flatten().collect());
            };
            // What is seen may settle a check, or move the instant up to which another one is waited for.
            let moved = &mut |seen: &[Sighting], at: Time| episode(seen, at).1 != Some(until);
            self.take_in(until, moved)?;
        }
    }

    /// Takes in what is seen until an instant, or until enough is.
    fn take_in(&mut self, until: Time, enough: &mut dyn FnMut(&[Sighting], Time) -> bool) -> Result<(), End> {
        let (seen, log, operator, site) = (&mut self.seen, &mut self.log, &mut self.operator, self.site);
        let mut is_enough = false;
        while !is_enough {
            if operator.is_stopping() {
                return Err(End::Stopped);
            }
            let next = (self.stand.now() + LOOKS_EVERY).min(until);
            self.stand.watch(next, &mut |sighting| {
                let text = words::sighting(&sighting.what, site);
                operator.signal(sighting.at, &text);
                push(log, sighting.at, text);
                seen.push(sighting.clone());
                is_enough = enough(seen, sighting.at);
                is_enough
            })?;
            is_enough |= self.stand.now() >= until;
        }
        Ok(())
    }

    /// Asks the operator something. The stand goes on meanwhile: credentials are decided, and what is seen
    /// is this phase's as much as what is seen while nobody is asked.
    fn asked<T>(&mut self, ask: impl FnOnce(&mut dyn Operator, &mut Meanwhile<'_>) -> T) -> Result<T, End> {
        let (stand, seen, log, site) = (&mut *self.stand, &mut self.seen, &mut self.log, self.site);
        let mut trouble = None;
        let answer = ask(self.operator, &mut || {
            let went_on = meanwhile(site, stand, |sighting, text| {
                push(log, sighting.at, text.to_owned());
                seen.push(sighting.clone());
            });
            went_on.inspect_err(|why| trouble = Some(why.clone()))
        });
        trouble.map_or(Ok(answer), |why| Err(End::Broken(why)))
    }

    fn note(&mut self, at: Time, text: String) {
        push(&mut self.log, at, text);
    }

    /// Asks a person for what no signal tells.
    fn ask(&mut self, check: &Check) -> Result<Measurement, End> {
        let named = words::measured(check);
        let expected = words::expectation(check, self.site);
        Ok(match self.asked(|operator, meanwhile| operator.witness(&expected, meanwhile))? {
            Witnessed::Yes => Measurement::word(named, Some("seen".into()), "seen".into()),
            Witnessed::No(instead) => {
                Measurement::word(named, Some("not seen".into()), "seen".into()).saying(instead)
            }
            Witnessed::Unknown(why) => Measurement::unset(named, why),
        })
    }

    /// Puts the site back, as far as it goes: what cannot be done keeps nothing else from being done. After a
    /// failure nobody knows what is still granted: it gets time to lapse first. What went wrong first.
    fn put_back(&mut self, failed: bool) -> Result<(), End> {
        let mut back = Ok(());
        if failed {
            let lapse = |l: &crate::apb::site::Lane| l.timers.not_taken + l.timers.late_grace;
            let longest = self.site.lanes.iter().map(lapse).max().unwrap_or(Span::ZERO);
            back = self.pass_time(self.stand.now() + longest + Span::seconds(3));
        }
        let phase = self.phase;
        for act in &phase.restore {
            back = worse(back, self.perform(act, &[], None).map(drop));
        }
        back
    }

    /// Nothing is waited for any more, but what was ordered last has to reach the devices.
    fn linger(&mut self) {
        let until = self.stand.now() + LINGERS;
        // A stand that is broken carries nothing anyway.
        let _ = self.stand.watch(until, &mut |_| false);
    }

    /// A phase of which nothing could be seen has not passed.
    fn passed(&self) -> (Outcome, String) {
        let unset = self.measurements.iter().filter(|m| m.grade == Grade::Unset);
        let whys: Vec<&str> = unset.map(|m| m.note.as_str()).collect();
        if whys.is_empty() || whys.len() < self.measurements.len() {
            return (Outcome::Pass, String::new());
        }
        (Outcome::Skipped, format!("nothing of it can be seen: {}", whys.first().unwrap_or(&"")))
    }
}

/// Adds a line to a log that is not too long yet.
fn push(log: &mut Vec<LogLine>, at: Time, text: String) {
    match log.len() {
        n if n < LOG_MAX => log.push(LogLine { at_us: at.0, text }),
        LOG_MAX => log.push(LogLine { at_us: at.0, text: "(the rest is left out)".into() }),
        _ => {}
    }
}

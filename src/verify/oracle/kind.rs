//! The oracles by name, and what they say when something does not hold.

use super::{alternation, figures, fire, grants, replay, rest, truth, twins};
use crate::sim::Ended;
use crate::verify::panics::guarded;
use crate::verify::trial::Trial;
use serde::Serialize;
use std::fmt;

/// What an oracle is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the module's table says what each one says")]
pub enum Kind {
    Loads,
    Panics,
    Watch,
    Grants,
    Denials,
    Alternation,
    Replay,
    Twins,
    Fire,
    Truth,
    Figures,
    Rest,
    Repeat,
}

impl Kind {
    /// The stable word for this oracle.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loads => "loads",
            Self::Panics => "panics",
            Self::Watch => "watch",
            Self::Grants => "grants",
            Self::Denials => "denials",
            Self::Alternation => "alternation",
            Self::Replay => "replay",
            Self::Twins => "twins",
            Self::Fire => "fire",
            Self::Truth => "truth",
            Self::Figures => "figures",
            Self::Rest => "rest",
            Self::Repeat => "repeat",
        }
    }
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Which oracle says so.
    pub oracle: Kind,
    /// What it says.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.oracle.name(), self.what)
    }
}

/// What a single oracle makes of a run.
type Oracle = (Kind, fn(&Trial<'_>) -> Result<(), String>);

/// The oracles that read the record alone: they hold of any controller, however it is made.
const OF_JOURNAL: &[Oracle] =
    &[(Kind::Grants, grants::judge), (Kind::Alternation, alternation::judge), (Kind::Fire, fire::judge)];

/// Those that put the recorded inputs into a controller of their own.
const OF_REPLAY: &[Oracle] =
    &[(Kind::Denials, replay::judge_denials), (Kind::Replay, replay::judge), (Kind::Twins, twins::judge)];

/// The others that one run is enough for.
const OF_RUN: &[Oracle] =
    &[(Kind::Truth, truth::judge), (Kind::Figures, figures::judge), (Kind::Rest, rest::judge)];

/// Everything that does not hold of a run.
pub(in crate::verify) fn judge(trial: &Trial<'_>) -> Vec<Failure> {
    let broken = match &trial.ended {
        Ended::Broken(broken) => Some(Failure { oracle: Kind::Watch, what: broken.to_string() }),
        Ended::Finished(_) | Ended::Aborted(_) => None,
    };
    // A run that broke off has no end to judge.
    match broken {
        Some(broken) => vec![broken],
        // The panels of a domain watch themselves: what one of them does is no controller's own doing.
        None if trial.scenario.plan.site.domain.is_some() => ask(OF_RUN, trial),
        None => {
            let all = [OF_JOURNAL, OF_REPLAY, OF_RUN];
            all.into_iter().flat_map(|oracles| ask(oracles, trial)).collect()
        }
    }
}

/// Everything that does not hold of a run by its record alone.
pub(in crate::verify) fn judge_journal(trial: &Trial<'_>) -> Vec<Failure> {
    ask(OF_JOURNAL, trial)
}

fn ask(oracles: &[Oracle], trial: &Trial<'_>) -> Vec<Failure> {
    let answers = oracles.iter().map(|(kind, judge)| match guarded(|| judge(trial)) {
        Ok(Ok(())) => None,
        Ok(Err(what)) => Some(Failure { oracle: *kind, what }),
        Err(what) => Some(Failure { oracle: Kind::Panics, what }),
    });
    answers.flatten().collect()
}

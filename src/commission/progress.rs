//! What has been done so far, as JSON Lines: a head, then one line for each result, so that a commissioning
//! that was broken off goes on where it was.

use super::plan::Acceptance;
use super::record::PhaseResult;
use super::words::plan_text;
use crate::apb::site::Site;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// The name of this shape.
pub const SCHEMA: &str = "apbrig.commission-progress/2";

/// What is done, and where: what a progress is of.
#[derive(Clone, Copy, Debug)]
pub struct Undertaking<'a> {
    /// What is asked.
    pub plan: &'a Acceptance,
    /// Of which site.
    pub site: &'a Site,
    /// The rig, or the machine, it is done with.
    pub station: &'a str,
    /// Whether any of the site's devices are emulated.
    pub simulated: bool,
}

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    schema: String,
    site: String,
    /// A number that tells one plan from another.
    plan: u64,
    station: String,
    simulated: bool,
}

/// A text that is not what has been done of this plan.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgressError {
    /// The text does not begin with a head.
    #[error("line 1 is not the head of a commissioning's progress: {0}; begin a new file")]
    NoHead(String),
    /// It is of another site, or of the site as it was.
    #[error(
        "this is the progress of `{found}`, and the plan is another one: site, policies, rights or what is \
         asked for (--only) have changed; begin anew, for what was measured then is not what the plan \
         asks now"
    )]
    OtherPlan {
        /// The site it is of.
        found: String,
    },
    /// It was done with something else.
    #[error(
        "this was begun with {found}, and now it is {now}: a certificate is of one station; go on with the \
         one it was begun with, or choose another --out"
    )]
    OtherStation {
        /// What it was begun with.
        found: String,
        /// What is there now.
        now: String,
    },
    /// A line cannot be read.
    #[error("line {line} is no result of a phase: {message}; remove it, its phase will be carried out again")]
    BadLine {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

/// Writes the head. Called once, for a new file.
///
/// # Errors
/// The writer's.
pub fn begin(out: &mut dyn Write, of: &Undertaking<'_>) -> io::Result<()> {
    line(out, &head(of))
}

/// Writes one result.
///
/// # Errors
/// The writer's.
pub fn append(out: &mut dyn Write, result: &PhaseResult) -> io::Result<()> {
    line(out, result)
}

fn line(out: &mut dyn Write, what: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_string(what)?;
    text.push('\n');
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn head(of: &Undertaking<'_>) -> Head {
    Head {
        schema: SCHEMA.into(),
        site: of.plan.site.clone(),
        plan: fingerprint(&plan_text(of.plan, of.site)),
        station: of.station.into(),
        simulated: of.simulated,
    }
}

/// What something was done with, in words.
fn station(head: &Head) -> String {
    let how = if head.simulated { "emulated devices" } else { "real devices" };
    format!("station `{}` ({how})", head.station)
}

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The results in a text, in the order they were written. A last line without its line break was being
/// written when the power went, and is left out.
///
/// # Errors
/// The text is not the progress of this plan on this station.
pub fn read(text: &str, of: &Undertaking<'_>) -> Result<Vec<PhaseResult>, ProgressError> {
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut lines = whole.lines().enumerate();
    let first = lines.next().map_or("", |(_, line)| line);
    let found: Head = serde_json::from_str(first).map_err(|e| ProgressError::NoHead(e.to_string()))?;
    let wanted = head(of);
    if (&found.station, found.simulated) != (&wanted.station, wanted.simulated) {
        return Err(ProgressError::OtherStation { found: station(&found), now: station(&wanted) });
    }
    if found != wanted {
        return Err(ProgressError::OtherPlan { found: found.site });
    }
    let parsed = lines.filter(|(_, line)| !line.trim().is_empty()).map(|(index, line)| {
        let bad = |e: serde_json::Error| ProgressError::BadLine { line: index + 1, message: e.to_string() };
        serde_json::from_str(line).map_err(bad)
    });
    parsed.collect()
}

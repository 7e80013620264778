//! The axes on which access-control systems differ, as data: each with its name, values and meaning.
//!
//! [`set`] moves a site along one axis, so that the command line can try the same events under other
//! policies: `commit=on_grant`, `window=300s`. Axes of policies move every area of a site at once; `policy`
//! and those of occupancy and company move every area but the outside, those of lanes every lane. A site file
//! says the same area by area and lane by lane.

mod domain;
mod given;
mod policy;
mod site;

use super::names::{listed, nearest, suggestion};
use super::syntax::shortened;
use crate::apb::policy::Rule;
use crate::apb::site::SiteParts;
use given::Given;
pub use policy::named_policy;
use thiserror::Error;

/// One axis.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Its name on the command line.
    pub name: &'static str,
    /// The words among its values.
    pub words: &'static [&'static str],
    /// Its other values, described; empty: it has none but the words.
    pub form: &'static str,
    /// What holds in a site that says nothing. It is a value of the axis, unless it begins with `by `.
    pub default: &'static str,
    /// What it decides, in one line.
    pub meaning: &'static str,
    /// The rows of the table of differences in `scenarios/README.md` that it answers.
    pub rows: &'static [u8],
    set: fn(&mut SiteParts, &Given<'_>) -> Result<(), AxisError>,
}

impl Axis {
    /// Its values in words, as in ``"`holder`, `credential`"``.
    pub fn values(&self) -> String {
        let words = (!self.words.is_empty()).then(|| listed(self.words.iter().copied()));
        let form = (!self.form.is_empty()).then(|| self.form.to_owned());
        words.into_iter().chain(form).collect::<Vec<_>>().join(", ")
    }
}

/// Why a site was not moved.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AxisError {
    /// Not of the form `axis=value`.
    #[error("`{0}` sets nothing; write AXIS=VALUE, as in `commit=on_grant`")]
    Shape(String),
    /// There is no such axis.
    #[error("there is no axis `{name}`; {help}")]
    Unknown {
        /// What was written.
        name: String,
        /// The nearest axis, or all of them.
        help: String,
    },
    /// The axis has no such value.
    #[error("`{value}` is no value of the axis `{axis}`: expected {expected}{help}")]
    Value {
        /// The axis.
        axis: &'static str,
        /// What was written.
        value: String,
        /// What its values are.
        expected: String,
        /// The nearest value after `; `, or nothing.
        help: String,
    },
    /// The axis has no meaning for this site as it stands.
    #[error("the axis `{axis}` says nothing here: {why}")]
    Idle {
        /// The axis.
        axis: &'static str,
        /// Why, and what to do instead.
        why: &'static str,
    },
}

const COUNT: usize = policy::AXES.len() + site::AXES.len() + domain::AXES.len();

/// Every axis: those of policies, those of sites and lanes, those of domains.
pub const AXES: [Axis; COUNT] = joined(&[policy::AXES, site::AXES, domain::AXES]);

const fn joined(tables: &[&[Axis]]) -> [Axis; COUNT] {
    let mut all = [tables[0][0]; COUNT];
    let (mut table, mut row, mut i) = (0, 0, 0);
    while i < COUNT {
        if row == tables[table].len() {
            (table, row) = (table + 1, 0);
        }
        all[i] = tables[table][row];
        (row, i) = (row + 1, i + 1);
    }
    all
}

/// The axis of this name, if there is one.
pub fn named(name: &str) -> Option<&'static Axis> {
    const ALL: &[Axis] = &AXES;
    ALL.iter().find(|axis| axis.name == name)
}

/// Whether the axis of this name says how several panels decide together.
pub fn is_of_domains(name: &str) -> bool {
    domain::AXES.iter().any(|axis| axis.name == name)
}

/// Why the value of this axis changes nothing about this site as it stands, though a policy that is set later
/// may heed it; `None`: it counts, or has been refused.
pub fn idle(parts: &SiteParts, axis: &str) -> Option<&'static str> {
    let heeds = |heeds: fn(Rule) -> bool| parts.areas.iter().any(|area| heeds(area.policy.rule));
    match axis {
        "window" if !heeds(Rule::is_timed) => Some("no area has a timed rule"),
        "scope" if !heeds(|rule| rule == Rule::TimedCard) => Some("no area has the rule `timed_card`"),
        _ => None,
    }
}

/// Moves a site along an axis. Axes are applied in the order given: `outbound=same` means as inbound then.
///
/// # Errors
/// There is no such axis or value, or a name the site does not have, or the axis means nothing for this site.
/// The site is as it was.
pub fn set(parts: &mut SiteParts, axis: &str, value: &str) -> Result<(), AxisError> {
    let Some(found) = named(axis) else {
        let help = suggestion(axis, "axes", AXES.iter().map(|a| a.name));
        return Err(AxisError::Unknown { name: shortened(axis), help });
    };
    (found.set)(parts, &Given { axis: found, value: value.trim() })
}

/// Moves a site along an axis written `axis=value`.
///
/// # Errors
/// As [`set`], and if there is no `=`.
pub fn assign(parts: &mut SiteParts, written: &str) -> Result<(), AxisError> {
    match written.split_once('=') {
        Some((axis, value)) => set(parts, axis.trim(), value),
        None => Err(AxisError::Shape(shortened(written))),
    }
}

#[cfg(test)]
mod tests;

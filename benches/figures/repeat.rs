//! Taking a measurement several times, and what came of it as a row of a table.

use std::fmt;
use std::time::{Duration, Instant};

/// How often everything is measured.
pub(crate) const REPETITIONS: usize = 7;

/// A figure: what it is, its values by repetition, and what it is to reach.
pub(crate) struct Figure {
    name: String,
    unit: &'static str,
    values: Vec<f64>,
    target: &'static str,
}

impl Figure {
    pub(crate) fn new(
        name: impl Into<String>,
        unit: &'static str,
        values: Vec<f64>,
        target: &'static str,
    ) -> Self {
        let mut values = values;
        values.sort_by(f64::total_cmp);
        Self { name: name.into(), unit, values, target }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |i: usize| self.values.get(i).copied().unwrap_or(f64::NAN);
        let last = self.values.len().saturating_sub(1);
        let range = format!("{} - {}", shown(at(0)), shown(at(last)));
        let median = shown(at(last / 2));
        write!(f, "  {:<62} {median:>11}  {range:<21} {:<15} {}", self.name, self.unit, self.target)
    }
}

/// A number with three digits that count, thousands apart.
fn shown(value: f64) -> String {
    let digits = match value.abs() {
        v if v < 1.0 => 3,
        v if v < 10.0 => 2,
        v if v < 100.0 => 1,
        _ => 0,
    };
    let plain = format!("{value:.digits$}");
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(c);
    }
    fraction.map_or_else(|| grouped.clone(), |f| format!("{grouped}.{f}"))
}

/// How long something takes.
#[expect(clippy::disallowed_methods, reason = "a benchmark is about the wall clock")]
pub(crate) fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = what();
    (made, start.elapsed())
}

/// Measures a rate several times: `prepare` is not timed, `run` is and says how much it did.
pub(crate) fn rates<T>(mut prepare: impl FnMut() -> T, mut run: impl FnMut(&mut T) -> u64) -> Vec<f64> {
    let once = |_| {
        let mut prepared = prepare();
        let (count, took) = timed(|| run(&mut prepared));
        count as f64 / took.as_secs_f64()
    };
    (0..REPETITIONS).map(once).collect()
}

/// Numbers that look drawn by lot and are the same on every machine.
pub(crate) struct Lots(pub(crate) u64);

impl Lots {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = self.0 >> 32;
        u32::try_from((high * u64::from(end)) >> 32).unwrap_or(0)
    }
}

//! Measures by name, as the parts of the collector hand them in.

use super::interval::interval;
use super::quantile::nearest_rank;
use super::results::Measure;
use crate::apb::time::Span;
use std::collections::BTreeMap;

/// Measures by name.
#[derive(Debug, Default)]
pub(super) struct Measures(BTreeMap<String, Measure>);

impl Measures {
    /// A number of things.
    pub(super) fn count(&mut self, name: impl Into<String>, n: u64) {
        self.add(name, Some(n as f64), "1", None);
    }

    /// Passages per minute, if there were enough for a rate.
    pub(super) fn per_minute(&mut self, name: impl Into<String>, rate: Option<f64>) {
        self.add(name, rate, "1/min", None);
    }

    /// The value at this percentage of ascending times, in seconds.
    pub(super) fn quantile(&mut self, name: impl Into<String>, sorted: &[Span], percent: usize) {
        self.add(name, nearest_rank(sorted, percent).map(seconds), "s", None);
    }

    /// A length of time, in seconds.
    pub(super) fn time(&mut self, name: impl Into<String>, span: Span) {
        self.add(name, Some(seconds(span)), "s", None);
    }

    /// A rate with its confidence interval. More hits than trials still have a value, but no interval.
    pub(super) fn rate(&mut self, name: impl Into<String>, hits: u64, trials: u64) {
        let value = (trials > 0).then(|| hits as f64 / trials as f64);
        self.add(name, value, "ratio", interval(hits, trials));
    }

    /// Hands out the table.
    pub(super) fn into_table(self) -> BTreeMap<String, Measure> {
        self.0
    }

    fn add(
        &mut self,
        name: impl Into<String>,
        value: Option<f64>,
        unit: &'static str,
        range: Option<(f64, f64)>,
    ) {
        let (low, high) = range.unzip();
        self.0.insert(name.into(), Measure { value, unit, low, high });
    }
}

/// A span in seconds.
pub(super) fn seconds(span: Span) -> f64 {
    span.0 as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_no_trials_has_no_value() {
        let mut measures = Measures::default();
        measures.rate("none", 0, 0);
        measures.rate("half", 1, 2);
        measures.rate("odd", 3, 2);
        let table = measures.into_table();
        assert_eq!(table["none"], Measure { value: None, unit: "ratio", low: None, high: None });
        assert_eq!(table["half"].value, Some(0.5));
        assert!(table["half"].low.unwrap() < 0.5 && table["half"].high.unwrap() > 0.5);
        assert_eq!((table["odd"].value, table["odd"].low), (Some(1.5), None));
    }

    #[test]
    fn quantiles_are_seconds() {
        let mut measures = Measures::default();
        measures.quantile("p50", &[Span::millis(1_500)], 50);
        measures.quantile("empty", &[], 50);
        let table = measures.into_table();
        assert_eq!((table["p50"].value, table["p50"].unit), (Some(1.5), "s"));
        assert_eq!(table["empty"].value, None);
    }
}

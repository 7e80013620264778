//! What the crowd does beside what people were measured to do.

use serde::Serialize;

/// One figure of the simulation and the band it has to lie in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What it is.
    pub what: String,
    /// Where it stands on its part's axis, if that has one.
    pub at: Option<f64>,
    /// The simulated value.
    pub value: f64,
    /// Its unit; empty for a number of people or a ratio.
    pub unit: &'static str,
    /// The band: least and greatest accepted value; `None`: no limit on that side.
    pub band: (Option<f64>, Option<f64>),
    /// Where the band comes from.
    pub source: &'static str,
}

impl Figure {
    /// A figure with a band on both sides.
    pub fn within(
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        band: (f64, f64),
        source: &'static str,
    ) -> Self {
        let band = (Some(band.0), Some(band.1));
        Self { what: what.into(), at: None, value, unit, band, source }
    }

    /// A figure that is to be at most so much.
    pub fn at_most(
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        most: f64,
        source: &'static str,
    ) -> Self {
        Self { what: what.into(), at: None, value, unit, band: (None, Some(most)), source }
    }

    /// A figure that is to be at least so much.
    pub fn at_least(
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        least: f64,
        source: &'static str,
    ) -> Self {
        Self { what: what.into(), at: None, value, unit, band: (Some(least), None), source }
    }

    /// The same, on its part's axis.
    #[must_use]
    pub fn at(self, at: f64) -> Self {
        Self { at: Some(at), ..self }
    }

    /// Whether it lies in its band.
    pub fn is_met(&self) -> bool {
        self.band.0.is_none_or(|low| self.value >= low) && self.band.1.is_none_or(|high| self.value <= high)
    }
}

/// Figures that belong together: one experiment, or one test of a guideline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// A short name, as in the names of its files.
    pub name: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// How it is simulated and measured.
    pub how: &'static str,
    /// The titles of the axes of its chart, if it has one: what its figures stand over, and what they are.
    pub axes: Option<(&'static str, &'static str)>,
    /// The figures.
    pub figures: Vec<Figure>,
}

impl Part {
    /// Whether all figures lie in their bands.
    pub fn is_met(&self) -> bool {
        self.figures.iter().all(Figure::is_met)
    }
}

/// Everything that was held against experiments.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Validation {
    /// In the order in which they are shown.
    pub parts: Vec<Part>,
    /// Whether somebody stopped it: some parts are missing.
    pub interrupted: bool,
}

impl Validation {
    /// All figures, and those that miss their bands.
    pub fn count(&self) -> (usize, usize) {
        let figures = || self.parts.iter().flat_map(|p| &p.figures);
        (figures().count(), figures().filter(|f| !f.is_met()).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_has_both_its_ends_and_may_have_one() {
        let value = |value| Figure::within("flow", value, "1/s", (1.0, 2.0), "somebody");
        assert_eq!(
            [0.99, 1.0, 2.0, 2.01, f64::NAN].map(|v| value(v).is_met()),
            [false, true, true, false, false]
        );
        assert!(Figure::at_most("left", 0.0, "", 0.0, "").is_met());
        assert!(!Figure::at_most("left", 1.0, "", 0.0, "").is_met());
        assert!(Figure::at_least("through", 7.0, "", 7.0, "").is_met());
        assert!(!Figure::at_least("through", 6.0, "", 7.0, "").is_met());
    }
}

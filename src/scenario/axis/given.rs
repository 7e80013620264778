//! A value as it was written, and what it can be read as.

use super::{Axis, AxisError, nearest, shortened};
use crate::apb::time::Span;
use crate::scenario::units::parse_span;

/// The words of an axis that is on or off: those of site files, and those of the command line.
pub(super) const SWITCH: &[&str] = &["true", "false", "on", "off"];

/// What was written for an axis.
pub(super) struct Given<'a> {
    pub(super) axis: &'static Axis,
    pub(super) value: &'a str,
}

impl Given<'_> {
    /// The error that this is no value of the axis.
    pub(super) fn wrong(&self) -> AxisError {
        self.wrong_of(std::iter::empty())
    }

    /// The error that this is no value of the axis, which has these beside its words.
    pub(super) fn wrong_of(&self, others: impl Iterator<Item = &'static str>) -> AxisError {
        let words = self.axis.words.iter().copied();
        self.wrong_by(&self.axis.values(), nearest(self.value, words.chain(others)))
    }

    fn wrong_by(&self, expected: &str, near: Option<&str>) -> AxisError {
        AxisError::Value {
            axis: self.axis.name,
            value: shortened(self.value),
            expected: expected.to_owned(),
            help: near.map_or_else(String::new, |near| format!("; did you mean `{near}`?")),
        }
    }

    /// The error that the axis means nothing for this site.
    pub(super) fn idle(&self, why: &'static str) -> AxisError {
        AxisError::Idle { axis: self.axis.name, why }
    }

    /// Whether it is one of the axis's words.
    pub(super) fn is_word(&self) -> bool {
        self.axis.words.contains(&self.value)
    }

    /// What the word stands for: the values in the order of the words.
    pub(super) fn pick<T: Copy, const N: usize>(&self, values: [T; N]) -> Result<T, AxisError> {
        let position = self.axis.words.iter().position(|word| *word == self.value);
        position.and_then(|i| values.get(i)).copied().ok_or_else(|| self.wrong())
    }

    /// Whether an axis of [`SWITCH`] is on.
    pub(super) fn switch(&self) -> Result<bool, AxisError> {
        self.pick([true, false, true, false])
    }

    /// A length of time, which may be zero.
    pub(super) fn span(&self) -> Result<Span, AxisError> {
        self.span_from(Span::ZERO)
    }

    fn span_from(&self, least: Span) -> Result<Span, AxisError> {
        let too_short = || self.wrong_by(&format!("{}, more than zero", self.axis.values()), None);
        if let Ok(span) = parse_span(self.value) {
            return if span < least { Err(too_short()) } else { Ok(span) };
        }
        // A bare number is one of seconds, most likely.
        let is_bare = self.value.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let seconds = format!("{}s", self.value);
        Err(match parse_span(&seconds) {
            Ok(span) if is_bare && span < least => too_short(),
            Ok(_) if is_bare => self.wrong_by(&self.axis.values(), Some(&seconds)),
            _ => self.wrong(),
        })
    }

    /// A length of time of more than zero; `None`: a word.
    pub(super) fn span_or_word(&self) -> Result<Option<Span>, AxisError> {
        if self.is_word() {
            return Ok(None);
        }
        self.span_from(Span(1)).map(Some)
    }

    /// A whole number between two limits, both included.
    pub(super) fn whole<T: TryFrom<u32>>(&self, low: u32, high: u32) -> Result<T, AxisError> {
        let number = self.value.parse::<u32>().ok().filter(|n| (low..=high).contains(n));
        number.and_then(|n| T::try_from(n).ok()).ok_or_else(|| self.wrong())
    }

    /// A whole number between two limits; `None`: a word.
    pub(super) fn whole_or_word<T: TryFrom<u32>>(&self, low: u32, high: u32) -> Result<Option<T>, AxisError> {
        if self.is_word() { Ok(None) } else { self.whole(low, high).map(Some) }
    }

    /// The positions of names in a list, commas between them. `kinds` are what they name.
    pub(super) fn names<'n>(
        &self,
        kinds: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<Vec<usize>, AxisError> {
        let position = |name: &str| {
            known.clone().position(|k| k == name).ok_or_else(|| {
                let near = nearest(name, known.clone());
                Given { axis: self.axis, value: name }.wrong_by(&format!("{kinds} of the site"), near)
            })
        };
        self.value.split(',').map(|name| position(name.trim())).collect()
    }

    /// The position of one name.
    pub(super) fn name<'n>(
        &self,
        kinds: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<usize, AxisError> {
        match self.names(kinds, known)?.as_slice() {
            [one] => Ok(*one),
            _ => Err(self.wrong()),
        }
    }
}

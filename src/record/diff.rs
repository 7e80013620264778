//! Where two runs part: the first observation that is not the same in both.

use super::observation::Observation;
use std::fmt;

/// The first difference between two streams of observations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How many observations are the same before it.
    pub index: u64,
    /// What was expected; `None`: the end.
    pub expected: Option<Observation>,
    /// What came; `None`: the end.
    pub found: Option<Observation>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |side: &Option<Observation>| match side {
            Some(observation) => format!("at {}: {:?}", observation.at, observation.what),
            None => "the end".to_owned(),
        };
        let (expected, found) = (side(&self.expected), side(&self.found));
        write!(f, "observation {} differs: expected {expected}, found {found}", self.index)
    }
}

/// Compares a run, as it goes on, with a record of it.
#[derive(Debug)]
pub struct Comparison<I> {
    expected: I,
    index: u64,
    difference: Option<Difference>,
}

impl<I, E> Comparison<I>
where
    I: Iterator<Item = Result<Observation, E>>,
{
    /// Compares with these.
    pub fn new(expected: I) -> Self {
        Self { expected, index: 0, difference: None }
    }

    /// Compares the next observation; after the first difference nothing is compared any more.
    ///
    /// # Errors
    /// Where the expected side cannot be read.
    pub fn observe(&mut self, found: &Observation) -> Result<(), E> {
        if self.difference.is_none() {
            self.step(Some(found))?;
        }
        Ok(())
    }

    /// The first difference so far.
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    /// The first difference, a side that ends early included.
    ///
    /// # Errors
    /// Where the expected side cannot be read.
    pub fn finish(mut self) -> Result<Option<Difference>, E> {
        if self.difference.is_none() {
            self.step(None)?;
        }
        Ok(self.difference)
    }

    fn step(&mut self, found: Option<&Observation>) -> Result<(), E> {
        let expected = self.expected.next().transpose()?;
        if expected.as_ref() == found {
            self.index += 1;
        } else {
            self.difference = Some(Difference { index: self.index, expected, found: found.cloned() });
        }
        Ok(())
    }
}

/// The first difference between two streams, or `None` if they are the same.
///
/// # Errors
/// Where a side cannot be read.
pub fn diff<E>(
    expected: impl Iterator<Item = Result<Observation, E>>,
    found: impl Iterator<Item = Result<Observation, E>>,
) -> Result<Option<Difference>, E> {
    let mut comparison = Comparison::new(expected);
    for observation in found {
        comparison.observe(&observation?)?;
        if comparison.difference().is_some() {
            break;
        }
    }
    comparison.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::time::Time;
    use crate::record::What;

    fn stream(people: &[u32]) -> Vec<Observation> {
        let what = |people| What::Checkpoint { people, hash: 0 };
        (0..).zip(people).map(|(i, p)| Observation { at: Time(i), what: what(*p) }).collect()
    }

    fn compare(a: &[u32], b: &[u32]) -> Option<Difference> {
        let ok = |side: &[u32]| stream(side).into_iter().map(Ok::<_, ()>).collect::<Vec<_>>();
        diff(ok(a).into_iter(), ok(b).into_iter()).unwrap()
    }

    #[test]
    fn equal_streams_have_no_difference() {
        assert_eq!(compare(&[], &[]), None);
        assert_eq!(compare(&[1, 2], &[1, 2]), None);
    }

    #[test]
    fn the_first_difference_is_found_with_both_sides() {
        let difference = compare(&[1, 2, 3], &[1, 5, 4]).unwrap();
        assert_eq!(difference.index, 1);
        assert_eq!(difference.expected, Some(stream(&[1, 2])[1].clone()));
        assert_eq!(difference.found, Some(stream(&[1, 5])[1].clone()));
        assert!(difference.to_string().starts_with("observation 1 differs: expected at 0.000 s"));
    }

    #[test]
    fn a_side_that_ends_early_differs_at_its_end() {
        let short = compare(&[1, 2], &[1]).unwrap();
        assert_eq!((short.index, short.found), (1, None));
        let long = compare(&[1], &[1, 2]).unwrap();
        assert_eq!((long.index, long.expected), (1, None));
    }

    #[test]
    fn a_side_that_cannot_be_read_is_an_error() {
        let broken = [Err("cut off")];
        assert_eq!(diff(broken.into_iter(), std::iter::empty()), Err("cut off"));
    }
}

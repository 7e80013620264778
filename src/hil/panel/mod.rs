//! A real panel under test, held against our controller.

#[cfg(test)]
pub(in crate::hil) mod fixture;

//! The acceptance test of a site.

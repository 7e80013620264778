//! The acceptance test of a site: its plan, how it is carried out, and what came of it.

//! Beam logic: bodies, recognised from the edges of one row of beams.

//! The limits of what a flap can prevent and of what beams can tell, over speeds, gaps and geometries.

use super::bench::{Act, Bench, DEPTH_MM, Ties, beamed, follower, lane, ms, walker};
use crate::apb::journal::Alarm;
use crate::apb::site::BeamRow;
use crate::apb::time::{Span, Time};
use proptest::prelude::*;

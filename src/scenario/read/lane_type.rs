//! Lane types: files that say once what every lane of a kind has.

use super::lane::{blank, options};
use super::library::Library;
use crate::apb::site::Lane;
use crate::scenario::decode::{Fields, Log};
use crate::scenario::files::Files;
use crate::scenario::lane_type::LaneType;
use crate::scenario::load::Kind;
use crate::scenario::plan::LanePlan;
use crate::scenario::syntax::Node;
use crate::scenario::units;
use std::path::Path;

/// A lane type. What could not be read is replaced; the log says so.
pub(in crate::scenario) fn lane_type(tree: &Node, log: &Log<'_>) -> Option<LaneType> {
    let fields = Fields::of(tree, "a lane type", log)?;
    let name = fields.required("name", log, units::text);
    let source = fields.required("source", log, units::text);
    let (mut lane, plan) = options(&fields, (blank(""), LanePlan::default()), log);
    fields.finish(log);
    let (name, source) = (name?, source?);
    lane.name.clone_from(&name);
    Some(LaneType { name, source, lane, plan })
}

/// The types that the lanes of a site name: the lane and the plan that each begins with.
pub(in crate::scenario) type LaneTypes<'a> = Library<'a, (Lane, LanePlan)>;

/// The types whose paths begin in this folder.
pub(in crate::scenario) fn lane_types<'a>(folder: &'a Path, files: &'a dyn Files) -> LaneTypes<'a> {
    let decode = |tree: &Node, log: &Log<'_>| lane_type(tree, log).map(|t| (t.lane, t.plan));
    Library::of(Kind::LaneType, decode, (folder, files))
}

//! Lane types: files that say once what every lane of a kind has.

use super::lane::{blank, options};
use crate::apb::site::Lane;
use crate::scenario::Source;
use crate::scenario::decode::{Fields, Log};
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::files::{Files, text};
use crate::scenario::lane_type::LaneType;
use crate::scenario::plan::LanePlan;
use crate::scenario::syntax::{Node, Parsed, parse, quoted};
use crate::scenario::units;
use std::cell::RefCell;
use std::collections::BTreeMap;
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

/// The types that the lanes of a site name, each read once.
pub(in crate::scenario) struct LaneTypes<'a> {
    /// The site's folder: paths of types begin there.
    folder: &'a Path,
    files: &'a dyn Files,
    /// By the path as it is written; `None`: there is none, or it is bad.
    read: RefCell<BTreeMap<String, Option<(Lane, LanePlan)>>>,
    sources: RefCell<Vec<Source>>,
    mistakes: RefCell<Option<Diagnostics>>,
}

impl<'a> LaneTypes<'a> {
    pub(in crate::scenario) fn new(folder: &'a Path, files: &'a dyn Files) -> Self {
        let (read, sources, mistakes) = Default::default();
        Self { folder, files, read, sources, mistakes }
    }

    /// The files that were read, and what is wrong with them.
    pub(in crate::scenario) fn into_parts(self) -> (Vec<Source>, Option<Diagnostics>) {
        (self.sources.into_inner(), self.mistakes.into_inner())
    }

    /// The lane and the plan that a type begins with.
    pub(super) fn get(&self, node: &Node, log: &Log<'_>) -> Option<(Lane, LanePlan)> {
        let written = units::text(node, log)?;
        if let Some(known) = self.read.borrow().get(&written) {
            return known.clone();
        }
        let read = self.read(&written, node, log);
        self.read.borrow_mut().insert(written, read.clone());
        read
    }

    fn read(&self, written: &str, node: &Node, log: &Log<'_>) -> Option<(Lane, LanePlan)> {
        let path = self.folder.join(written);
        let shown = path.display().to_string();
        let text = match text(&path, self.files) {
            Ok(text) => text,
            Err(trouble) => {
                let found = format!("lane type {}: {}", quoted(written), trouble.message);
                log.note(node.place, found, format!("looked for {shown}"), trouble.help);
                return None;
            }
        };
        let Parsed { tree, mistakes } = parse(&text);
        let own = Log::new(&shown, &text, mistakes);
        let read = crate::scenario::load::lane_type_tree(tree, &own).and_then(|tree| lane_type(&tree, &own));
        let sound = own.count() == 0;
        if !sound {
            let mut all = self.mistakes.borrow_mut();
            let these = own.into_diagnostics();
            *all = Some(match all.take() {
                Some(others) => others.and(these),
                None => these,
            });
        }
        self.sources.borrow_mut().push(Source { path: shown, text });
        read.filter(|_| sound).map(|t| (t.lane, t.plan))
    }
}

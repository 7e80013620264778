//! Lists in which each entry has an `id`.

use crate::scenario::decode::{Fields, Log, entries};
use crate::scenario::names::{Names, with_article};
use crate::scenario::syntax::{Node, Place, quoted};
use crate::scenario::units;

/// The most entries of one table: identities of areas, lanes, readers, panels and schedules have 16 bits.
const ENTRIES_MAX: usize = 60_000;

/// The entries of a list in which each has an `id`.
pub(super) struct Entries<'n> {
    pub(super) nodes: &'n [Node],
    names: Vec<String>,
}

impl<'n> Entries<'n> {
    /// Reads the list and every `id`; notes missing and repeated ones. `kind` is singular and plural.
    pub(super) fn of(node: Option<&'n Node>, kind: (&'static str, &'static str), log: &Log<'_>) -> Self {
        let mut nodes = node.and_then(|node| entries(node, kind.1, log)).unwrap_or_default();
        if nodes.len() > ENTRIES_MAX {
            let found = format!("{} {}", nodes.len(), kind.1);
            log.note(node.map(Node::head).unwrap_or_default(), found, format!("at most {ENTRIES_MAX}"), "");
            nodes = nodes.get(..ENTRIES_MAX).unwrap_or_default();
        }
        let mut seen = Names::new(kind.0, kind.1);
        let mut names = Vec::with_capacity(nodes.len());
        for node in nodes {
            let what = with_article(kind.0);
            let name = Fields::of(node, &what, log).and_then(|fields| {
                let name = fields.required("id", log, units::name)?;
                if !seen.add(&name) {
                    let place = fields.get("id").map_or(fields.head, |node| node.place);
                    let found = format!("a second {} {}", kind.0, quoted(&name));
                    log.note(place, found, "given again here", format!("names of {} are unique", kind.1));
                }
                Some(name)
            });
            names.push(name.unwrap_or_default());
        }
        Self { nodes, names }
    }

    /// The `id` of one entry; empty if it has none.
    pub(super) fn name(&self, i: usize) -> &str {
        self.names.get(i).map_or("", String::as_str)
    }
}

/// A table of a site: its names, its rows and where each stands in the file.
pub(in crate::scenario) struct Table<T> {
    pub(in crate::scenario) names: Names,
    pub(super) rows: Vec<T>,
    pub(super) places: Vec<Place>,
}

impl<T> Table<T> {
    /// Reads a list. `decode` is given an entry's fields, if it has any, and its name; `id` is asked for
    /// already.
    pub(super) fn of<'n>(
        node: Option<&'n Node>,
        kind: (&'static str, &'static str),
        log: &Log<'_>,
        mut decode: impl FnMut(Option<&Fields<'n>>, &str) -> T,
    ) -> Self {
        let entries = Entries::of(node, kind, log);
        let mut table = Self { names: Names::new(kind.0, kind.1), rows: vec![], places: vec![] };
        for (i, node) in entries.nodes.iter().enumerate() {
            let fields = Fields::of(node, &with_article(kind.0), log);
            if let Some(fields) = &fields {
                fields.get("id");
            }
            table.names.add(entries.name(i));
            table.rows.push(decode(fields.as_ref(), entries.name(i)));
            table.places.push(node.place);
            if let Some(fields) = fields {
                fields.finish(log);
            }
        }
        table
    }
}

//! Files that other files name by their paths, each read once.

use crate::scenario::Source;
use crate::scenario::decode::Log;
use crate::scenario::diagnostic::Diagnostics;
use crate::scenario::files::{Files, text};
use crate::scenario::load::{Kind, is_kind};
use crate::scenario::syntax::{Node, Parsed, parse, quoted};
use crate::scenario::units;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

/// What a file is decoded to.
type Decode<T> = fn(&Node, &Log<'_>) -> Option<T>;

/// Files of one kind.
pub(in crate::scenario) struct Library<'a, T> {
    /// Paths begin in this folder.
    folder: &'a Path,
    files: &'a dyn Files,
    kind: Kind,
    decode: Decode<T>,
    /// By the path as it is written; `None`: there is none, or it is bad.
    read: RefCell<BTreeMap<String, Option<T>>>,
    sources: RefCell<Vec<Source>>,
    mistakes: RefCell<Option<Diagnostics>>,
}

impl<'a, T: Clone> Library<'a, T> {
    pub(super) fn of(kind: Kind, decode: Decode<T>, (folder, files): (&'a Path, &'a dyn Files)) -> Self {
        let (read, sources, mistakes) = Default::default();
        Self { folder, files, kind, decode, read, sources, mistakes }
    }

    /// The files that were read, and what is wrong with them.
    pub(in crate::scenario) fn into_parts(self) -> (Vec<Source>, Option<Diagnostics>) {
        (self.sources.into_inner(), self.mistakes.into_inner())
    }

    /// What the file says whose path this is.
    pub(super) fn get(&self, node: &Node, log: &Log<'_>) -> Option<T> {
        let written = units::text(node, log)?;
        if let Some(known) = self.read.borrow().get(&written) {
            return known.clone();
        }
        let read = self.read(&written, node, log);
        self.read.borrow_mut().insert(written, read.clone());
        read
    }

    fn read(&self, written: &str, node: &Node, log: &Log<'_>) -> Option<T> {
        let path = self.folder.join(written);
        let shown = path.display().to_string();
        let text = match text(&path, self.files) {
            Ok(text) => text,
            Err(trouble) => {
                let found = format!("{} {}: {}", self.kind.what(), quoted(written), trouble.message);
                log.note(node.place, found, format!("looked for {shown}"), trouble.help);
                return None;
            }
        };
        let Parsed { tree, mistakes } = parse(&text);
        let own = Log::new(&shown, &text, mistakes);
        let tree = tree.filter(|tree| is_kind(tree, self.kind, &own));
        let read = tree.and_then(|tree| (self.decode)(&tree, &own));
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
        read.filter(|_| sound)
    }
}

//! Names of one kind: positions by name, and names by position as JSON strings.
//!
//! Small, so that at tens of thousands of holders most of it stays in the processor's cache: the texts lie in
//! a row, and the look-up holds positions only.

use super::object::write_text;
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Names of one kind.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// JSON strings in a row.
    text: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<u32>,
    by_name: HashTable<u32>,
    /// Names that are not written as they are.
    escaped: FxHashMap<Box<str>, u32>,
}

impl Table {
    /// A table of names; of two equal ones the first counts. Texts beyond four gibibytes are left out.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n String> + Clone) -> Self {
        let mut table = Self {
            text: Vec::with_capacity(names.clone().map(|name| name.len() + 2).sum()),
            ends: Vec::with_capacity(names.clone().count()),
            by_name: HashTable::with_capacity(names.clone().count()),
            escaped: FxHashMap::default(),
        };
        for name in names {
            table.push(name);
        }
        table
    }

    fn push(&mut self, name: &str) {
        write_text(name, &mut self.text);
        let (Ok(end), Ok(position)) = (u32::try_from(self.text.len()), u32::try_from(self.ends.len())) else {
            return;
        };
        self.ends.push(end);
        if self.find(name).is_some() {
            return;
        }
        if self.plain(position) == Some(name.as_bytes()) {
            let Self { text, ends, by_name, .. } = self;
            let hash_at = |at: &u32| hash(plain(text, ends, *at).unwrap_or_default());
            by_name.insert_unique(hash(name.as_bytes()), position, hash_at);
        } else {
            self.escaped.insert(name.into(), position);
        }
    }

    /// The position of a name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let bytes = name.as_bytes();
        let found = self.by_name.find(hash(bytes), |at| self.plain(*at) == Some(bytes));
        let found = found.or_else(|| self.escaped.get(name));
        found.and_then(|at| usize::try_from(*at).ok())
    }

    fn plain(&self, at: u32) -> Option<&[u8]> {
        plain(&self.text, &self.ends, at)
    }

    /// The name at a position as a JSON string; `null` if there is none.
    pub(super) fn quoted(&self, position: usize) -> &[u8] {
        quoted(&self.text, &self.ends, position).unwrap_or(b"null")
    }
}

fn quoted<'t>(text: &'t [u8], ends: &[u32], position: usize) -> Option<&'t [u8]> {
    let start = match position.checked_sub(1) {
        None => 0,
        Some(before) => *ends.get(before)?,
    };
    text.get(usize::try_from(start).ok()?..usize::try_from(*ends.get(position)?).ok()?)
}

/// What stands between the quotes.
fn plain<'t>(text: &'t [u8], ends: &[u32], at: u32) -> Option<&'t [u8]> {
    quoted(text, ends, usize::try_from(at).ok()?)?.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_positions_find_each_other() {
        let names = ["A", "", "\"B\"\\", "é", "A", "\\\"B\\\"\\\\"].map(String::from);
        let table = Table::of(names.iter());
        let quoted: Vec<&[u8]> = (0..7).map(|i| table.quoted(i)).collect();
        assert_eq!(quoted[..3], [&b"\"A\""[..], b"\"\"", br#""\"B\"\\""#]);
        assert_eq!((quoted[4], quoted[6]), (&b"\"A\""[..], &b"null"[..]));
        for (position, name) in names.iter().enumerate() {
            let expected = if position == 4 { 0 } else { position };
            assert_eq!(table.find(name), Some(expected), "{name}");
        }
        for name in ["B", "a", "\"A\"", " "] {
            assert_eq!(table.find(name), None, "{name}");
        }
    }

    #[test]
    fn many_names_are_found() {
        let names: Vec<String> = (0..10_000).map(|i| format!("staff-{i}")).collect();
        let table = Table::of(names.iter());
        assert!(names.iter().enumerate().all(|(i, name)| table.find(name) == Some(i)));
        assert_eq!(table.find("staff-10000"), None);
    }
}

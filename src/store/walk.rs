//! A walk over the stored rows, from some link of the chain to its end.

use super::chain::{Chain, EntryRow, Fault, Head, Mark, Wrong};
use super::error::StoreError;
use super::file;
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;

/// Walks on from `chain` to the end that the head names; `each` sees every entry that is as it was written.
pub(super) fn walk(
    path: &Path,
    connection: &Connection,
    mut chain: Chain,
    marks: &[Mark],
    head: &Head,
    mut each: impl FnMut(&EntryRow<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let failed = file::failed(path, "read");
    let tampered = |fault| StoreError::Tampered { path: path.into(), fault };
    // From the start everything is looked at, also what has a number below zero.
    let from = if chain.next == 0 { i64::MIN } else { chain.next.cast_signed() };
    let mut marks = marks.iter().peekable();
    let query = format!("SELECT {} FROM entry WHERE seq >= ?1 ORDER BY seq", EntryRow::COLUMNS);
    let mut statement = connection.prepare(&query).map_err(&failed)?;
    let mut rows = statement.query([from]).map_err(&failed)?;
    while let Some(row) = rows.next().map_err(&failed)? {
        while let Some(mark) = marks.next_if(|m| m.seq <= chain.next.cast_signed()) {
            chain.mark(mark).map_err(tampered)?;
        }
        let row = EntryRow::of(row).map_err(&failed)?;
        if let Err(fault) = chain.entry(&row) {
            return Err(tampered(explained(connection, fault, &row).map_err(&failed)?));
        }
        each(&row)?;
    }
    while let Some(mark) = marks.next_if(|m| m.seq <= chain.next.cast_signed()) {
        chain.mark(mark).map_err(tampered)?;
    }
    chain.end(head).map_err(tampered)?;
    match marks.next() {
        Some(mark) => Err(tampered(Fault { seq: mark.seq, what: Wrong::Checkpoint })),
        None => Ok(()),
    }
}

/// An altered entry may be a whole one in a wrong place.
fn explained(connection: &Connection, fault: Fault, row: &EntryRow<'_>) -> Result<Fault, rusqlite::Error> {
    if fault.what != Wrong::Altered {
        return Ok(fault);
    }
    let count: i64 = connection.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
    let written_as = row.written_as(count.cast_unsigned());
    Ok(written_as.map_or(fault, |written_as| Fault { what: Wrong::Moved { written_as }, ..fault }))
}

/// The hash stored with the entry of this number.
pub(super) fn hash_of(connection: &Connection, seq: i64) -> Result<Option<Vec<u8>>, rusqlite::Error> {
    connection.query_row("SELECT hash FROM entry WHERE seq = ?1", [seq], |row| row.get(0)).optional()
}

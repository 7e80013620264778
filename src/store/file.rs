//! A journal as a file: an SQLite database of four tables, and nothing else in it.

use super::chain::{Fault, Head, Mark, Wrong};
use super::error::StoreError;
use super::hash::{self, Hash};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// What SQLite's header names the kind of file by: `apbj`.
const APPLICATION: i64 = 0x6170_626A;

/// The version of the tables.
const VERSION: i64 = 1;

/// The tables, in the order of their names, as SQLite keeps their text.
const TABLES: [&str; 4] = [
    "CREATE TABLE checkpoint (seq INTEGER PRIMARY KEY, digest BLOB NOT NULL, prev BLOB NOT NULL, \
     hash BLOB NOT NULL, state BLOB) STRICT",
    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, event TEXT NOT NULL, \
     prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT",
    "CREATE TABLE head (entries INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT",
    "CREATE TABLE meta (version INTEGER PRIMARY KEY, site TEXT NOT NULL, fingerprint BLOB NOT NULL) STRICT",
];

/// How long to wait for a reader that puts a crashed writer's log in order. Assumed: ample for a log of a few
/// megabytes.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a journal says of itself.
#[derive(Clone, Debug)]
pub(super) struct Meta {
    pub(super) site: String,
    pub(super) fingerprint: Hash,
}

impl Meta {
    /// What stands in the place of the hash before the first entry.
    pub(super) fn genesis(&self) -> Hash {
        hash::genesis(&self.site, &self.fingerprint)
    }
}

impl fmt::Display for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.site, self.fingerprint)
    }
}

/// Turns what the database says into an error about this file.
pub(super) fn failed<'p>(path: &'p Path, doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError + 'p {
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => not_a_journal(path, "no SQLite database at all"),
        _ => StoreError::Disk { path: path.into(), doing, source },
    }
}

fn not_a_journal(path: &Path, found: &str) -> StoreError {
    StoreError::NotAJournal { path: path.into(), found: found.into(), may_begin: false }
}

/// Opens a journal for writing, and begins it if there is none. The caller holds the lock.
pub(super) fn open(path: &Path, new: &Meta) -> Result<(Connection, Meta), StoreError> {
    open_or_begin(path, new).map_err(|error| match error {
        StoreError::NotAJournal { path, found, .. } => {
            StoreError::NotAJournal { path, found, may_begin: true }
        }
        other => other,
    })
}

fn open_or_begin(path: &Path, new: &Meta) -> Result<(Connection, Meta), StoreError> {
    let failed = failed(path, "opened");
    let connection = Connection::open_with_flags(path, OpenFlags::default() & !OpenFlags::SQLITE_OPEN_URI);
    let mut connection = connection.map_err(&failed)?;
    wary(&connection).map_err(&failed)?;
    let is_new = is_empty(&connection).map_err(&failed)?;
    if !is_new {
        check_kind(path, &connection)?;
    }
    durable(path, &connection)?;
    if is_new {
        begin(&mut connection, new).map_err(&failed)?;
    }
    let meta = meta(path, &connection)?;
    Ok((connection, meta))
}

/// Opens a journal for reading; nothing is written to it, though SQLite may lay its log and index files
/// beside it. Where it may not, on a write-protected medium, the file is read as one that nobody writes.
pub(super) fn open_read_only(path: &Path) -> Result<(Connection, Meta), StoreError> {
    if let Err(source) = path.metadata() {
        return Err(StoreError::File { path: path.into(), doing: "opened", source });
    }
    let failed = failed(path, "opened");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(&failed)?;
    if let Err(error) = is_empty(&connection) {
        let uri = immutable(path).filter(|_| error.sqlite_error_code() == Some(ErrorCode::CannotOpen));
        let Some(uri) = uri else { return Err(failed(error)) };
        connection = Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).map_err(&failed)?;
    }
    wary(&connection).map_err(&failed)?;
    check_kind(path, &connection)?;
    let meta = meta(path, &connection)?;
    Ok((connection, meta))
}

/// The name under which SQLite opens a file that nobody writes; `None`: the path is no text.
fn immutable(path: &Path) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-".contains(&b);
    let text = path.to_str()?.bytes();
    let shown = text.map(|b| if plain(b) { char::from(b).into() } else { format!("%{b:02X}") });
    Some(format!("file:{}?immutable=1", shown.collect::<String>()))
}

/// A file may come from anybody: what it holds is data, never code to run.
fn wary(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)
}

fn is_empty(connection: &Connection) -> Result<bool, rusqlite::Error> {
    let objects: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(objects == 0 && application(connection)? == 0)
}

fn application(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}

/// Refuses a database that is not a journal, or has more in it than a journal: a trigger, say.
fn check_kind(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let failed = failed(path, "opened");
    if application(connection).map_err(&failed)? != APPLICATION {
        return Err(not_a_journal(path, "a database of something else"));
    }
    // Statistics that an administrator had taken are SQLite's own.
    let query = "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut statement = connection.prepare(query).map_err(&failed)?;
    let found = statement.query_map([], |row| row.get(0)).map_err(&failed)?;
    let found: Vec<String> = found.collect::<Result<_, _>>().map_err(&failed)?;
    if let Some(other) = found.iter().find(|sql| !TABLES.contains(&sql.as_str())) {
        return Err(not_a_journal(path, &format!("besides a journal's tables it has `{other}`")));
    }
    match TABLES.iter().find(|sql| !found.iter().any(|f| f == *sql)) {
        Some(missing) => {
            let name = missing.split_whitespace().nth(2).unwrap_or_default();
            let fault = Fault { seq: 0, what: Wrong::NoTable { name } };
            Err(StoreError::Tampered { path: path.into(), fault })
        }
        None => Ok(()),
    }
}

/// Every commit is synced before it returns.
fn durable(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let failed = failed(path, "opened");
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)).map_err(&failed)?;
    if !mode.eq_ignore_ascii_case("wal") {
        let source = rusqlite::Error::InvalidParameterName(format!("journal_mode {mode} in place of wal"));
        return Err(failed(source));
    }
    connection.pragma_update(None, "synchronous", "full").map_err(&failed)
}

fn begin(connection: &mut Connection, meta: &Meta) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction()?;
    for table in TABLES {
        transaction.execute_batch(table)?;
    }
    let values = (VERSION, &meta.site, meta.fingerprint.bytes());
    transaction.execute("INSERT INTO meta (version, site, fingerprint) VALUES (?1, ?2, ?3)", values)?;
    let genesis = meta.genesis();
    transaction.execute("INSERT INTO head (entries, hash) VALUES (0, ?1)", [genesis.bytes()])?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()
}

fn meta(path: &Path, connection: &Connection) -> Result<Meta, StoreError> {
    let failed = failed(path, "read");
    let mut statement = connection.prepare("SELECT version, site, fingerprint FROM meta").map_err(&failed)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?));
    let found = statement.query_map([], row).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let Ok([(version, site, print)]) = <[_; 1]>::try_from(found.map_err(&failed)?) else {
        return Err(not_a_journal(path, "it does not say of which one site it is"));
    };
    if version != VERSION {
        return Err(StoreError::Version { path: path.into(), found: version, expected: VERSION });
    }
    let fingerprint =
        Hash::of_bytes(&print).ok_or_else(|| not_a_journal(path, "its site has no fingerprint"))?;
    Ok(Meta { site, fingerprint })
}

/// The end of the journal; `None`: there is no such row, or several.
pub(super) fn head(connection: &Connection) -> Result<Option<Head>, rusqlite::Error> {
    let mut statement = connection.prepare("SELECT entries, hash FROM head")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (entries, hash): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let head = u64::try_from(entries).ok().zip(Hash::of_bytes(&hash));
    let is_only = rows.next()?.is_none();
    Ok(head.filter(|_| is_only).map(|(entries, hash)| Head { entries, hash }))
}

/// All checkpoints in order. One whose columns are no hashes has hashes of nothing, which fit nowhere.
pub(super) fn marks(connection: &Connection) -> Result<Vec<Mark>, rusqlite::Error> {
    let query = "SELECT seq, digest, prev, hash, state IS NOT NULL FROM checkpoint ORDER BY seq";
    let mut statement = connection.prepare(query)?;
    let hash = |row: &rusqlite::Row<'_>, column| {
        let bytes: Vec<u8> = row.get(column)?;
        Ok::<_, rusqlite::Error>(Hash::of_bytes(&bytes).unwrap_or_else(|| hash::state(b"")))
    };
    let mark = |row: &rusqlite::Row<'_>| {
        let (digest, prev) = (hash(row, 1)?, hash(row, 2)?);
        Ok(Mark { seq: row.get(0)?, digest, prev, hash: hash(row, 3)?, has_state: row.get(4)? })
    };
    statement.query_map([], mark)?.collect()
}

/// The state of a checkpoint, if it has not been cleared away.
pub(super) fn state(connection: &Connection, seq: i64) -> Result<Option<Vec<u8>>, rusqlite::Error> {
    let query = "SELECT state FROM checkpoint WHERE seq = ?1";
    connection.query_row(query, [seq], |row| row.get(0)).optional().map(Option::flatten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_nobody_writes_is_found_under_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("50% off? #1 ä&b=c.journal");
        let own = Meta {
            site: "gate".into(),
            fingerprint: hash::genesis("gate", &Hash::of_bytes(&[1; 32]).unwrap()),
        };
        drop(open(&path, &own).unwrap());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(immutable(&path).unwrap(), flags).unwrap();
        check_kind(&path, &connection).unwrap();
        assert_eq!(meta(&path, &connection).unwrap().to_string(), own.to_string());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is laid beside it");
    }
}

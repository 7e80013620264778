//! Every change of a journal is found, and its place is named.

use crate::fixture::{People, folder, journal, open, refused};
use crate::forger::{Forger, Row, verify};
use apbrig::store::{Hash, Reader, StoreError, Wrong};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A journal of three sittings, a checkpoint after each of the first two; how many entries it has.
fn sample(folder: &TempDir) -> (std::path::PathBuf, i64) {
    let path = journal(folder);
    let mut people = People::new(11);
    for sitting in 0..3 {
        let (mut live, _) = open(&path);
        people.submit(&mut live, 25);
        live.commit().unwrap();
        if sitting < 2 {
            live.close().unwrap();
        }
    }
    let entries = verify(&path).expect("nobody has touched it yet").entries;
    assert!(entries > 60, "{entries}");
    (path, i64::try_from(entries).unwrap())
}

/// What a forger does to one entry, chosen by a number below the number of entries.
#[derive(Clone, Copy, Debug)]
enum Change {
    Time,
    Event,
    /// A single blank: the JSON says the same.
    Blank,
    Prev,
    Hash,
    /// The content, and its hash with it.
    Rehashed,
    Removed,
    /// The content of another entry.
    Swapped(i64),
    /// The numbers of the two exchanged: the same, in other words.
    Copied(i64),
    /// A copy, all later entries one further on.
    Doubled,
    /// Every entry from this one on.
    CutOff,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Time),
        Just(Change::Event),
        Just(Change::Blank),
        Just(Change::Prev),
        Just(Change::Hash),
        Just(Change::Rehashed),
        Just(Change::Removed),
        any::<i64>().prop_map(Change::Swapped),
        any::<i64>().prop_map(Change::Copied),
        Just(Change::Doubled),
        Just(Change::CutOff),
    ]
}

/// Makes the change; the number of the first entry that is not as it was, and of the last place where that
/// may first show.
fn tamper(path: &Path, entries: i64, seq: i64, change: Change) -> (i64, i64) {
    let forger = Forger::at(path);
    let row = forger.row(seq);
    let flipped = |bytes: &[u8]| bytes.iter().map(|b| b ^ 1).collect::<Vec<u8>>();
    let other = |n: i64| (seq + 1 + n.rem_euclid(entries - 1)) % entries;
    let event = row.event.replacen('1', "2", 1) + " ";
    match change {
        Change::Time => forger.put(&Row { at: row.at + 1, ..row }),
        Change::Event => forger.put(&Row { event, ..row }),
        Change::Blank => forger.put(&Row { event: row.event.replacen(':', ": ", 1), ..row }),
        Change::Prev => forger.put(&Row { prev: flipped(&row.prev), ..row }),
        Change::Hash => forger.put(&Row { hash: flipped(&row.hash), ..row }),
        Change::Rehashed => {
            let row = Row { event, ..row };
            forger.put(&Row { hash: row.true_hash(), ..row });
            return (seq, seq + 1);
        }
        Change::Removed => forger.run(&format!("DELETE FROM entry WHERE seq = {seq}")),
        Change::Swapped(n) => {
            let other = forger.row(other(n));
            forger.put(&Row { seq: other.seq, ..row });
            forger.put(&Row { seq, ..other.clone() });
            return (seq.min(other.seq), seq.min(other.seq));
        }
        Change::Copied(n) => forger.put(&Row { seq, ..forger.row(other(n)) }),
        Change::Doubled => {
            forger.run(&format!("UPDATE entry SET seq = -seq - 2 WHERE seq > {seq}"));
            forger.run("UPDATE entry SET seq = -seq - 1 WHERE seq < 0");
            forger.put(&Row { seq: seq + 1, ..row });
            return (seq + 1, seq + 1);
        }
        Change::CutOff => forger.run(&format!("DELETE FROM entry WHERE seq >= {seq}")),
    }
    (seq, seq)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn every_change_of_an_entry_is_found_where_it_is(place in any::<u16>(), change in change()) {
        let folder = folder();
        let (path, entries) = sample_once(&folder);
        let seq = i64::from(place) % entries;
        let (first, last) = tamper(&path, entries, seq, change);
        match verify(&path) {
            Err(error @ StoreError::Tampered { fault, .. }) => {
                prop_assert!((first..=last).contains(&fault.seq), "{change:?} of {seq}: {error}");
                prop_assert!(error.is_tampering());
            }
            other => prop_assert!(false, "{change:?} of {seq}: {other:?}"),
        }
        // What comes after the last checkpoint is looked at by opening, too.
        let checkpoint = Forger::at(&path).number("SELECT max(seq) FROM checkpoint");
        if first >= checkpoint {
            let error = refused(&path);
            prop_assert!(error.is_tampering(), "{change:?} of {seq}: {error}");
        }
    }
}

/// A copy of a journal that is made once.
fn sample_once(folder: &TempDir) -> (std::path::PathBuf, i64) {
    static SAMPLE: std::sync::OnceLock<(Vec<u8>, i64)> = std::sync::OnceLock::new();
    let (bytes, entries) = SAMPLE.get_or_init(|| {
        let (path, entries) = sample(folder);
        (fs::read(path).unwrap(), entries)
    });
    let path = folder.path().join("copy.journal");
    fs::write(&path, bytes).unwrap();
    (path, *entries)
}

/// What becomes of a journal that this SQL was run on.
#[track_caller]
fn found(sql: &str) -> StoreError {
    let folder = folder();
    let (path, _) = sample_once(&folder);
    Forger::at(&path).run(sql);
    verify(&path).expect_err(sql)
}

#[track_caller]
fn wrong(sql: &str) -> Wrong {
    match found(sql) {
        StoreError::Tampered { fault, .. } => fault.what,
        other => panic!("{sql}: {other}"),
    }
}

#[test]
fn every_change_of_the_head_is_found() {
    assert!(matches!(wrong("UPDATE head SET entries = entries + 1"), Wrong::CutOff { .. }));
    assert_eq!(wrong("UPDATE head SET entries = entries - 1"), Wrong::Added);
    assert!(matches!(wrong("UPDATE head SET entries = 9223372036854775807"), Wrong::CutOff { .. }));
    assert_eq!(wrong("UPDATE head SET entries = -1"), Wrong::NoHead);
    assert_eq!(wrong("UPDATE head SET hash = zeroblob(32)"), Wrong::Head);
    assert_eq!(wrong("UPDATE head SET hash = zeroblob(31)"), Wrong::NoHead);
    assert_eq!(wrong("DELETE FROM head"), Wrong::NoHead);
    assert_eq!(wrong("INSERT INTO head VALUES (0, zeroblob(32))"), Wrong::NoHead);
}

#[test]
fn every_change_of_a_checkpoint_is_found() {
    let last = "WHERE seq = (SELECT max(seq) FROM checkpoint)";
    let first = "WHERE seq = (SELECT min(seq) FROM checkpoint)";
    for which in [first, last] {
        for column in ["digest", "prev", "hash"] {
            let sql = format!("UPDATE checkpoint SET {column} = zeroblob(32) {which}");
            assert_eq!(wrong(&sql), Wrong::Checkpoint);
            assert_eq!(wrong(&sql.replace("32", "7")), Wrong::Checkpoint);
        }
        assert_eq!(wrong(&format!("DELETE FROM checkpoint {which}")), Wrong::Unlinked);
        for to in ["seq + 1", "seq - 1", "-1"] {
            let what = wrong(&format!("UPDATE checkpoint SET seq = {to} {which}"));
            assert!(matches!(what, Wrong::Checkpoint | Wrong::Unlinked), "{what:?}");
        }
        assert_eq!(
            wrong(&format!("UPDATE checkpoint SET state = CAST(state || ' ' AS BLOB) {which}")),
            Wrong::State
        );
    }
    for seq in [-7, 0, 1, 1_000_000] {
        let sql =
            format!("INSERT INTO checkpoint SELECT {seq}, digest, prev, hash, state FROM checkpoint {last}");
        assert_eq!(wrong(&sql), Wrong::Checkpoint, "{seq}");
    }
}

#[test]
fn every_change_of_what_the_journal_says_of_itself_is_found() {
    assert_eq!(wrong("UPDATE meta SET site = 'gat'"), Wrong::Unlinked);
    assert_eq!(wrong("UPDATE meta SET fingerprint = zeroblob(32)"), Wrong::Unlinked);
    assert!(matches!(found("UPDATE meta SET version = 0"), StoreError::Version { .. }));
    for name in ["checkpoint", "entry", "head", "meta"] {
        assert_eq!(wrong(&format!("DROP TABLE {name}")), Wrong::NoTable { name });
    }
    let refused = |sql| assert!(matches!(found(sql), StoreError::NotAJournal { .. }), "{sql}");
    refused("UPDATE meta SET fingerprint = x'00'");
    refused("DELETE FROM meta");
    refused("INSERT INTO meta SELECT version + 1, site, fingerprint FROM meta");
    refused("PRAGMA application_id = 7");
    refused("CREATE VIEW v AS SELECT * FROM entry");
    refused("CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE seq = new.seq; END");
}

#[test]
fn an_entry_that_was_never_written_is_found() {
    let folder = folder();
    for (seq, what) in [(-1, Wrong::Stray), (i64::MIN, Wrong::Stray)] {
        let (path, _) = sample_once(&folder);
        let forger = Forger::at(&path);
        forger.put(&Row { seq, ..forger.row(0) });
        assert_eq!(fault(&path), (seq, what));
    }
    let (path, entries) = sample_once(&folder);
    let forger = Forger::at(&path);
    let last = forger.row(entries - 1);
    let mut more = Row { seq: entries, prev: last.hash.clone(), ..last };
    more.hash = more.true_hash();
    forger.put(&more);
    assert_eq!(fault(&path), (entries, Wrong::Added));
}

#[track_caller]
fn fault(path: &Path) -> (i64, Wrong) {
    match verify(path) {
        Err(StoreError::Tampered { fault, .. }) => (fault.seq, fault.what),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_done_is_said() {
    let folder = folder();
    let after = |sql: &str| {
        let (path, _) = sample_once(&folder);
        Forger::at(&path).run(sql);
        fault(&path)
    };
    assert_eq!(after("DELETE FROM entry WHERE seq IN (5, 6)"), (5, Wrong::Missing { until: 7 }));
    assert_eq!(after("UPDATE entry SET event = 'x' WHERE seq = 9"), (9, Wrong::Altered));
    let swap = "UPDATE entry SET seq = -3 WHERE seq = 3; UPDATE entry SET seq = 3 WHERE seq = 8; \
                UPDATE entry SET seq = 8 WHERE seq = -3";
    assert_eq!(after(swap), (3, Wrong::Moved { written_as: 8 }));
    let (path, entries) = sample_once(&folder);
    Forger::at(&path).run(&format!("DELETE FROM entry WHERE seq > {}", entries - 3));
    assert_eq!(fault(&path), (entries - 2, Wrong::CutOff { entries: entries.cast_unsigned() }));
}

#[test]
fn a_chain_written_anew_is_found_by_a_noted_hash_only() {
    let folder = folder();
    let (path, entries) = sample_once(&folder);
    let noted = verify(&path).unwrap().hash;
    let with = |hash: Hash| Reader::open(&path).unwrap().verify(Some(hash), |_, _| {});
    assert_eq!(with(noted).unwrap().proved, Some(entries.cast_unsigned()));

    let forger = Forger::at(&path);
    let early: Hash = hex(&forger.row(4).hash).parse().unwrap();
    let row = forger.row(20);
    forger.put(&Row { event: row.event.replacen('1', "2", 1), ..row.clone() });
    assert_ne!(forger.row(20), row);
    forger.rechain(20);
    drop(forger);
    let forged = verify(&path).expect("it is a sound chain, only not the one that was written");
    assert_ne!(forged.hash, noted);
    let error = with(noted).unwrap_err();
    assert!(matches!(error, StoreError::NotNoted { .. }) && error.is_tampering(), "{error}");
    assert_eq!(with(early).unwrap().proved, Some(5), "what was noted before that still holds");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

//! Opening a journal: going on, and refusing what is in use, another site's or something else.

use crate::fixture::{
    People, assert_believes, entries, folder, holders_of_open_grants, journal, open, parts, passed, read,
    refused, site,
};
use apbrig::apb::id::{Direction, HolderId};
use apbrig::apb::journal::Event;
use apbrig::apb::ledger::Location;
use apbrig::apb::site::Site;
use apbrig::apb::time::Time;
use apbrig::store::{Live, Reader, Reopened, StoreError};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::sync::Arc;

#[test]
fn who_had_a_grant_at_the_cut_is_of_unknown_location() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    for holder in [0, 1] {
        live.handle(Time(10), &read(holder, Direction::In)).unwrap();
        live.handle(Time(20), &passed(Direction::In)).unwrap();
    }
    live.handle(Time(30), &read(0, Direction::Out)).unwrap();
    drop(live);

    let (live, effects) = open(&path);
    let location = |holder| live.controller().ledger().presence(HolderId(holder)).location;
    assert_eq!(location(0), Location::Unknown, "released, and nobody knows whether he left");
    assert_ne!(location(1), Location::Unknown, "through before the cut");
    let lost = |e: &Event| matches!(e, Event::Moved { holder: HolderId(0), to: Location::Unknown, .. });
    assert!(effects.entries.iter().any(|e| lost(&e.event)), "{effects:?}");
    assert!(entries(&path).ends_with(&effects.entries), "and it is journalled");
    drop(live);
    let (_, effects) = open(&path);
    assert!(!effects.entries.iter().any(|e| lost(&e.event)), "once");
}

#[test]
fn what_was_submitted_only_is_gone() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    live.submit(Time(1), &read(0, Direction::In)).unwrap();
    drop(live);
    assert_eq!(open(&path).0.journal().entries(), 0);
}

#[test]
fn whatever_people_do_the_controller_believes_its_journal() {
    let folder = folder();
    let path = journal(&folder);
    let mut people = People::new(7);
    for round in 0..12 {
        let before = if round > 0 { entries(&path) } else { Vec::new() };
        let (mut live, effects) = open(&path);
        for holder in holders_of_open_grants(&before) {
            let location = live.controller().ledger().presence(holder).location;
            assert_eq!(location, Location::Unknown, "{holder}, round {round}");
        }
        people.now = people.now.max(before.last().map_or(Time::ZERO, |e| e.at));
        assert_eq!(entries(&path), [before, effects.entries].concat());
        for _ in 0..6 {
            people.submit(&mut live, 5);
            live.commit().unwrap();
        }
        assert_believes(&live, &entries(&path));
        if round % 3 == 0 {
            live.close().unwrap();
        }
    }
    let numbers: Vec<u64> = entries(&path).iter().map(|e| e.seq).collect();
    assert!(numbers.len() > 200 && numbers.iter().copied().eq(0..numbers.len() as u64));
    Reader::open(&path).unwrap().verify(None, |_, _| {}).unwrap();
}

#[test]
fn closing_leaves_a_checkpoint_and_nothing_unwritten() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    live.submit(Time(1), &read(0, Direction::In)).unwrap();
    let effects = live.close().unwrap();
    assert!(!effects.entries.is_empty() && !effects.commands.is_empty());

    let reopened = Reopened::open(&path, site()).unwrap();
    assert_eq!(reopened.at(), Time(1));
    let reopening = reopened.reopening();
    assert_eq!((reopening.folded, reopening.checkpoint), (0, Some(reopening.entries)));
    assert_eq!(reopening.entries, effects.entries.len() as u64);
    let (live, _) = reopened.resume(Time(5_000)).unwrap();
    assert_eq!(live.controller().now(), Time(5_000));
    drop(live);
    let (live, _) = Reopened::open(&path, site()).unwrap().resume(Time::ZERO).unwrap();
    assert_eq!(live.controller().now(), Time(5_000), "never before the last entry");
}

#[test]
fn a_damaged_checkpoint_is_not_believed() {
    let folder = folder();
    let path = journal(&folder);
    let mut people = People::new(3);
    for _ in 0..3 {
        let (mut live, _) = open(&path);
        people.submit(&mut live, 30);
        live.close().unwrap();
    }
    let sound = Reopened::open(&path, site()).unwrap();
    let entries = sound.reopening().entries;
    assert_eq!(sound.reopening().folded, 0);
    let (live, _) = sound.resume(people.now).unwrap();
    let believed = live.controller().ledger().clone();
    drop(live);

    // A forger puts somebody elsewhere in the states that are kept, one after the other.
    let forged = "CAST(replace(CAST(state AS TEXT), '\"unknown\"', '{\"in\":0}') AS BLOB)";
    let sound = "(SELECT max(seq) FROM checkpoint WHERE instr(state, '\"unknown\"'))";
    let forge = format!("UPDATE checkpoint SET state = {forged} WHERE seq = {sound}");
    for damaged in 1..=2 {
        assert_eq!(Connection::open(&path).unwrap().execute(&forge, []).unwrap(), 1);
        let reopened = Reopened::open(&path, site()).unwrap();
        assert_eq!(reopened.reopening().damaged, damaged);
        assert!(reopened.reopening().folded > 0);
        assert_eq!(reopened.reopening().checkpoint.is_none(), damaged == 2);
        assert!(reopened.reopening().entries >= entries);
        let (live, _) = reopened.resume(people.now).unwrap();
        assert_eq!(*live.controller().ledger(), believed);
    }
}

#[test]
fn a_journal_has_one_writer() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    assert!(matches!(refused(&path), StoreError::InUse { .. }));
    live.handle(Time(1), &read(0, Direction::In)).unwrap();
    let verified = Reader::open(&path).unwrap().verify(None, |_, _| {}).unwrap();
    assert_eq!(verified.entries, live.journal().entries(), "readers may look on");
    drop(live);
    open(&path);
}

#[test]
fn another_sites_journal_is_refused() {
    let folder = folder();
    let path = journal(&folder);
    drop(open(&path));
    let mut other = parts("gate");
    other.lanes[0].timers.not_taken = apbrig::apb::time::Span::seconds(6);
    for other in [other, parts("other")] {
        let name = other.name.clone();
        let other = Arc::new(Site::new(other).unwrap());
        let error = Live::open(&path, other, Time::ZERO).unwrap_err();
        assert!(matches!(error, StoreError::OtherSite { .. }), "{error}");
        let shown = error.to_string();
        assert!(shown.contains("`gate` (") && shown.contains(&format!("`{name}` (")), "{shown}");
    }
    open(&path);
}

/// It is refused as something else; a new one may be begun by whoever wants to write, and by nobody else.
#[track_caller]
fn assert_no_journal(path: &Path) {
    let [writing, reading] = [refused(path), Reader::open(path).unwrap_err()].map(|error| {
        assert!(matches!(error, StoreError::NotAJournal { .. }), "{error}");
        error.to_string()
    });
    assert!(writing.ends_with("a live controller keeps, or a file that does not exist yet"), "{writing}");
    assert!(reading.ends_with("a live controller keeps"), "{reading}");
}

#[test]
fn what_is_no_journal_is_refused_and_left_alone() {
    let folder = folder();
    let path = journal(&folder);
    fs::write(&path, "a letter, longer than the header of a database would be, or so one should hope")
        .unwrap();
    let before = fs::read(&path).unwrap();
    assert_no_journal(&path);
    assert_eq!(fs::read(&path).unwrap(), before);

    let path = folder.path().join("addresses");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE address (name TEXT)").unwrap();
    let before = fs::read(&path).unwrap();
    assert_no_journal(&path);
    assert_eq!(fs::read(&path).unwrap(), before);

    let path = folder.path().join("no/such/folder");
    assert!(matches!(refused(&path), StoreError::File { .. }));
    assert!(matches!(Reader::open(&path).unwrap_err(), StoreError::File { .. }));
    assert!(matches!(refused(folder.path()), StoreError::Disk { .. }), "a folder");
}

#[test]
fn a_journal_of_another_version_is_refused() {
    let folder = folder();
    let path = journal(&folder);
    drop(open(&path));
    Connection::open(&path).unwrap().execute("UPDATE meta SET version = 2", []).unwrap();
    assert!(matches!(refused(&path), StoreError::Version { found: 2, expected: 1, .. }));
}

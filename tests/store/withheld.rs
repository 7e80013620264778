//! No command before its entries are on disk, and none at all if they cannot be.

use crate::fixture::{entries, folder, journal, open, passed, read, refused};
use apbrig::apb::effect::{Command, Effects};
use apbrig::apb::id::{Direction, LaneId};
use apbrig::apb::input::{Input, Leaf};
use apbrig::apb::journal::Event;
use apbrig::apb::time::Time;
use apbrig::store::StoreError;
use rusqlite::Connection;
use std::path::Path;

fn opens(effects: &Effects) -> usize {
    effects.commands.iter().filter(|(_, c)| matches!(c, Command::Open { .. })).count()
}

#[test]
fn commands_come_out_with_the_commit() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, first) = open(&path);
    assert_eq!(first, Effects::default(), "a new journal has nothing to say");
    live.submit(Time(1), &read(0, Direction::In)).unwrap();
    live.submit(Time(2), &passed(Direction::In)).unwrap();
    assert_eq!(live.journal().entries(), 0);
    assert!(entries(&path).is_empty());

    let effects = live.commit().unwrap();
    assert_eq!(opens(&effects), 1);
    assert_eq!(entries(&path), effects.entries, "a reader beside sees what was committed");
    assert_eq!(live.journal().entries(), effects.entries.len() as u64);
    assert_eq!(live.commit().unwrap(), Effects::default(), "everything comes out once");
}

#[test]
fn one_commit_is_for_many_inputs_and_keeps_their_order() {
    let folder = folder();
    let (mut one, _) = open(&folder.path().join("one"));
    let (mut many, _) = open(&folder.path().join("many"));
    let inputs = (0..9).flat_map(|h| [read(h, Direction::In), passed(Direction::In)]);
    let mut single = Effects::default();
    for (i, input) in inputs.enumerate() {
        let now = Time(1_000 * i as u64);
        let effects = one.handle(now, &input).unwrap();
        single.entries.extend(effects.entries);
        single.commands.extend(effects.commands);
        many.submit(now, &input).unwrap();
    }
    assert_eq!(many.commit().unwrap(), single);
    assert_eq!(opens(&single), 9);
    assert_eq!(one.journal().hash(), many.journal().hash(), "the chain does not depend on the commits");
}

#[test]
fn time_that_goes_by_is_journalled_too() {
    let folder = folder();
    let (mut live, _) = open(&journal(&folder));
    live.handle(Time(0), &read(0, Direction::In)).unwrap();
    let effects = live.expire(Time(20_000_000)).unwrap();
    assert!(effects.entries.iter().any(|e| matches!(e.event, Event::NotTaken { .. })), "{effects:?}");
    assert_eq!(entries(&journal(&folder)).len() as u64, live.journal().entries());
}

/// Makes every insertion of an entry from `seq` on fail, as a full disk would.
fn sabotage(path: &Path, seq: u64) {
    let sql = format!(
        "CREATE TRIGGER sabotage BEFORE INSERT ON entry WHEN new.seq >= {seq} \
         BEGIN SELECT RAISE(ABORT, 'sabotage'); END"
    );
    Connection::open(path).unwrap().execute_batch(&sql).unwrap();
}

#[test]
fn after_a_failed_commit_nothing_comes_out_any_more() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    live.handle(Time(0), &read(0, Direction::In)).unwrap();
    live.handle(Time(1), &passed(Direction::In)).unwrap();
    let before = entries(&path);
    sabotage(&path, before.len() as u64 + 1);

    live.submit(Time(2), &read(1, Direction::In)).unwrap();
    live.submit(Time(3), &passed(Direction::In)).unwrap();
    assert!(matches!(live.commit(), Err(StoreError::Disk { .. })));
    assert!(matches!(live.commit(), Err(StoreError::Poisoned { .. })));
    assert!(matches!(live.handle(Time(4), &read(2, Direction::In)), Err(StoreError::Poisoned { .. })));
    assert!(matches!(live.submit(Time(4), &read(2, Direction::In)), Err(StoreError::Poisoned { .. })));
    assert!(matches!(live.expire(Time(4)), Err(StoreError::Poisoned { .. })));
    assert!(matches!(live.close(), Err(StoreError::Poisoned { .. })));
    assert!(matches!(refused(&path), StoreError::NotAJournal { .. }), "a trigger is no part of a journal");

    Connection::open(&path).unwrap().execute_batch("DROP TRIGGER sabotage").unwrap();
    let (_, effects) = open(&path);
    assert_eq!(entries(&path), [before, effects.entries].concat(), "all of a commit or nothing");
}

#[test]
fn a_writer_that_found_a_way_around_the_lock_forks_nothing() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    live.handle(Time(0), &read(0, Direction::In)).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute("UPDATE head SET hash = zeroblob(32)", []).unwrap();
    let result = live.handle(Time(1), &passed(Direction::In));
    assert!(matches!(result, Err(StoreError::Interfered { .. })), "{result:?}");
    assert!(matches!(live.commit(), Err(StoreError::Poisoned { .. })));
}

#[test]
fn without_entries_the_disk_has_nothing_to_do() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    sabotage(&path, 0);
    live.handle(Time(1), &Input::Leaf { lane: LaneId(0), leaf: Leaf::Moving }).unwrap();
    live.expire(Time(2)).unwrap();
    assert!(live.handle(Time(3), &read(0, Direction::In)).is_err(), "the sabotage works");
}

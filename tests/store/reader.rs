//! Reading a journal beside its controller and after it.

use crate::fixture::{People, entries, folder, journal, open};
use crate::forger::verify;
use apbrig::apb::time::Time;
use apbrig::store::Reader;
use std::fs;
use std::ops::ControlFlow;

#[test]
fn a_new_journal_is_sound_and_empty() {
    let folder = folder();
    let path = journal(&folder);
    drop(open(&path));
    let verified = verify(&path).unwrap();
    assert_eq!((verified.site.as_str(), verified.entries, verified.span), ("gate", 0, None));
    let again = Reader::open(&path).unwrap().verify(Some(verified.hash), |_, _| {}).unwrap();
    assert_eq!(again.proved, Some(0));
}

#[test]
fn a_sound_journal_says_how_much_there_is() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    let mut people = People::new(5);
    people.now = Time(77);
    people.submit(&mut live, 4_000);
    let hash = (live.commit().unwrap(), live.journal().hash()).1;
    let all = entries(&path);
    let mut heard = Vec::new();
    let verified = Reader::open(&path).unwrap().verify(None, |done, of| heard.push((done, of))).unwrap();
    assert_eq!(verified.entries, all.len() as u64);
    assert_eq!(verified.span, Some((all[0].at, all[all.len() - 1].at)));
    assert_eq!((verified.hash, verified.proved), (hash, None));
    assert!(!heard.is_empty() && heard.iter().all(|(done, of)| done <= of && *of == verified.entries));
}

#[test]
fn a_part_of_a_journal_can_be_read() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    People::new(1).submit(&mut live, 60);
    live.commit().unwrap();
    let all = entries(&path);
    let part = |range, most| {
        let mut found = Vec::new();
        let read = Reader::open(&path).unwrap().entries(range, |stored| {
            found.push(stored.entry);
            if found.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        read.unwrap();
        found
    };
    assert_eq!(part(3..=5, 99), all[3..=5]);
    assert_eq!(part(3..=5, 2), all[3..5]);
    assert_eq!(part(u64::MAX..=u64::MAX, 99), []);
}

#[test]
fn reading_changes_nothing() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    People::new(1).submit(&mut live, 20);
    live.close().unwrap();
    let before = fs::read(&path).unwrap();
    let reader = Reader::open(&path).unwrap();
    reader.verify(None, |_, _| {}).unwrap();
    drop(reader);
    assert_eq!(fs::read(&path).unwrap(), before);
}

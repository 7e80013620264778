//! `apbrig journal`: what it says of sound journals, forged ones and other files.

use crate::fixture::{apbrig, arg, folder};
use apbrig::apb::id::{CardNumber, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::site::{Area, Site, SiteParts};
use apbrig::apb::time::Time;
use apbrig::store::Live;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The journal of a controller that refused ten strangers, half a second apart.
fn journal(folder: &Path) -> PathBuf {
    let areas = vec![Area { name: "outside".into(), ..Area::default() }];
    let site = SiteParts { name: "gate".into(), areas, ..SiteParts::default() };
    let path = folder.join("gate.journal");
    let site = Arc::new(Site::new(site).expect("the site is sound"));
    let (mut live, _) = Live::open(&path, site, Time::ZERO).expect("there is room");
    for i in 0..10 {
        let stranger = Input::read(ReaderId(0), CardNumber(i));
        live.handle(Time(500_000 * i), &stranger).expect("there is room");
    }
    live.close().expect("there is room");
    path
}

fn change(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_sound_journal_is_told_with_its_last_hash() {
    let to = folder();
    let path = arg(journal(to.path()));
    let said = apbrig(&["journal", "verify", &path]).ended(0);
    let told = format!("ok    {path}: 10 entries of the site `gate`, from 0.000 s to 4.500 s\nlast hash ");
    assert!(said.out.starts_with(&told) && said.err.is_empty(), "{}\n{}", said.out, said.err);
    let hash = said.out.trim_end().rsplit(' ').next().unwrap();
    let again = apbrig(&["journal", "verify", &path, "--expect-hash", hash]).ended(0);
    assert!(again.out.contains("after 10 entries: they are unchanged; 0 came later"), "{}", again.out);
}

#[test]
fn a_forged_journal_ends_with_1_and_names_the_entry() {
    let to = folder();
    let path = journal(to.path());
    let noted = "00".repeat(32);
    let said = apbrig(&["journal", "verify", &arg(&path), "--expect-hash", &noted]).ended(1);
    assert!(said.err.contains(&noted), "{}", said.err);
    change(&path, "UPDATE entry SET at_us = at_us + 1 WHERE seq = 6");
    let said = apbrig(&["journal", "verify", &arg(&path)]).ended(1);
    assert!(said.err.contains("entry 6 was altered") && said.out.is_empty(), "{}", said.err);
}

#[test]
fn a_table_that_is_gone_was_taken_out() {
    let to = folder();
    let path = journal(to.path());
    change(&path, "DROP TABLE entry");
    let said = apbrig(&["journal", "verify", &arg(&path)]).ended(1);
    assert!(said.err.contains("the whole table `entry` was taken out"), "{}", said.err);
    assert!(!said.err.contains("CREATE"), "{}", said.err);
}

#[test]
fn what_is_no_journal_ends_with_2() {
    let to = folder();
    let letter = to.path().join("letter");
    fs::write(&letter, "Dear Sir or Madam, ".repeat(100)).unwrap();
    for command in ["verify", "show"] {
        let said = apbrig(&["journal", command, &arg(&letter)]).ended(2);
        assert!(said.err.contains("no journal of apbrig"), "{}", said.err);
        assert!(!said.err.contains("not exist yet"), "{}", said.err);
        apbrig(&["journal", command, &arg(to.path().join("nowhere"))]).ended(2);
        apbrig(&["journal", command, &arg(to.path())]).ended(2);
    }
    apbrig(&["journal", "verify", &arg(journal(to.path())), "--expect-hash", "12"]).ended(2);
}

#[test]
fn entries_are_shown_as_lines_of_json() {
    let to = folder();
    let path = arg(journal(to.path()));
    let lines = |args: &[&str]| -> Vec<serde_json::Value> {
        let said = apbrig(&[&["journal", "show", &path], args].concat()).ended(0);
        said.out.lines().map(|l| serde_json::from_str(l).expect("a line is JSON")).collect()
    };
    let all = lines(&[]);
    assert_eq!(all.len(), 10);
    assert_eq!((&all[3]["seq"], &all[3]["at"]), (&3.into(), &1_500_000.into()));
    assert_eq!(all[3]["event"]["decision"]["card"], 3);
    assert_eq!(all[3]["hash"].as_str().map(str::len), Some(64));
    assert_eq!(lines(&["--from", "2", "--to", "4"]), all[2..=4]);
    assert_eq!(lines(&["--from", "9"]), all[9..]);
    assert!(lines(&["--from", "10"]).is_empty());
    let said = apbrig(&["journal", "show", &path, "--from", "6", "--to", "5"]).ended(2);
    assert_eq!(
        (said.out.as_str(), said.err.contains("--from 6 is after --to 5")),
        ("", true),
        "{}",
        said.err
    );
}

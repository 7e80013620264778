//! The power fails: whatever of SQLite's log had not been synced is lost, whole or in part, or garbage.

use crate::fixture::{Lots, People, assert_believes, entries, folder, journal, open};
use crate::forger::verify;
use std::fs;
use std::path::{Path, PathBuf};

fn log_of(journal: &Path) -> PathBuf {
    let mut path = journal.as_os_str().to_owned();
    path.push("-wal");
    path.into()
}

#[test]
fn a_cut_loses_whole_commits_and_only_such_as_were_not_synced() {
    let folder = folder();
    let path = journal(&folder);
    let (mut live, _) = open(&path);
    let mut people = People::new(23);
    let length = || fs::metadata(log_of(&path)).unwrap().len();
    // How many entries there were when the log was that long, and everything in it synced.
    let mut synced = vec![(length(), 0)];
    for _ in 0..40 {
        people.submit(&mut live, 6);
        live.commit().unwrap();
        synced.push((length(), live.journal().entries()));
    }
    assert!(synced.windows(2).all(|w| w[0].0 <= w[1].0), "the log was not begun anew meanwhile");
    let (file, log) = (fs::read(&path).unwrap(), fs::read(log_of(&path)).unwrap());
    let all = entries(&path);
    drop(live);

    let mut lots = Lots(4);
    for round in 0..60 {
        let from = usize::try_from(synced[0].0).unwrap();
        let cut = from + lots.below(u32::try_from(log.len() - from).unwrap()) as usize;
        let mut rest = log[..cut].to_vec();
        if round % 2 == 1 {
            rest.extend((0..lots.below(20_000)).map(|_| lots.below(256) as u8));
        }
        let copy = folder.path().join(format!("{round}.journal"));
        fs::write(&copy, &file).unwrap();
        fs::write(log_of(&copy), &rest).unwrap();

        let kept = synced.iter().rfind(|(length, _)| *length <= cut as u64).unwrap().1;
        let (live, effects) = open(&copy);
        let now = entries(&copy);
        assert_eq!(now[..kept as usize], all[..kept as usize], "cut at {cut}");
        assert_eq!(now[kept as usize..], effects.entries, "cut at {cut}");
        assert_believes(&live, &now);
        live.close().unwrap();
        verify(&copy).unwrap();
    }
}

//! The controller whose journal is on disk: decisions by size of the group that is committed together, and
//! how long it takes to open a long journal.
//!
//! People present at many lanes at once; their reads are committed together, and when the gates have opened
//! they walk while the next ones present. The files are in the system's folder for temporary files: the
//! figures are of the disk that it is on.

use crate::decisions;
use crate::repeat::{Figure, Lots, REPETITIONS, rates, timed};
use apbrig::apb::id::{Direction, LaneId, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::policy::Commit;
use apbrig::apb::site::{Lane, Reader as SiteReader, Site, SiteParts};
use apbrig::apb::time::{Span, Time};
use apbrig::store::{Live, Reader, Reopened};
use rusqlite::Connection;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// The seed panel's data sheet.
const HOLDERS: u32 = 45_000;

/// As many lanes as decisions in the largest group, so that nobody waits for a lane.
const LANES: u16 = 256;

/// Entries in the long journal: just before a checkpoint is due, the last one as far back as it gets.
const LONG: u64 = 8 * 131_072 - 4 * LANES as u64;

pub(crate) fn figures() -> Vec<Figure> {
    let site = site();
    let mut found = Vec::new();
    for (group, groups) in [(1, 400), (16, 400), (64, 300), (256, 200)] {
        let values = rates(|| Busy::begin(&site), |busy| busy.groups(group, groups));
        let name = format!("read and passage, durable, {group} committed together");
        found.push(Figure::new(name, "decisions/s", values, if group == 1 { "" } else { "20 000" }));
    }
    found.push(Figure::new("a synced write of 4 KiB and nothing else", "ms", bare_syncs(), ""));
    found.extend(latencies(&site));
    found.extend(long(&site));
    found
}

/// A live controller in a folder of its own, with people about.
struct Busy {
    live: Live,
    lots: Lots,
    inside: Vec<bool>,
    /// Who has a grant, by lane.
    walking: Vec<Direction>,
    now: Time,
    folder: TempDir,
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap_or_else(|error| panic!("no room for a journal: {error}"))
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("journal")
}

impl Busy {
    fn begin(site: &Arc<Site>) -> Self {
        let folder = folder();
        let live = Live::open(&path(&folder), site.clone(), Time::ZERO);
        let (live, _) = live.unwrap_or_else(|error| panic!("{error}"));
        let inside = vec![false; HOLDERS as usize];
        Self { live, lots: Lots(3), inside, walking: Vec::new(), now: Time::ZERO, folder }
    }

    /// So many groups of so many decisions; how many decisions that was.
    fn groups(&mut self, group: u16, groups: u64) -> u64 {
        for _ in 0..groups {
            self.submit(group);
            let effects = self.live.commit().unwrap_or_else(|error| panic!("{error}"));
            assert!(effects.entries.len() >= usize::from(group), "not everybody is granted");
        }
        u64::from(group) * groups
    }

    fn submit(&mut self, group: u16) {
        self.now = self.now + Span::millis(10);
        let (now, live) = (self.now, &mut self.live);
        let mut give = |input: &Input| live.submit(now, input).unwrap_or_else(|error| panic!("{error}"));
        for (lane, direction) in self.walking.drain(..).enumerate() {
            give(&Input::Passed { lane: LaneId::at(lane), direction });
        }
        for lane in 0..group {
            // Everybody has a lane at which nobody else presents, so nobody presents twice at once.
            let nth = self.lots.below(HOLDERS / u32::from(LANES));
            let holder = nth * u32::from(LANES) + u32::from(lane);
            let inside = &mut self.inside[holder as usize];
            let direction = if *inside { Direction::Out } else { Direction::In };
            *inside = !*inside;
            let reader = ReaderId::at(2 * usize::from(lane) + direction.index());
            give(&Input::read(reader, decisions::card(holder)));
            self.walking.push(direction);
        }
    }
}

/// What the disk takes for a commit, whoever asks it.
fn bare_syncs() -> Vec<f64> {
    const WRITES: u32 = 100;
    let folder = folder();
    let file = File::create(path(&folder));
    let mut file = file.unwrap_or_else(|error| panic!("no room for a file: {error}"));
    let mut write =
        || file.rewind().and_then(|()| file.write_all(&[7; 4_096])).and_then(|()| file.sync_data());
    let mut once = || (0..WRITES).try_for_each(|_| write()).unwrap_or_else(|error| panic!("{error}"));
    (0..REPETITIONS).map(|_| timed(&mut once).1.as_secs_f64() * 1e3 / f64::from(WRITES)).collect()
}

/// How long somebody stands at the reader until the gate may open, nobody else about.
fn latencies(site: &Arc<Site>) -> [Figure; 2] {
    let (mut middle, mut slow) = (Vec::new(), Vec::new());
    for _ in 0..REPETITIONS {
        let mut busy = Busy::begin(site);
        let mut took: Vec<Duration> = (0..300).map(|_| timed(|| busy.groups(1, 1)).1).collect();
        took.sort_unstable();
        let quantile = |q: usize| took[took.len() * q / 100].as_secs_f64() * 1e3;
        middle.push(quantile(50));
        slow.push(quantile(99));
    }
    let name = |q| format!("one read until its command is out, {q}");
    [Figure::new(name("p50"), "ms", middle, ""), Figure::new(name("p99"), "ms", slow, "less than 50")]
}

fn long(site: &Arc<Site>) -> Vec<Figure> {
    let mut busy = Busy::begin(site);
    while busy.live.journal().entries() < LONG {
        busy.groups(LANES, 1);
    }
    let entries = busy.live.journal().entries();
    let Busy { live, folder, .. } = busy;
    drop(live);
    let path = path(&folder);
    let with = reopened(&path, site, true);
    let verified = rates(
        || Reader::open(&path).unwrap_or_else(|error| panic!("{error}")),
        |reader| reader.verify(None, |_, _| {}).unwrap_or_else(|error| panic!("{error}")).entries,
    );
    let checkpoint = (0..REPETITIONS).map(|_| checkpoint(&path, site)).collect();
    let cleared = Connection::open(&path).and_then(|c| c.execute("UPDATE checkpoint SET state = NULL", []));
    cleared.unwrap_or_else(|error| panic!("{error}"));
    let without = reopened(&path, site, false);
    let bytes = path.metadata().map_or(0, |m| m.len()) as f64 / entries as f64;
    vec![
        Figure::new(format!("opening {entries} entries, from the last checkpoint"), "s", with, "at most 2"),
        Figure::new(format!("opening {entries} entries, all read"), "s", without, "at most 2"),
        Figure::new("verifying", "entries/s", verified, ""),
        Figure::new("a checkpoint of 45 000 holders", "ms", checkpoint, ""),
        Figure::new("on disk", "bytes per entry", vec![bytes], ""),
    ]
}

fn reopened(path: &Path, site: &Arc<Site>, from_checkpoint: bool) -> Vec<f64> {
    let open = |_| {
        let (reopened, took) = timed(|| Reopened::open(path, site.clone()));
        let reopening = reopened.unwrap_or_else(|error| panic!("{error}")).reopening();
        assert_eq!(reopening.checkpoint.is_some(), from_checkpoint, "{reopening:?}");
        took.as_secs_f64()
    };
    (0..REPETITIONS).map(open).collect()
}

fn checkpoint(path: &Path, site: &Arc<Site>) -> f64 {
    let live = Live::open(path, site.clone(), Time::ZERO);
    let (live, _) = live.unwrap_or_else(|error| panic!("{error}"));
    let (closed, took) = timed(|| live.close());
    closed.unwrap_or_else(|error| panic!("{error}"));
    took.as_secs_f64() * 1e3
}

fn site() -> Arc<Site> {
    let mut parts = SiteParts::clone(&decisions::site(HOLDERS, Commit::OnPassage));
    let lane = parts.lanes[0].clone();
    parts.lanes = (0..LANES).map(|i| Lane { name: format!("L{i}"), ..lane.clone() }).collect();
    let reader = |i, direction| SiteReader::new(format!("R{i}{direction}"), LaneId(i), direction);
    parts.readers = (0..LANES).flat_map(|i| Direction::BOTH.map(|d| reader(i, d))).collect();
    Arc::new(Site::new(parts).unwrap_or_else(|errors| panic!("{errors:?}")))
}

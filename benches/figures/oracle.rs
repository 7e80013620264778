//! The controller as an oracle: lines in, lines out, in memory. Honest people at eight lanes, few enough for
//! the processor's cache and as many as a panel holds.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on fails")]

use crate::repeat::{Figure, Lots, rates};
use apbrig::oracle::{Changes, Columns, Log, Options, Oracle, answer, changed_site, replay};
use apbrig::scenario::stamp::Clocks;
use apbrig::scenario::{DiskFiles, load_site};
use std::fmt::Write as _;
use std::io::{self, Cursor};
use std::path::Path;

/// Reads in one repetition.
const READS: u64 = 400_000;

const LANES: u32 = 8;

pub(crate) fn figures() -> Vec<Figure> {
    let mut found = Vec::new();
    for holders in [100, 45_000] {
        let site = Site::new(holders);
        for (passages, name) in [(false, "reads, on grant"), (true, "reads and passages, on passage")] {
            let text = events(holders, passages);
            let lines = text.lines().count() as u64;
            let values = rates(
                || site.oracle(!passages),
                |oracle| {
                    answer(oracle, text.as_bytes(), io::sink(), |_| ()).expect("every line is answered");
                    lines
                },
            );
            found.push(Figure::new(format!("{name}, {holders} holders"), "events/s", values, "1 000 000"));
        }
        let values = replays(&site, holders);
        found.push(Figure::new(format!("access log, {holders} holders"), "rows/s", values, "1 000 000"));
    }
    found
}

/// A log of date and time, reader and credential, with nothing but the summary coming out.
fn replays(site: &Site, holders: u32) -> Vec<f64> {
    let log = log(holders);
    let columns = Columns::parse("time=Time,reader=Reader,credential=Card").expect("three columns");
    let prepare = || {
        let clocks = Clocks::new(Some("Europe/London")).expect("a time zone");
        let input = Box::new(Cursor::new(log.clone()));
        let log = Log::open(input, &columns, clocks, None).unwrap_or_else(|e| panic!("{e}"));
        (site.oracle(true), log)
    };
    rates(prepare, |(oracle, log)| {
        replay(oracle, log, io::sink(), |_| ()).expect("every row is answered");
        READS
    })
}

/// A site with eight lanes, read from a file as every site is.
struct Site(apbrig::apb::site::Site);

impl Site {
    fn new(holders: u32) -> Self {
        let mut lanes = String::new();
        let mut readers = String::new();
        for lane in 1..=LANES {
            let _ = writeln!(lanes, "(id: \"L{lane}\", from: \"out\", to: \"in\", x_m: {lane}.0, y_m: 5.0),");
            for (reader, from, to) in [("e", "out", "in"), ("x", "in", "out")] {
                let _ = writeln!(
                    readers,
                    "(id: \"L{lane}{reader}\", lane: \"L{lane}\", from: \"{from}\", to: \"{to}\"),"
                );
            }
        }
        let text = format!(
            "Site(name: \"bench\", areas: [(id: \"out\"), (id: \"in\", within: \"out\")],\n\
             lanes: [{lanes}], readers: [{readers}],\n\
             populations: [(id: \"staff\", count: {holders})])"
        );
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let path = folder.path().join("site.ron");
        std::fs::write(&path, text).expect("there is room");
        Self(load_site(Path::new(&path), &DiskFiles).expect("the site is sound").site)
    }

    fn oracle(&self, on_grant: bool) -> Oracle {
        let commit = if on_grant { "commit=on_grant" } else { "commit=on_passage" };
        let changes = Changes { policy: Some("hard".into()), set: vec![commit.into()], ..Changes::default() };
        let (site, _) = changed_site(&self.0, &changes).expect("the policy fits");
        Oracle::new(site, Options { assume_taken: on_grant, ..Options::default() })
    }
}

/// Who comes where, and whether in.
fn visits(holders: u32) -> impl Iterator<Item = (u64, u32, u32, bool)> {
    let mut lots = Lots(7);
    let mut inside = vec![false; holders as usize];
    (0..READS).map(move |i| {
        let (holder, lane) = (lots.below(holders), lots.below(LANES) + 1);
        let is_inside = &mut inside[holder as usize];
        *is_inside = !*is_inside;
        (i, holder + 1, lane, *is_inside)
    })
}

fn events(holders: u32, passages: bool) -> String {
    let digits = holders.to_string().len().max(4);
    let mut text = String::new();
    for (i, holder, lane, enters) in visits(holders) {
        let reader = if enters { 'e' } else { 'x' };
        let card = format!("staff-{holder:0digits$}");
        let _ = writeln!(
            text,
            "{{\"t\":{i}.125,\"read\":{{\"reader\":\"L{lane}{reader}\",\"credential\":\"{card}\"}}}}"
        );
        if passages {
            let way = if enters { "in" } else { "out" };
            let _ = writeln!(
                text,
                "{{\"t\":{i}.75,\"passed\":{{\"lane\":\"L{lane}\",\"direction\":\"{way}\"}}}}"
            );
        }
    }
    text
}

fn log(holders: u32) -> String {
    let digits = holders.to_string().len().max(4);
    let mut text = "Time;Reader;Card\n".to_owned();
    for (i, holder, lane, enters) in visits(holders) {
        let reader = if enters { 'e' } else { 'x' };
        let (day, second) = (i / 86_400 + 1, i % 86_400);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let _ = writeln!(
            text,
            "2026-06-{day:02} {hour:02}:{minute:02}:{second:02};L{lane}{reader};staff-{holder:0digits$}"
        );
    }
    text
}

//! Records: replayed, reported anew, cut off and tampered with.

use crate::fixture::{Said, apbrig, arg, command, files, folder, results};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

/// The lines of a record.
pub(crate) fn unpacked(record: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(record).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// Writes lines as a record.
pub(crate) fn pack(record: &Path, text: &str) {
    let mut gzip = GzEncoder::new(fs::File::create(record).unwrap(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap();
}

/// A run of the known log.
fn known_log() -> (TempDir, PathBuf) {
    let to = folder();
    let run = to.path().join("run");
    apbrig(&["run", "scenarios/commissioning/known-log.ron", "--out", &arg(&run)]).ended(0);
    (to, run)
}

#[test]
fn replay_prints_the_journal() {
    let (_keep, run) = known_log();
    let said = apbrig(&["replay", &arg(&run)]).ended(0);
    assert_eq!(said.out, fs::read_to_string(run.join("events.csv")).unwrap());
    let of_record = apbrig(&["replay", &arg(run.join("record.jsonl.gz"))]).ended(0);
    assert_eq!(said.out, of_record.out);
}

#[test]
fn replay_verifies_and_names_the_digest() {
    let (_keep, run) = known_log();
    let said = apbrig(&["replay", &arg(&run), "--verify"]).ended(0);
    let digest = results(&run)["digest"].as_str().unwrap().to_owned();
    assert!(said.out.starts_with("identical:") && said.out.contains(&digest), "{}", said.out);
}

#[test]
fn report_makes_the_same_files_from_the_record_alone() {
    let (keep, run) = known_log();
    let before = files(&run);
    let elsewhere = keep.path().join("anew");
    apbrig(&["report", &arg(&run), "--out", &arg(&elsewhere)]).ended(0);
    let anew = files(&elsewhere);
    let without_record: Vec<_> = before.iter().filter(|(n, _)| n != "record.jsonl.gz").cloned().collect();
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    assert_eq!(names(&anew), names(&without_record));
    for (was, is) in without_record.iter().zip(&anew) {
        assert!(was == is, "{} differs", was.0);
    }
    apbrig(&["report", &arg(&run)]).ended(0);
    assert!(files(&run) == before, "a report beside the record changes something");
}

#[test]
fn a_record_that_is_cut_off_is_named_as_such() {
    let (keep, run) = known_log();
    let whole = fs::read(run.join("record.jsonl.gz")).unwrap();
    let cut = keep.path().join("cut.jsonl.gz");
    for length in [0, 10, whole.len() / 2, whole.len() - 4] {
        fs::write(&cut, &whole[..length]).unwrap();
        for args in
            [vec!["replay".to_owned(), arg(&cut)], vec!["replay".into(), arg(&cut), "--verify".into()]]
        {
            let said = apbrig(&args).ended(2);
            assert!(said.err.contains("cut off"), "{length} bytes, {args:?}: {}", said.err);
        }
    }
}

#[test]
fn of_a_record_that_is_cut_off_the_rest_is_reported() {
    let (keep, run) = known_log();
    let whole = fs::read(run.join("record.jsonl.gz")).unwrap();
    let (cut, out) = (keep.path().join("cut.jsonl.gz"), keep.path().join("out"));
    let args = ["report".to_owned(), arg(&cut), "--out".into(), arg(&out)];
    fs::write(&cut, &whole[..10]).unwrap();
    assert!(apbrig(&args).ended(2).err.contains("cut off") && !out.exists());
    for length in [whole.len() / 2, whole.len() - 4] {
        fs::write(&cut, &whole[..length]).unwrap();
        let said = apbrig(&args).ended(0);
        assert!(said.err.contains("cut off") && said.out.contains("Interrupted"), "{}", said.err);
        assert_eq!(results(&out)["outcome"], "aborted");
    }
}

#[test]
fn what_is_no_record_is_refused() {
    let to = folder();
    let path = to.path().join("record.jsonl.gz");
    fs::write(&path, "no gzip at all").unwrap();
    for args in [&["replay", &arg(&to)][..], &["report", &arg(&to)]] {
        assert!(apbrig(args).ended(2).err.contains("this is no record"));
    }
    pack(&path, "{\"schema\":\"apbrig.record/99\",\"apbrig\":\"99.0.0\"}\n");
    assert!(apbrig(&["replay", &arg(&to)]).ended(2).err.contains("99.0.0"));
}

#[test]
fn a_line_changed_by_hand_is_found() {
    let (_keep, run) = known_log();
    let record = run.join("record.jsonl.gz");
    let text = unpacked(&record);
    pack(&record, &text.replacen("\"granted\"", "\"denied\"", 1));
    let said = apbrig(&["replay", &arg(&run), "--verify"]).ended(2);
    assert!(said.err.contains("digest"), "{}", said.err);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let (_keep, run) = known_log();
    for args in [
        vec!["replay".to_owned(), arg(&run)],
        vec!["--help".into()],
        vec!["check".into(), "scenarios".into()],
    ] {
        let mut child = command().args(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let said = Said::of(&child.wait_with_output().unwrap()).ended(0);
        assert!(said.err.is_empty(), "{args:?}: {}", said.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let (_keep, run) = known_log();
    let full = fs::File::create("/dev/full").unwrap();
    let child = command().args(["replay", &arg(&run)]).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let said = Said::of(&child.wait_with_output().unwrap()).ended(2);
    assert!(said.err.contains("free some space"), "{}", said.err);
}

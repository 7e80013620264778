//! The record as JSON.

use crate::fixture::{changed, site, with_policy};
use crate::golden::difference;
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::commission::folder::{FolderError, Found};
use apbrig::commission::progress::Undertaking;
use apbrig::commission::record::{About, Verdict, record_json};
use apbrig::commission::{Commissioning, Options, Record, Simulated, Stand, Unattended, findings, plan};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// One lane whose entry reader is soft where hard was planned; nothing but the readers' phases.
fn record() -> Record {
    let planned = with_policy(site("one-lane.ron"), &Policy::hard());
    let built = changed(planned.clone(), |parts| parts.readers[0].apb = Some(Enforcement::Soft));
    let mut acceptance = plan(&planned);
    acceptance.phases.retain(|p| p.id.starts_with("R1e/"));
    let mut stand = Simulated::new(&built);
    let mut run = Commissioning::new(&acceptance, &planned.site, Options { epoch_ms: 1_772_445_600_000 });
    run.run(&mut stand, &mut Unattended { repeats: 1 }, &mut |_| Ok(())).unwrap();
    Record {
        site: planned.site.name.clone(),
        about: About {
            station: "bench 1".into(),
            version: "0.0.0".into(),
            simulated: true,
            start_ms: 1_772_445_600_000,
            end_ms: 1_772_445_600_000 + stand.now().0 / 1_000,
            ..About::default()
        },
        planned: acceptance.phases.len(),
        findings: findings(&planned),
        devices: stand.devices(),
        phases: run.results(),
    }
}

#[test]
fn the_record_is_as_agreed() {
    let record = record();
    assert_eq!(record.verdict(), Verdict::Fail);
    let json = record_json(&record);
    let found = difference("tests/golden/commission/record.json", &json);
    assert!(found.is_none(), "{}", found.unwrap_or_default());
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&value["schema"], &value["outcome"]), (&"apbrig.commission/1".into(), &"FAIL".into()));
    let again = value["phases"].as_array().unwrap().iter().find(|p| p["name"] == "R1e/again").unwrap();
    assert_eq!((&again["outcome"], &again["attempts"]), (&"FAIL".into(), &2.into()));
    let measured = &again["measurements"]["4.decision"];
    assert_eq!((&measured["outcome"], &measured["measured_value"]), (&"FAIL".into(), &"flagged".into()));
    assert_eq!(value["outcome_details"][0]["code"], "R1e/again");
}

#[test]
fn a_record_that_ends_early_is_no_pass() {
    let mut record = record();
    record.phases.retain(|p| p.id == "R1e/known");
    assert_eq!(record.verdict(), Verdict::Aborted);
    record.planned = 1;
    assert_eq!(record.verdict(), Verdict::Pass);
    record.phases.clear();
    record.planned = 0;
    assert_eq!(record.verdict(), Verdict::Aborted);
}

#[test]
fn a_part_of_the_plan_that_passed_is_no_pass_of_the_whole() {
    let mut record = record();
    record.phases.retain(|p| p.id == "R1e/known");
    assert!(!record.is_part_passed(), "it was broken off");
    record.about.only = vec!["known".into()];
    assert_eq!(record.verdict(), Verdict::Aborted);
    assert!(record.is_part_passed());
    assert!(record_json(&record).contains("\"only\": [\n      \"known\"\n    ]"));
    record.phases.clear();
    assert!(!record.is_part_passed());
}

/// Who finishes one commissioning and begins another keeps the first.
#[test]
fn a_finished_commissioning_is_kept() {
    let base = tempfile::tempdir().unwrap();
    let (site, folder) = (with_policy(site("one-lane.ron"), &Policy::hard()), base.path().join("desk"));
    let plan = plan(&site);
    let of = Undertaking { plan: &plan, site: &site.site, station: "simulated", simulated: true };
    let record = record();
    let names = |folder: &Path| {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    // Looking for a place writes nothing.
    let found = Found::free(&folder, false, &of).unwrap();
    assert!(!folder.exists());
    let (mut first, done) = found.open(&of).unwrap();
    assert_eq!((first.path(), done), (folder.as_path(), vec![]));
    first.keep(&record.phases[0]).unwrap();

    // What was broken off is gone on with only if that is wanted.
    assert!(matches!(Found::free(&folder, false, &of), Err(FolderError::Begun { .. })));
    let (first, done) = Found::free(&folder, true, &of).unwrap().open(&of).unwrap();
    assert_eq!(done, record.phases[..1]);
    first.finish(&record, &[("certificate.html", "signed")]).unwrap();
    assert_eq!(names(&folder), ["certificate.html", "commission.json", "progress.jsonl"]);

    // What is finished is kept.
    for resume in [false, true] {
        let wrong = Found::named(&folder, resume, &of).unwrap_err().to_string();
        assert!(wrong.contains("which is kept: choose another --out"), "{wrong}");
    }
    let (second, done) = Found::free(&folder, false, &of).unwrap().open(&of).unwrap();
    assert_eq!((second.path(), done), (base.path().join("desk-2").as_path(), vec![]));
    assert_eq!(fs::read_to_string(folder.join("certificate.html")).unwrap(), "signed");
    let resumed = Found::free(&folder, true, &of).unwrap().open(&of).unwrap();
    assert_eq!(resumed.0.path(), base.path().join("desk-2"));
}

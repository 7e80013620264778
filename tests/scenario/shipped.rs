//! Every shipped scenario and site loads, and a record of its texts loads the same.

use apbrig::scenario::{
    DiskFiles, Kind, RecordedFiles, find, kind_of, load, load_lane_type, load_population, load_site,
};
use std::path::{Path, PathBuf};

/// Every RON file below `scenarios/`, in sorted order.
pub(crate) fn files() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("scenarios")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "ron") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() >= 9, "{files:?}");
    files
}

#[test]
fn every_shipped_file_loads() {
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        match kind_of(&text) {
            Some(Kind::Site) => {
                load_site(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
            }
            Some(Kind::Scenario) => {
                load(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
            }
            Some(Kind::LaneType) => {
                load_lane_type(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
            }
            Some(Kind::Population) => {
                load_population(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
            }
            Some(Kind::Hardware | Kind::Other) => {}
            None => panic!("{}: neither scenario nor site", path.display()),
        }
    }
}

#[test]
fn a_record_of_the_texts_is_enough() {
    for path in find(&[PathBuf::from("scenarios")]).unwrap() {
        let first = load(&path, &DiskFiles).unwrap();
        assert_eq!(Path::new(&first.sources[0].path), path);
        let second = load(&path, &RecordedFiles(first.sources.clone())).unwrap();
        assert!(format!("{first:?}") == format!("{second:?}"), "{}", path.display());
    }
}

#[test]
fn find_skips_sites_and_keeps_order() {
    let found = find(&[PathBuf::from("scenarios")]).unwrap();
    assert!(found.is_sorted());
    assert!(found.iter().any(|p| p.ends_with("modes/hard.ron")));
    assert!(!found.iter().any(|p| p.ends_with("sites/one-lane.ron")));
    let nothing = find(&[PathBuf::from("scenarios/sites")]).unwrap_err();
    assert!(nothing.to_string().contains("no scenario in scenarios/sites"), "{nothing}");
    assert!(find(&[PathBuf::from("nowhere")]).is_err());
}

#[test]
fn the_language_by_example_is_true() {
    let readme = std::fs::read_to_string("scenarios/README.md").unwrap();
    let blocks: Vec<&str> = readme.split("```ron\n").skip(1).filter_map(|b| b.split("```").next()).collect();
    let folder = tempfile::tempdir().unwrap();
    let whole = |kind| blocks.iter().find(|b| b.trim_start().starts_with(kind)).unwrap();
    std::fs::write(folder.path().join("site.ron"), whole("Site(")).unwrap();
    let scenario = folder.path().join("scenario.ron");
    std::fs::write(&scenario, whole("Scenario(")).unwrap();
    std::fs::write(folder.path().join("commuters.ron"), whole("Population(")).unwrap();
    load(&scenario, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
    for block in &blocks {
        let parsed = apbrig::scenario::syntax::parse(block);
        assert!(parsed.mistakes.is_empty(), "{block}: {:?}", parsed.mistakes);
    }
}

#[test]
fn the_reference_names_every_measure() {
    use apbrig::scenario::expect::{DOMAIN_MEASURES, LANE_MEASURES, MEASURES};
    let readme = std::fs::read_to_string("scenarios/README.md").unwrap();
    for name in MEASURES.iter().chain(DOMAIN_MEASURES).chain(LANE_MEASURES) {
        assert!(readme.contains(&format!("`{name}`")), "scenarios/README.md does not explain `{name}`");
    }
}

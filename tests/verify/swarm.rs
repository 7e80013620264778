//! Random cases against every oracle.

use apbrig::scenario::{DiskFiles, find, load};
use apbrig::verify::case::Case;
use apbrig::verify::check::{check, check_case};
use std::path::PathBuf;

#[test]
fn some_hundred_cases_hold() {
    let mut failures = Vec::new();
    for number in 0..300 {
        let case = Case::draw(20_260_302, number);
        for failure in check_case(&case) {
            failures.push(format!("{}: {failure}", case.reproduce()));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_once_broke_holds() {
    // The folder may hold no scenario at all: nothing that broke is unmended.
    for path in find(&[PathBuf::from("scenarios/regressions")]).unwrap_or_default() {
        let scenario = load(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)));
        let failures = check(&scenario, scenario.seed, true);
        assert!(failures.is_empty(), "{}: {failures:?}", path.display());
    }
}

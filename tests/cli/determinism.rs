//! Two runs of one scenario leave the same bytes, however many go on at the same time.

use crate::fixture::{apbrig, arg, files, folder};

#[test]
fn two_runs_leave_the_same_bytes() {
    let to = folder();
    let runs = ["a", "b"].map(|name| {
        let out = to.path().join(name);
        apbrig(&["run", "scenarios/commissioning/known-log.ron", "--out", &arg(&out)]).ended(0);
        files(&out)
    });
    assert_eq!(runs[0].len(), runs[1].len());
    for (first, second) in runs[0].iter().zip(&runs[1]) {
        assert!(first == second, "{} differs from {}", first.0, second.0);
    }
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let to = folder();
    let runs = ["1", "4"].map(|jobs| {
        let out = to.path().join(jobs);
        let said = apbrig(&["run", "scenarios/modes", "--jobs", jobs, "--out", &arg(&out)]).ended(0);
        (files(&out), said.out)
    });
    assert!(runs[0] == runs[1]);
}

//! Every faulty controller is found out by the scenario named for it, and the sound one is not.

use apbrig::metrics::results::Outcome;
use apbrig::scenario::{DiskFiles, Scenario, load};
use apbrig::verify::check::judge;
use apbrig::verify::mutant::{MUTANTS, SOUND};
use apbrig::verify::trial::run;
use std::collections::BTreeSet;
use std::path::Path;

fn shipped(path: &str) -> Scenario {
    let path = Path::new("scenarios").join(path);
    load(&path, &DiskFiles).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

#[test]
fn every_faulty_controller_is_found_out_as_the_table_says() {
    let mut wrong = Vec::new();
    println!("| controller | what is wrong with it | found out by | because of |");
    for mutant in MUTANTS {
        let traces = mutant.traces(&shipped(mutant.scenario)).unwrap();
        println!("{}", mutant.row());
        if traces.first().map(String::as_str) != Some(mutant.because) {
            wrong.push(format!("{}: {traces:?}", mutant.name));
        }
    }
    assert!(wrong.is_empty(), "not found out, or otherwise than the table says:\n{}", wrong.join("\n"));
}

#[test]
fn the_sound_controller_passes_every_one_of_these_scenarios() {
    let scenarios: BTreeSet<&str> = MUTANTS.iter().map(|m| m.scenario).collect();
    for path in scenarios {
        let scenario = shipped(path);
        let trial = run(&scenario, scenario.seed).unwrap();
        let results = &trial.results;
        let failed: Vec<_> = results.expectations.iter().filter(|e| e.outcome != Outcome::Pass).collect();
        assert!(results.outcome == Outcome::Pass, "{path}: {failed:#?}");
        assert_eq!(judge(&trial, false), [], "{path}");
        let traces = SOUND.traces(&scenario).unwrap();
        assert!(traces.is_empty(), "{path}: the wrapper itself is found out by {traces:?}");
    }
}

#[test]
fn there_are_many_and_no_two_are_called_alike() {
    let names: BTreeSet<&str> = MUTANTS.iter().map(|m| m.name).collect();
    assert!(names.len() == MUTANTS.len() && names.len() >= 16);
}

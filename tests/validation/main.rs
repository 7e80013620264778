//! The crowd held against experiments: every figure of `apbrig validate` is in its band, and the sample page
//! shows just these figures.
//!
//! `APBRIG_BLESS=1 cargo test --test validation` writes the sample anew.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "../kit/golden.rs"]
mod golden;

use apbrig::metrics::validation::{Figure, Part, Validation};
use apbrig::report::write_validation;
use apbrig::scenario::DiskFiles;
use apbrig::verify::validation::TRIALS;
use apbrig::verify::validation::stage::Stage;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Figures that are known to miss their bands, by part and name; whoever mends one takes it off this list.
const KNOWN_MISSES: [(&str, &str); 2] = [("rimea-09", "by two doors"), ("rimea-15", "time round the corner")];

/// Every part, done once for all tests on as many threads as there are processors.
fn validation() -> &'static Validation {
    static DONE: OnceLock<Validation> = OnceLock::new();
    DONE.get_or_init(|| {
        let stage = Stage { folder: Path::new("scenarios/validation"), files: &DiskFiles };
        let parts: Vec<OnceLock<Part>> = TRIALS.iter().map(|_| OnceLock::new()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(trial) = TRIALS.get(next.fetch_add(1, Ordering::Relaxed)) {
                let part = trial.run(&stage).unwrap_or_else(|e| panic!("{}", e.render(false)));
                let place = TRIALS.iter().position(|t| t.name == trial.name).unwrap();
                parts[place].set(part).unwrap();
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(work);
            }
        });
        let parts = parts.into_iter().map(|part| part.into_inner().unwrap()).collect();
        Validation { parts, interrupted: false }
    })
}

fn in_their_bands(name: &str) {
    let part = validation().parts.iter().find(|p| p.name == name).expect("a part of this name");
    assert!(!part.figures.is_empty());
    let is_known = |f: &Figure| KNOWN_MISSES.contains(&(name, f.what.as_str()));
    let surprises: Vec<&Figure> = part.figures.iter().filter(|f| f.is_met() == is_known(f)).collect();
    assert!(surprises.is_empty(), "missed, or known as missed and met: {surprises:#?}, of {part:#?}");
}

macro_rules! parts {
    ($($test:ident $name:literal,)*) => {
        $(#[test]
        fn $test() {
            in_their_bands($name);
        })*

        #[test]
        fn every_part_has_its_test() {
            let tested = [$($name),*];
            assert_eq!(TRIALS.map(|t| t.name).to_vec(), tested);
            assert!(TRIALS.iter().all(|t| validation().parts.iter().any(|p| p.name == t.name)));
        }
    };
}

parts! {
    rimea_1_somebody_alone_keeps_their_speed "rimea-01",
    rimea_4_speed_over_density_is_in_the_measured_bands "rimea-04",
    rimea_5_everybody_sets_out_in_their_own_time "rimea-05",
    rimea_6_nobody_walks_through_a_corner "rimea-06",
    rimea_7_everybody_walks_as_fast_as_their_age_does "rimea-07",
    rimea_9_half_of_the_doors_take_twice_as_long "rimea-09",
    rimea_10_everybody_leaves_by_their_own_exit "rimea-10",
    rimea_12_behind_a_narrow_corridor_there_is_no_jam "rimea-12",
    rimea_15_a_corner_is_between_the_short_and_the_long_way "rimea-15",
    the_flow_through_an_opening_grows_with_its_width "bottleneck",
    the_flow_hardly_depends_on_the_step "step",
    free_lanes_let_everybody_through_as_fast_as_people_walk "lanes",
    a_flap_barrier_works_at_its_own_cycle "gate",
    people_wait_as_long_as_theory_says "queue",
}

#[test]
fn the_sample_shows_these_figures() {
    let folder = tempfile::tempdir().unwrap();
    write_validation(folder.path(), validation()).unwrap();
    for file in ["validation.html", "validation.csv", "charts/bottleneck.svg", "charts/rimea-04.svg"] {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        let difference = golden::difference(&format!("reports/samples/validation/{file}"), &text);
        assert_eq!(difference, None, "{}", difference.as_deref().unwrap_or_default());
    }
}

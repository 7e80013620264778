//! The loaders of the language: any text is a file or a list of mistakes that can be shown.

use apbrig::scenario::{Diagnostics, RecordedFiles, Scenario, Source, kind_of, load, load_site};
use std::path::Path;

/// The sites that scenarios can name, by the paths they name them by.
const SITES: [(&str, &str); 4] = [
    ("x/../sites/one-lane.ron", include_str!("../../../scenarios/sites/one-lane.ron")),
    ("x/../sites/eight-lanes.ron", include_str!("../../../scenarios/sites/eight-lanes.ron")),
    ("x/../sites/nested-lab.ron", include_str!("../../../scenarios/sites/nested-lab.ron")),
    ("x/../sites/two-wings.ron", include_str!("../../../scenarios/sites/two-wings.ron")),
];

/// The path of the file itself.
const FILE: &str = "x/file.ron";

fn files(text: &str) -> RecordedFiles {
    let source = |(path, text): (&str, &str)| Source { path: path.into(), text: text.into() };
    RecordedFiles(std::iter::once((FILE, text)).chain(SITES).map(source).collect())
}

/// Loads a text as a site.
pub(crate) fn site(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    kind_of(text);
    if let Err(mistakes) = load_site(Path::new(FILE), &files(text)) {
        show(&mistakes);
    }
}

/// Loads a text as a scenario; once sound, its own sources load again, and to the same scenario.
pub(crate) fn scenario(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    kind_of(text);
    match load(Path::new(FILE), &files(text)) {
        Err(mistakes) => show(&mistakes),
        Ok(sound) => {
            let again = load(Path::new(FILE), &RecordedFiles(sound.sources.clone()));
            let again = again.unwrap_or_else(|e| panic!("{}", e.render(false)));
            assert!(is_same(&sound, &again), "a record is not enough: {sound:?} became {again:?}");
        }
    }
}

/// Whether two scenarios are the same in everything that a run depends on.
fn is_same(one: &Scenario, other: &Scenario) -> bool {
    let (a, b) = (&one.plan, &other.plan);
    let plan = *a.site == *b.site && (&a.lanes, &a.portals, a.wire) == (&b.lanes, &b.portals, b.wire);
    let story = |s: &Scenario| (s.title.clone(), s.seed, s.duration, s.tick, s.start.clone(), s.start_second);
    plan && story(one) == story(other)
        && (&one.crowd, &one.script) == (&other.crowd, &other.script)
        && (&one.faults, &one.expectations) == (&other.faults, &other.expectations)
}

/// Every mistake has a place, and the whole can be printed.
fn show(mistakes: &Diagnostics) {
    assert!(!mistakes.is_empty(), "a file is refused without a word");
    assert!(!mistakes.render(true).is_empty());
    for mistake in mistakes {
        assert!(mistake.line() >= 1 && mistake.column() >= 1);
    }
}

//! The oracle's event stream: any bytes are answered line by line until a line makes no sense, which is
//! named.

use apbrig::apb::policy::Policy;
use apbrig::apb::site::{Site, SiteParts};
use apbrig::oracle::{Options, Oracle, Stopped, answer};
use apbrig::scenario::{RecordedFiles, Source, load_site};
use std::path::Path;
use std::sync::LazyLock;

const NESTED: &str = include_str!("../../../scenarios/sites/reference/nested.ron");

/// Areas within areas, each with a policy that denies.
static SITE: LazyLock<Site> = LazyLock::new(|| {
    let files = RecordedFiles(vec![Source { path: "nested.ron".into(), text: NESTED.into() }]);
    let plan = load_site(Path::new("nested.ron"), &files).expect("a shipped site is sound");
    let mut parts = SiteParts::clone(&plan.site);
    for area in parts.areas.iter_mut().skip(1) {
        area.policy = Policy::hard();
    }
    Site::new(parts).expect("a policy that denies fits a site with readers both ways")
});

/// Answers the same events twice over, as they are and with every grant taken at once.
pub(crate) fn events(bytes: &[u8]) {
    for assume_taken in [false, true] {
        let options = Options { assume_taken, counted: true, ..Options::default() };
        let mut oracle = Oracle::new(SITE.clone(), options);
        let mut answers = Vec::new();
        let end = answer(&mut oracle, bytes, &mut answers, |_| {});
        if let Err(stopped) = end {
            let Stopped::Line { number, what } = stopped else { panic!("memory was not read: {stopped}") };
            let lines = 1 + bytes.iter().filter(|b| **b == b'\n').count() as u64;
            assert!((1..=lines).contains(&number) && !what.is_empty(), "line {number} of {lines}: {what}");
        }
        for line in answers.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            let said: serde_json::Value = serde_json::from_slice(line).expect("an answer is JSON");
            assert!(said.get("event").is_some_and(serde_json::Value::is_string), "{said}");
        }
        let summary = oracle.summary().expect("it was counted");
        assert!(!summary.text().is_empty());
    }
}

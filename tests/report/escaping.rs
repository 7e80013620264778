//! Names are data: no name can become markup or an escape sequence.

use crate::{fixture, markup};
use apbrig::metrics::Results;
use apbrig::report::{Style, charts, junit_of, page, summary};

const EVIL: &str = "<script>alert(\"1\")</script> & 'co' ]]> \u{1b}[31m\u{7}";

fn evil() -> Results {
    let mut results = fixture::morning();
    let (violation, expectation) = (&mut results.violations[0], &mut results.expectations[2]);
    let alert = &mut results.alerts[0];
    for text in [
        &mut results.scenario,
        &mut results.title,
        &mut results.site,
        &mut results.start,
        &mut results.digest,
        &mut results.reproduce,
        &mut results.occupancy[0].area,
        &mut results.lanes[0].lane,
        &mut violation.credential,
        &mut violation.holder,
        &mut violation.reader,
        &mut violation.lane,
        &mut results.trespasses[0].lane,
        &mut alert.cause,
        &mut alert.lane,
        &mut expectation.measure,
        &mut expectation.bound,
        &mut expectation.value,
    ] {
        *text = EVIL.into();
    }
    results
}

#[test]
fn no_name_becomes_markup() {
    let results = evil();
    let page = page(&results);
    markup::assert_html(&page);
    assert!(!page.contains("<script"));
    for chart in charts(&results) {
        markup::assert_xml(&chart.svg);
        assert!(!chart.svg.contains("<script"));
    }
    markup::assert_xml(&junit_of(&[results], &[]).unwrap());
}

#[test]
fn no_name_reaches_the_terminal_as_a_command() {
    for colour in [false, true] {
        let text = summary(&evil(), None, Style { colour });
        assert!(!text.contains("\u{1b}[31m") && !text.contains('\u{7}'), "{text:?}");
    }
}

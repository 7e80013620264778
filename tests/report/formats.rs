//! Every format against its golden file, and what all of them promise.

use crate::{fixture, golden, markup};
use apbrig::metrics::results::{Checked, Outcome};
use apbrig::report::{Style, charts, junit_of, page, results_json, summary, write_all};
use std::path::Path;

#[test]
fn results_json_is_as_agreed() {
    let json = results_json(&fixture::morning()).unwrap();
    golden::check("results.json", &json);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["schema"], "apbrig.results/1");
    assert_eq!(value["outcome"], "fail");
    assert_eq!(value["measures"]["tailgate_detection_rate"]["low"], 0.555);
    assert_eq!(value["measures"]["bodies_in"]["low"], serde_json::Value::Null);
    assert_eq!(value["expectations"][2]["outcome"], "fail");
}

#[test]
fn junit_has_one_case_per_expectation() {
    let xml = junit_of(&[fixture::morning(), fixture::empty()], &[]).unwrap();
    golden::check("junit.xml", &xml);
    markup::assert_xml(&xml);
    assert_eq!(xml.matches("<testcase ").count(), 7);
    assert_eq!(xml.matches("<failure ").count(), 1);
    assert!(!xml.contains("timestamp=") && !xml.contains("time="));
}

#[test]
fn a_run_that_broke_off_is_an_error_not_a_failure() {
    let mut results = fixture::morning();
    results.outcome = Outcome::Error;
    let xml = junit_of(&[results], &[]).unwrap();
    assert_eq!(xml.matches("<error ").count(), 1);
}

#[test]
fn the_summary_says_the_verdict_first() {
    let results = fixture::morning();
    let folder = Path::new("reports/runs/office-morning-42");
    let plain = summary(&results, Some(folder), Style { colour: false });
    golden::check("summary.txt", &plain);
    assert!(plain.starts_with("✗ Failed"));
    assert!(!plain.contains('\u{1b}'));
    let coloured = summary(&results, Some(folder), Style { colour: true });
    assert!(coloured.starts_with("\u{1b}[1;31m✗ Failed\u{1b}[0m"));
}

#[test]
fn the_page_is_whole_and_alone() {
    let page = page(&fixture::morning());
    golden::check("report.html", &page);
    markup::assert_html(&page);
    for request in ["http://", "https://", "src=", "url(", "@import", "<script", "<link"] {
        assert!(!page.contains(request), "the page must not contain `{request}`");
    }
    assert!(page.contains("with 95\u{a0}% confidence between 56\u{a0}% and 99.8\u{a0}%"));
}

#[test]
fn long_lists_are_cut_and_say_so() {
    let mut results = fixture::morning();
    results.violations = fixture::violations(1_230);
    let page = page(&results);
    assert!(page.contains("and 1,030 more in <code>events.csv</code>"));
}

#[test]
fn charts_are_documents_of_their_own() {
    let charts = charts(&fixture::morning());
    let files: Vec<_> = charts.iter().map(|c| c.file.as_str()).collect();
    assert_eq!(
        files,
        [
            "occupancy-lobby.svg",
            "occupancy-laboratory.svg",
            "throughput.svg",
            "waiting.svg",
            "tailgating.svg"
        ]
    );
    for chart in &charts {
        markup::assert_xml(&chart.svg);
        golden::check(&format!("charts/{}", chart.file), &chart.svg);
        assert!(chart.svg.contains("prefers-color-scheme:dark"));
        assert_eq!(chart.svg.matches("http").count(), 1, "the namespace only");
    }
}

#[test]
fn areas_with_names_alike_get_files_of_their_own() {
    let mut results = fixture::morning();
    results.occupancy[0].area = "Lobby!".into();
    results.occupancy[1].area = "lobby".into();
    let files: Vec<_> = charts(&results).into_iter().take(2).map(|c| c.file).collect();
    assert_eq!(files, ["occupancy-lobby.svg", "occupancy-lobby-2.svg"]);
}

#[test]
fn a_run_without_people_renders() {
    let results = fixture::empty();
    let page = page(&results);
    markup::assert_html(&page);
    golden::check("empty.html", &page);
    assert!(page.contains("nobody went through a gate"));
    assert!(charts(&results).is_empty());
    assert!(results_json(&results).unwrap().contains("\"measures\": {}"));
    assert!(summary(&results, None, Style::default()).starts_with("✓ Passed"));
}

#[test]
fn lists_of_one_thing_render() {
    let mut results = fixture::morning();
    for area in &mut results.occupancy {
        area.points.truncate(1);
    }
    results.occupancy[0].points[0].believed = 1;
    results.waits_s = vec![0.0];
    results.lanes.truncate(1);
    results.lanes[0].best_ppm = f64::NAN;
    results.measures.retain(|name, _| name == "bodies_in");
    results.simulated = apbrig::apb::time::Time(u64::MAX);
    markup::assert_html(&page(&results));
    for chart in charts(&results) {
        markup::assert_xml(&chart.svg);
    }
}

/// One of a thing is told as one, and what nobody did has a dash and no nought.
#[test]
fn one_of_a_thing_is_one() {
    let mut results = fixture::morning();
    results.waits_s.truncate(1);
    results.lanes.truncate(1);
    let lane = &mut results.lanes[0];
    (lane.bodies, lane.mean_ppm, lane.wait_p50_s, lane.wait_p95_s) = (1, None, None, None);
    for name in ["tailgate_attempts", "passback_attempts"] {
        results.measures.get_mut(name).unwrap().value = Some(1.0);
    }
    let html = page(&results);
    assert!(html.contains("Bars for 1 lane, one way: "), "the chart of lanes");
    assert!(html.contains("how long 1 person waited: "), "the chart of waits");
    let row = html.rsplit("Every lane and way that was used").next().unwrap();
    let row = row.split("</tbody>").next().unwrap();
    assert_eq!(row.matches("–</td>").count(), 3, "{row}");
    let text = summary(&results, None, Style::default());
    assert_eq!(text.matches("1 attempt: ").count(), 2, "{text}");
}

#[test]
fn the_same_results_make_the_same_files() {
    let write = || {
        let folder = tempfile::tempdir().unwrap();
        write_all(&folder.path().join("new/run"), &fixture::morning()).unwrap();
        folder
    };
    let (a, b) = (write(), write());
    for file in
        ["report.html", "results.json", "junit.xml", "charts/throughput.svg", "charts/occupancy-lobby.svg"]
    {
        let read =
            |folder: &tempfile::TempDir| std::fs::read(folder.path().join("new/run").join(file)).unwrap();
        assert_eq!(read(&a), read(&b), "{file}");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in-the-way");
    std::fs::write(&file, "").unwrap();
    let error = write_all(&file, &fixture::empty()).unwrap_err().to_string();
    assert!(error.contains("in-the-way") && error.contains("choose a folder"), "{error}");
}

#[test]
fn the_reason_counts_what_failed() {
    let mut results = fixture::morning();
    let failed = Checked { outcome: Outcome::Fail, ..results.expectations[0].clone() };
    results.expectations.push(failed);
    let text = summary(&results, None, Style::default());
    assert!(
        text.contains("2 of 7 expectations failed. “Passback missed”") || text.contains("2 of 7"),
        "{text}"
    );
    assert!(text.contains("and 1 more below"), "{text}");
}

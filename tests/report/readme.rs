//! `reports/README.md` and the definitions say the same.

use apbrig::report::definitions::MEASURES;
use std::path::Path;

#[test]
fn the_readme_defines_every_measure_in_the_same_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let missing: Vec<String> = MEASURES
        .iter()
        .map(|d| format!("| `{}` | {} | {} |", d.name, d.unit, d.meaning))
        .filter(|line| !readme.lines().any(|l| l == line))
        .collect();
    assert!(
        missing.is_empty(),
        "put these lines into the table of reports/README.md:\n{}",
        missing.join("\n")
    );
    let measures = readme.split_once("## Measures").unwrap().1;
    let rows = measures.lines().filter(|l| l.starts_with("| `") && l.matches('|').count() == 4);
    let known = |line: &&str| MEASURES.iter().any(|d| line.starts_with(&format!("| `{}` |", d.name)));
    let unknown: Vec<&str> = rows.filter(|l| !known(l)).collect();
    assert!(unknown.is_empty(), "the README defines what is no measure:\n{}", unknown.join("\n"));
}

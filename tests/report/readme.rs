//! The tables of measures in the READMEs are those of the definitions, row by row.

use apbrig::report::definitions::MEASURES;

/// The table below the heading `## Measures` of a file has these rows and no others; they are written if
/// `APBRIG_BLESS` is set.
fn compare(path: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    let start = text.find("\n## Measures\n").unwrap_or_else(|| panic!("{path} has no section `Measures`"));
    let rule =
        start + text[start..].find("|---").unwrap_or_else(|| panic!("{path} has no table of measures"));
    let rows_at = rule + text[rule..].find('\n').unwrap() + 1;
    let old: Vec<&str> = text[rows_at..].lines().take_while(|line| line.starts_with('|')).collect();
    let row = |d: &apbrig::report::definitions::Definition| {
        format!("| `{}` | {} | {} |", d.name, d.unit, d.meaning)
    };
    let rows: Vec<String> = MEASURES.iter().map(row).collect();
    if std::env::var_os("APBRIG_BLESS").is_some() {
        let rest = &text[rows_at + old.iter().map(|line| line.len() + 1).sum::<usize>()..];
        std::fs::write(path, format!("{}{}\n{rest}", &text[..rows_at], rows.join("\n"))).unwrap();
        return;
    }
    assert_eq!(old, rows, "{path}: `APBRIG_BLESS=1 cargo test --test report readme` writes the table anew");
}

#[test]
fn the_page_about_reports_defines_every_measure_in_the_same_words() {
    compare("reports/README.md");
}

#[test]
fn the_page_about_scenarios_defines_every_measure_in_the_same_words() {
    compare("scenarios/README.md");
}

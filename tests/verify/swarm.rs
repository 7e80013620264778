//! Random cases against every oracle.

use apbrig::verify::case::Case;
use apbrig::verify::check::check_case;

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

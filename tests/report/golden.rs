//! Comparison with files under `tests/golden/report/`.

use crate::shared::difference;

/// Checks `actual` against the golden file `name`, or writes it if the developer asks for that.
#[track_caller]
pub(crate) fn check(name: &str, actual: &str) {
    if let Some(difference) = difference(&format!("tests/golden/report/{name}"), actual) {
        panic!("{difference}");
    }
}

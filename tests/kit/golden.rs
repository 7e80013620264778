//! Comparison with files of the repository.

use std::path::Path;

/// What a text and a file of the repository differ in; `None`: nothing, or the file was written anew because
/// `APBRIG_BLESS` is set.
pub(crate) fn difference(path: &str, actual: &str) -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("APBRIG_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().expect("the file is in a folder")).expect("there is room");
        std::fs::write(&file, actual).expect("there is room");
        return None;
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    if expected == actual {
        return None;
    }
    let (line, was, is) = first_difference(&expected, actual);
    Some(format!(
        "{path} differs, first in line {line}:\n  file: {was}\n  now:  {is}\nIf the change is meant, run \
         this test with APBRIG_BLESS=1 and look at the difference before committing."
    ))
}

/// The first line that is not the same, as it was and as it is.
fn first_difference(expected: &str, actual: &str) -> (usize, String, String) {
    let same = expected.lines().zip(actual.lines()).take_while(|(was, is)| was == is).count();
    let shown = |text: &str| text.lines().nth(same).unwrap_or("(end)").chars().take(200).collect();
    (same + 1, shown(expected), shown(actual))
}

//! Comparison with files under `tests/golden/report/`.

use std::path::Path;

/// Checks `actual` against the golden file `name`, or writes it if the developer asks for that.
pub(crate) fn check(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report").join(name);
    if std::env::var_os("APBRIG_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    if golden == actual {
        return;
    }
    let (line, was, is) = first_difference(&golden, actual);
    panic!(
        "{name} differs from tests/golden/report/{name} at line {line}:\n  golden: {was}\n  now:    {is}\n\
         If the change is meant, run the tests once with APBRIG_BLESS=1 and look at the \
         difference before committing."
    );
}

fn first_difference(golden: &str, actual: &str) -> (usize, String, String) {
    let (mut golden, mut actual) = (golden.lines(), actual.lines());
    for line in 1.. {
        let pair = (golden.next(), actual.next());
        if pair.0 != pair.1 || pair.0.is_none() {
            let shown = |l: Option<&str>| l.unwrap_or("(end)").chars().take(200).collect();
            return (line, shown(pair.0), shown(pair.1));
        }
    }
    unreachable!("lines end")
}

//! Comparison with tables in texts of the repository.

use std::sync::{Mutex, PoisonError};

/// Where the rows of the first table below a heading are. The heading is written with its `#`.
fn rows_at(text: &str, heading: &str) -> Option<std::ops::Range<usize>> {
    let section = text.find(&format!("\n{heading}\n"))? + heading.len() + 2;
    let end = text[section..].find("\n#").map_or(text.len(), |at| section + at + 1);
    let rule = section + text[section..end].find("\n|---")? + 1;
    let start = rule + text[rule..end].find('\n')? + 1;
    let rows = text[start..end].split_inclusive('\n').take_while(|line| line.starts_with('|'));
    Some(start..start + rows.map(str::len).sum::<usize>())
}

/// The first table below a heading of a file has these rows and no others; it is written anew if
/// `APBRIG_BLESS` is set.
#[track_caller]
pub(crate) fn assert_table(path: &str, heading: &str, rows: &[String]) {
    /// Tests that write the same file wait for each other.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let at = rows_at(&text, heading).unwrap_or_else(|| panic!("{path} has no table below `{heading}`"));
    let found: Vec<&str> = text[at.clone()].lines().collect();
    if found != rows && std::env::var_os("APBRIG_BLESS").is_some() {
        let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(path, format!("{}{rows}{}", &text[..at.start], &text[at.end..]))
            .expect("there is room");
        return;
    }
    let same = found.iter().zip(rows).take_while(|(was, is)| was == is).count();
    let was = found.get(same).copied().unwrap_or("(end)");
    let is = rows.get(same).map_or("(end)", String::as_str);
    assert!(
        found == rows,
        "{path}, `{heading}` differs, first in row {}:\n  file: {was}\n  now:  {is}\nIf the change is meant, \
         run this test with APBRIG_BLESS=1 and look at the difference before committing.",
        same + 1
    );
}

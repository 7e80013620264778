//! Descriptions from files, and those that come with the program.

use super::board::Board;
use super::read;
use crate::scenario::foreign::{Called, load_foreign};
use crate::scenario::{Diagnostics, Files, RecordedFiles, Source};
use std::path::Path;

const CALLED: Called = Called { name: "Board", what: "a board" };

/// The boards whose descriptions come with the program, from `hil/boards/`.
pub const SHIPPED: [(&str, &str); 4] = [
    ("digicon-tx1500", include_str!("../../../hil/boards/digicon-tx1500.ron")),
    ("ds205a", include_str!("../../../hil/boards/ds205a.ron")),
    ("eb-xor", include_str!("../../../hil/boards/eb-xor.ron")),
    ("tpw-321asp", include_str!("../../../hil/boards/tpw-321asp.ron")),
];

/// Reads a description from a file.
///
/// # Errors
/// Everything that is wrong with it, each with line and column.
pub fn load(path: &Path, files: &dyn Files) -> Result<Board, Diagnostics> {
    load_foreign(path, files, CALLED, read::board)
}

/// Reads a description from a text; `name` is what mistakes call it.
///
/// # Errors
/// Everything that is wrong with it, each with line and column.
pub fn parse(name: &str, text: &str) -> Result<Board, Diagnostics> {
    let files = RecordedFiles(vec![Source { path: name.into(), text: text.into() }]);
    load(Path::new(name), &files)
}

/// A board whose description comes with the program, by its name.
///
/// # Errors
/// There is none of this name.
pub fn shipped(name: &str) -> Result<Board, Diagnostics> {
    match SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
        Some((name, text)) => parse(&format!("{name}.ron"), text),
        None => {
            let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
            let help = format!("one of {}, or the path of a file", names.join(", "));
            Err(Diagnostics::whole(name, "no board of this name comes with the program".into(), help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hil::capability::Capability;

    #[test]
    fn every_shipped_board_is_sound() {
        for (name, _) in SHIPPED {
            let board = shipped(name).unwrap_or_else(|wrong| panic!("{wrong}"));
            assert!(!board.commands.is_empty(), "{name}");
        }
        assert!(shipped("ds205").unwrap_err().to_string().contains("ds205a"));
    }

    #[test]
    fn capabilities_are_what_a_description_maps() {
        let names = |name: &str| shipped(name).unwrap().capabilities().iter().collect::<Vec<_>>();
        use Capability::{
            Alarm, AlarmKind, Beam, Count, Leaf, Mode, Opened, Passed, Release, Shut, Supervision,
        };
        let ds205a = [Release, Shut, Mode, Leaf, Opened, Passed, Beam, Alarm, AlarmKind, Count, Supervision];
        assert_eq!(names("ds205a"), ds205a);
        assert_eq!(names("eb-xor"), [Release, Mode], "it never says a word");
        assert_eq!(names("tpw-321asp"), [Mode, Passed, Count, Supervision], "no release by wire");
        assert_eq!(names("digicon-tx1500"), [Release, Mode, Passed]);
    }
}

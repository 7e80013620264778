//! Files in the same language that other layers understand: rigs, boards. They bring their own decoders; how
//! a file is read and how its mistakes are shown is the same as everywhere.

use super::decode::Log;
use super::diagnostic::Diagnostics;
use super::files::{Files, text};
use super::syntax::{Lexer, Node, Parsed, Token, Value, parse};
use std::path::Path;

/// What a file of another layer is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Called {
    /// The name before its brackets: `Rig`.
    pub(crate) name: &'static str,
    /// The words for it, with an article: `a rig`.
    pub(crate) what: &'static str,
}

/// The name before the first bracket of a text, if it begins with one.
fn name_of(text: &str) -> Option<String> {
    match Lexer::new(text).next().0 {
        Token::Name(name) => Some(name),
        _ => None,
    }
}

/// The name before the first bracket of a file, if it can be read and begins with one.
pub fn name_in(path: &Path, files: &dyn Files) -> Option<String> {
    name_of(&text(path, files).ok()?)
}

/// Reads a file `NAME(…)` with somebody else's decoder, which notes what is wrong in the log it is given.
///
/// # Errors
/// Everything that is wrong with the file.
pub(crate) fn load_foreign<T>(
    path: &Path,
    files: &dyn Files,
    called: Called,
    decode: impl FnOnce(&Node, &Log<'_>) -> Option<T>,
) -> Result<T, Diagnostics> {
    let source = text(path, files).map_err(|trouble| trouble.at(path))?;
    let Parsed { tree, mistakes } = parse(&source);
    let log = Log::new(&path.display().to_string(), &source, mistakes);
    let read = tree.filter(|tree| is_called(tree, called, &log)).and_then(|tree| decode(&tree, &log));
    match read {
        Some(read) if log.count() == 0 => Ok(read),
        _ => Err(log.into_diagnostics()),
    }
}

fn is_called(tree: &Node, called: Called, log: &Log<'_>) -> bool {
    let name = match &tree.value {
        Value::Struct(name, _) | Value::Tuple(name, _) => name.as_ref(),
        _ => None,
    };
    let is = name.is_some_and(|word| word.text == called.name);
    if !is {
        let found = match name {
            Some(word) => format!("this is `{}`", word.text),
            None => format!("found {}", tree.kind()),
        };
        log.note(tree.head(), found, format!("expected {}, `{}(…)`", called.what, called.name), "");
    }
    is
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::decode::Fields;
    use crate::scenario::files::RecordedFiles;
    use crate::scenario::{Source, units};

    const CALLED: Called = Called { name: "Thing", what: "a thing" };

    fn load(text: &str) -> Result<String, String> {
        let files = RecordedFiles(vec![Source { path: "thing.ron".into(), text: text.into() }]);
        let read = load_foreign(Path::new("thing.ron"), &files, CALLED, |tree, log| {
            let fields = Fields::of(tree, "a thing", log)?;
            let id = fields.required("id", log, units::name);
            fields.finish(log);
            id
        });
        read.map_err(|wrong| wrong.render(false))
    }

    #[test]
    fn a_file_is_read_by_the_decoder_it_is_given() {
        assert_eq!(load("Thing(id: \"a\")").as_deref(), Ok("a"));
    }

    #[test]
    fn mistakes_show_their_place() {
        assert!(
            load("Thing(di: \"a\")").unwrap_err().contains("thing.ron:1:7"),
            "{:?}",
            load("Thing(di: \"a\")")
        );
        assert!(load("Site()").unwrap_err().contains("expected a thing, `Thing(…)`"));
        assert!(load("Thing(").is_err());
    }

    #[test]
    fn a_text_tells_its_name() {
        assert_eq!(name_of("// a rig\nRig()").as_deref(), Some("Rig"));
        assert_eq!(name_of("()"), None);
    }
}

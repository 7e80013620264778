//! From paths to scenarios and sites.

use super::calendar::Calendar;
use super::decode::Log;
use super::diagnostic::Diagnostics;
use super::files::{Files, text};
use super::plan::Plan;
use super::read;
use super::stamp::{Clocks, Moment};
use super::syntax::{Lexer, Node, Parsed, Token, Value, parse, quoted};
use super::{Scenario, Source};
use std::path::Path;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Scenario(…)`.
    Scenario,
    /// `Site(…)`.
    Site,
    /// Something else with a name of its own: a sweep, a rig.
    Other,
}

/// What a text is by its first name, or else by its fields; `None` where neither tells.
pub fn kind_of(text: &str) -> Option<Kind> {
    let mut lexer = Lexer::new(text);
    match lexer.next().0 {
        Token::Name(name) => match name.as_str() {
            "Scenario" => return Some(Kind::Scenario),
            "Site" => return Some(Kind::Site),
            _ => return matches!(lexer.next().0, Token::Mark('(')).then_some(Kind::Other),
        },
        Token::Mark('(') => {}
        _ => return None,
    }
    let mut depth = 1_usize;
    let mut name = None;
    while depth > 0 {
        let token = lexer.next().0;
        match &token {
            Token::End => return None,
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => depth -= 1,
            Token::Mark(':') if depth == 1 => match name.as_deref() {
                Some("areas" | "lanes" | "lane_rows") => return Some(Kind::Site),
                Some("site" | "duration" | "script" | "crowd" | "walkers") => return Some(Kind::Scenario),
                _ => {}
            },
            _ => {}
        }
        name = if let Token::Name(word) = token { Some(word) } else { None };
    }
    None
}

/// A sound file.
#[derive(Clone, Debug)]
pub enum Checked {
    /// A scenario, with its site.
    Scenario(Box<Scenario>),
    /// A site.
    Site(Box<Plan>),
}

/// Reads a scenario or a site, whichever the file is.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_file(path: &Path, files: &dyn Files) -> Result<Checked, Diagnostics> {
    let source = text(path, files).map_err(|trouble| trouble.at(path))?;
    match kind_of(&source) {
        Some(Kind::Site) => load_site(path, files).map(|plan| Checked::Site(Box::new(plan))),
        Some(Kind::Scenario | Kind::Other) | None => {
            load(path, files).map(|scenario| Checked::Scenario(Box::new(scenario)))
        }
    }
}

/// Reads a scenario and the site it names.
///
/// # Errors
/// Everything that is wrong with either file.
pub fn load(path: &Path, files: &dyn Files) -> Result<Scenario, Diagnostics> {
    let source = text(path, files).map_err(|trouble| trouble.at(path))?;
    let shown = path.display().to_string();
    let Parsed { tree, mistakes } = parse(&source);
    let log = Log::new(&shown, &source, mistakes);
    let Some(tree) = tree.filter(|tree| is_kind(tree, Kind::Scenario, &log)) else {
        return Err(log.into_diagnostics());
    };
    let Some(head) = read::head(&tree, &log) else { return Err(log.into_diagnostics()) };
    let Some((site, place)) = head.site else { return Err(log.into_diagnostics()) };
    let site_path = path.parent().unwrap_or_else(|| Path::new("")).join(&site);
    let site_text = match text(&site_path, files) {
        Ok(text) => text,
        Err(trouble) => {
            let expected = format!("looked for {}", site_path.display());
            log.note(place, format!("site {}: {}", quoted(&site), trouble.message), expected, trouble.help);
            return Err(log.into_diagnostics());
        }
    };
    let site_shown = site_path.display().to_string();
    let (site_log, tables) = tables(&site_shown, &site_text, &head.calendar);
    // Without the site's names nothing in the scenario could be looked up.
    let Some(tables) = tables else {
        return Err(log.into_diagnostics().and(site_log.into_diagnostics()));
    };
    let plan = tables.plan(&site_log);
    let story = read::scenario(&tree, (&tables, &head.calendar), &log);
    let clean = log.count() == 0 && site_log.count() == 0;
    let (Some(plan), Some(story), true) = (plan, story, clean) else {
        return Err(log.into_diagnostics().and(site_log.into_diagnostics()));
    };
    let sources = vec![
        Source { path: shown.clone(), text: source.clone() },
        Source { path: site_shown.clone(), text: site_text.clone() },
    ];
    Ok(Scenario {
        name: path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        title: story.title,
        plan,
        seed: story.seed,
        duration: head.calendar.duration(),
        tick: story.tick,
        start: head.calendar.written.clone(),
        start_second: head.calendar.start_second(),
        crowd: story.crowd,
        walkers: story.walkers,
        script: story.script,
        faults: story.faults,
        expectations: story.expectations,
        sources,
    })
}

/// Reads a site on its own. Its clock starts on Monday, 2026-01-05, at midnight.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load_site(path: &Path, files: &dyn Files) -> Result<Plan, Diagnostics> {
    site_from(path, files, &Calendar::alone())
}

/// Reads a site on its own whose clock starts at a moment.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load_site_from(
    path: &Path,
    files: &dyn Files,
    clocks: &Clocks,
    start: Moment,
) -> Result<Plan, Diagnostics> {
    site_from(path, files, &clocks.calendar(start))
}

fn site_from(path: &Path, files: &dyn Files, calendar: &Calendar) -> Result<Plan, Diagnostics> {
    let source = text(path, files).map_err(|trouble| trouble.at(path))?;
    let shown = path.display().to_string();
    let (log, tables) = tables(&shown, &source, calendar);
    match tables.and_then(|tables| tables.plan(&log)) {
        Some(plan) if log.count() == 0 => Ok(plan),
        _ => Err(log.into_diagnostics()),
    }
}

fn tables<'t>(path: &str, text: &'t str, calendar: &Calendar) -> (Log<'t>, Option<read::Tables>) {
    let Parsed { tree, mistakes } = parse(text);
    let log = Log::new(path, text, mistakes);
    let tree = tree.filter(|tree| is_kind(tree, Kind::Site, &log));
    let tables = tree.and_then(|tree| read::site(&tree, calendar, &log));
    (log, tables)
}

/// Whether a tree is what it should be; notes it if not.
fn is_kind(tree: &Node, kind: Kind, log: &Log<'_>) -> bool {
    let (wanted, what) = match kind {
        Kind::Site => ("Site", "a site"),
        Kind::Scenario | Kind::Other => ("Scenario", "a scenario"),
    };
    let name = match &tree.value {
        Value::Struct(name, _) | Value::Tuple(name, _) => name.as_ref(),
        _ => None,
    };
    if let Value::Map(_) = tree.value {
        let help = format!("RON is written with round brackets and bare names: `{wanted}(field: value, …)`");
        log.note(tree.head(), "found a map, as in JSON", format!("expected {what}, `{wanted}(…)`"), help);
        return false;
    }
    let place = tree.head();
    let (found, help) = match name.map(|name| name.text.as_str()) {
        Some(name) if name == wanted => return true,
        Some("Site") => ("this is a site", "name a scenario, which names its site"),
        Some("Scenario") => ("this is a scenario", "name a site"),
        Some(_) => ("this is something else", ""),
        None if kind_of(log.text) == Some(if kind == Kind::Site { Kind::Scenario } else { Kind::Site }) => {
            let found = if kind == Kind::Site { "this is a scenario" } else { "this is a site" };
            (found, "")
        }
        None => return true,
    };
    log.note(place, found, format!("expected {what}, `{wanted}(…)`"), help);
    false
}

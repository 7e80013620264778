//! From paths to scenarios and sites.

use super::calendar::Calendar;
use super::decode::Log;
use super::diagnostic::Diagnostics;
use super::files::{Files, text};
use super::lane_type::LaneType;
use super::plan::Plan;
use super::population::Population;
use super::read::{self, LaneTypes};
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
    /// `LaneType(…)`.
    LaneType,
    /// `Population(…)`.
    Population,
    /// `Rig(…)`, `Board(…)` or `Wiring(…)`: see [`foreign`](super::foreign).
    Hardware,
    /// Something else with a name of its own: a sweep.
    Other,
}

/// What a text is by its first name, or else by its fields; `None` where neither tells.
pub fn kind_of(text: &str) -> Option<Kind> {
    let mut lexer = Lexer::new(text);
    match lexer.next().0 {
        Token::Name(name) => match name.as_str() {
            "Scenario" => return Some(Kind::Scenario),
            "Site" => return Some(Kind::Site),
            "LaneType" => return Some(Kind::LaneType),
            "Population" => return Some(Kind::Population),
            "Rig" | "Board" | "Wiring" => return Some(Kind::Hardware),
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
                Some("kinds") => return Some(Kind::Population),
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
    /// A lane type.
    LaneType(Box<LaneType>),
    /// A population.
    Population(Box<Population>),
}

impl Kind {
    /// What such a file is called.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Scenario | Self::Hardware | Self::Other => "scenario",
            Self::Site => "site",
            Self::LaneType => "lane type",
            Self::Population => "population",
        }
    }
}

/// Reads a scenario, a site, a lane type or a population, whichever the file is.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_file(path: &Path, files: &dyn Files) -> Result<Checked, Diagnostics> {
    let source = text(path, files).map_err(|trouble| trouble.at(path))?;
    match kind_of(&source) {
        Some(Kind::Site) => load_site(path, files).map(|plan| Checked::Site(Box::new(plan))),
        Some(Kind::LaneType) => {
            load_lane_type(path, files).map(|lane_type| Checked::LaneType(Box::new(lane_type)))
        }
        Some(Kind::Population) => {
            load_population(path, files).map(|population| Checked::Population(Box::new(population)))
        }
        Some(Kind::Scenario | Kind::Hardware | Kind::Other) | None => {
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
    let types = read::lane_types(folder(&site_path), files);
    let populations = read::populations(folder(path), files);
    let (site_log, tables) = tables(&site_shown, &site_text, (&head.calendar, &types));
    let (type_sources, bad_types) = types.into_parts();
    let wrong = |log: Log<'_>, site_log: Log<'_>, more: Option<Diagnostics>| {
        let both = log.into_diagnostics().and(site_log.into_diagnostics());
        bad_types.clone().into_iter().chain(more).fold(both, Diagnostics::and)
    };
    // Without the site's names nothing in the scenario could be looked up.
    let Some(tables) = tables else { return Err(wrong(log, site_log, None)) };
    let plan = tables.plan(&site_log);
    let story = read::scenario(&tree, (&tables, &head.calendar, &populations), &log);
    let (population_sources, bad) = populations.into_parts();
    let clean = log.count() == 0 && site_log.count() == 0 && bad_types.is_none() && bad.is_none();
    let (Some(plan), Some(story), true) = (plan, story, clean) else { return Err(wrong(log, site_log, bad)) };
    let own = [(shown.clone(), source.clone()), (site_shown.clone(), site_text.clone())];
    let own = own.map(|(path, text)| Source { path, text });
    let sources = own.into_iter().chain(type_sources).chain(population_sources).collect();
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
    let types = read::lane_types(folder(path), files);
    let (log, tables) = tables(&shown, &source, (calendar, &types));
    let (_, bad_types) = types.into_parts();
    match tables.and_then(|tables| tables.plan(&log)) {
        Some(plan) if log.count() == 0 && bad_types.is_none() => Ok(plan),
        _ => Err(bad_types.into_iter().fold(log.into_diagnostics(), Diagnostics::and)),
    }
}

/// Reads a lane type.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load_lane_type(path: &Path, files: &dyn Files) -> Result<LaneType, Diagnostics> {
    let source = text(path, files).map_err(|trouble| trouble.at(path))?;
    let shown = path.display().to_string();
    let Parsed { tree, mistakes } = parse(&source);
    let log = Log::new(&shown, &source, mistakes);
    let tree = tree.filter(|tree| is_kind(tree, Kind::LaneType, &log));
    let read = tree.as_ref().and_then(|tree| read::lane_type(tree, &log));
    if let (Some(tree), Some(lane_type), 0) = (&tree, &read, log.count()) {
        for error in lane_type.site(1).err().into_iter().flatten() {
            let (found, help) = error.message.split_once("; ").unwrap_or((&error.message, ""));
            log.note(tree.head(), found, "", help);
        }
    }
    match read {
        Some(lane_type) if log.count() == 0 => Ok(lane_type),
        _ => Err(log.into_diagnostics()),
    }
}

/// Reads a population.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load_population(path: &Path, files: &dyn Files) -> Result<Population, Diagnostics> {
    let source = text(path, files).map_err(|trouble| trouble.at(path))?;
    let shown = path.display().to_string();
    let Parsed { tree, mistakes } = parse(&source);
    let log = Log::new(&shown, &source, mistakes);
    let tree = tree.filter(|tree| is_kind(tree, Kind::Population, &log));
    match tree.and_then(|tree| read::population(&tree, &log)) {
        Some(population) if log.count() == 0 => Ok(population),
        _ => Err(log.into_diagnostics()),
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}

fn tables<'t>(
    path: &str,
    text: &'t str,
    around: (&Calendar, &LaneTypes<'_>),
) -> (Log<'t>, Option<read::Tables>) {
    let Parsed { tree, mistakes } = parse(text);
    let log = Log::new(path, text, mistakes);
    let tree = tree.filter(|tree| is_kind(tree, Kind::Site, &log));
    let tables = tree.and_then(|tree| read::site(&tree, around, &log));
    (log, tables)
}

/// Whether a tree is what it should be; notes it if not.
pub(super) fn is_kind(tree: &Node, kind: Kind, log: &Log<'_>) -> bool {
    let (wanted, what) = match kind {
        Kind::Site => ("Site", "a site"),
        Kind::LaneType => ("LaneType", "a lane type"),
        Kind::Population => ("Population", "a population"),
        Kind::Scenario | Kind::Hardware | Kind::Other => ("Scenario", "a scenario"),
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
        Some("Site") if kind == Kind::Scenario => ("this is a site", "name a scenario, which names its site"),
        Some("Site") => ("this is a site", ""),
        Some("Scenario") if kind == Kind::Site => ("this is a scenario", "name a site"),
        Some("Scenario") => ("this is a scenario", ""),
        Some("LaneType") => ("this is a lane type", "lanes of a site name it: `type: \"…\"`"),
        Some("Population") => ("this is a population", "groups name it: `population: \"…\"`"),
        Some(_) => ("this is something else", ""),
        None if matches!(kind, Kind::LaneType | Kind::Population) => ("this is something without a name", ""),
        None if kind_of(log.text) == Some(if kind == Kind::Site { Kind::Scenario } else { Kind::Site }) => {
            let found = if kind == Kind::Site { "this is a scenario" } else { "this is a site" };
            (found, "")
        }
        None => return true,
    };
    log.note(place, found, format!("expected {what}, `{wanted}(…)`"), help);
    false
}

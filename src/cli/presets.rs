//! `apbrig decide --list-presets`: real systems by name, and what each preset rests on.

use super::exit::Exit;
use super::screen::{complain, say};
use crate::apb::vendor::{Basis, Delay, PRESETS, Preset, Subject, preset};
use crate::scenario::names::suggestion;
use crate::scenario::syntax::shortened;

/// All presets, or one of them in full.
pub(super) fn list_presets(name: Option<&str>) -> Exit {
    let Some(name) = name else {
        say(&listed());
        return Exit::Passed;
    };
    let Some(preset) = preset(name) else {
        let help = suggestion(name, "presets", PRESETS.iter().map(|p| p.name));
        complain(&format!("error: there is no preset `{}`; {help}", shortened(name)));
        return Exit::Usage;
    };
    say(&in_full(preset));
    Exit::Passed
}

fn listed() -> String {
    let width = PRESETS.iter().map(|p| p.name.len()).max().unwrap_or_default();
    let rows: String = PRESETS.iter().map(|p| format!("{:<width$}  {}\n", p.name, p.title)).collect();
    format!("{rows}\n--list-presets NAME shows what a preset rests on.\n")
}

fn in_full(preset: &Preset) -> String {
    let mut text = format!("{}: {}\n", preset.name, preset.title);
    if let Some(code) = preset.code {
        text += &format!("maker's number: {code}\n");
    }
    text += &format!("follows: {}\ntime setting: {}\n", subject(preset.subject), delay(preset.delay));
    text += "\nWhat public documents say:\n";
    let width = preset.claims.iter().map(|claim| claim.axis.name().len()).max().unwrap_or_default();
    for claim in preset.claims {
        let basis = match claim.basis {
            Basis::Stated => "stated",
            Basis::Read => "our reading",
        };
        let (axis, source) = (claim.axis.name(), claim.source);
        text += &format!("  {axis:<width$}  {} ({basis})\n", claim.says);
        text += &format!("  {:<width$}  {}, {}\n", "", source.title, source.place);
    }
    text + &part("What no document says", preset.unclaimed) + &part("What differs here", preset.departs)
}

fn part(title: &str, list: &[&str]) -> String {
    if list.is_empty() {
        return String::new();
    }
    let items: String = list.iter().map(|item| format!("  {item}\n")).collect();
    format!("\n{title}:\n{items}")
}

fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Holder => "holders",
        Subject::Credential => "each credential by itself",
        Subject::Unclaimed => "no document says whom",
    }
}

fn delay(delay: Delay) -> &'static str {
    match delay {
        Delay::None => "none",
        Delay::WindowSeconds => "the window, in seconds",
        Delay::WindowMinutes => "the window, in minutes",
        Delay::PresenceSeconds => "how long a location is remembered, in seconds; 0: for ever",
        Delay::PresenceMinutes => "how long a location is remembered, in minutes; 0: for ever",
    }
}

//! What is to be said of single readers.

use super::{Notes, Severity};
use crate::apb::id::{AreaId, ReaderId};
use crate::apb::policy::{Enforcement, Policy, Rule};
use crate::apb::site::Reader;
use crate::commission::place::Place;

pub(super) fn look(notes: &mut Notes<'_>) {
    let site = notes.site;
    for (reader, id) in site.readers.iter().zip((0..).map(ReaderId::at)) {
        let place = Place::Reader(id);
        if reader.toggles {
            notes.add(place, "toggle_reader", Severity::Serious, toggles());
        }
        let planned = planned(notes, id).unwrap_or(Enforcement::Off);
        match reader.apb {
            Some(own @ (Enforcement::Off | Enforcement::Soft)) if own < planned => {
                let id = if own == Enforcement::Off { "off_reader" } else { "soft_reader" };
                let severity = if own == Enforcement::Off { Severity::Serious } else { Severity::Warning };
                notes.add(place, id, severity, weaker(reader, own, planned));
            }
            None if planned == Enforcement::Soft && leads_in(notes, id) => {
                notes.add(place, "soft_reader", Severity::Notice, soft());
            }
            Some(_) | None => {}
        }
    }
}

/// Whether the reader lets people in anywhere: a soft way out is as it should be.
fn leads_in(notes: &Notes<'_>, id: ReaderId) -> bool {
    notes.site.route(id).is_some_and(|route| !route.entered.is_empty())
}

/// The gravest thing that a violation at this reader leads to by the policies of the areas.
fn planned(notes: &Notes<'_>, id: ReaderId) -> Option<Enforcement> {
    let route = notes.site.route(id)?;
    let policy = |area: &AreaId| notes.site.areas.get(area.index()).map(|a| &a.policy);
    let tested = |p: &&Policy| p.rule != Rule::Off;
    let inbound = route.entered.iter().filter_map(policy).filter(tested).map(|p| p.inbound);
    let leaving = |p: &&Policy| p.rule != Rule::EntryOnly;
    let left = route.left.iter().filter_map(policy).filter(tested).filter(leaving);
    inbound.chain(left.map(|p| p.outbound)).max()
}

fn word(enforcement: Enforcement) -> &'static str {
    match enforcement {
        Enforcement::Off => "off",
        Enforcement::Soft => "soft",
        Enforcement::Hard => "hard",
    }
}

fn toggles() -> [String; 3] {
    [
        "One reader serves both ways.".into(),
        "It takes whoever is believed inside for leaving: an entry after an entry can never be found.".into(),
        "Fit a reader for each way, and take the toggle out of the site.".into(),
    ]
}

fn weaker(reader: &Reader, own: Enforcement, planned: Enforcement) -> [String; 3] {
    let (own, planned) = (word(own), word(planned));
    [
        format!("Reader {} is set {own}; the areas it leads to ask for {planned}.", reader.name),
        "A card that is handed back through this one reader opens the site to a second person.".into(),
        "Remove the reader's own setting unless it is meant; if it is, have the owner sign for it.".into(),
    ]
}

fn soft() -> [String; 3] {
    [
        "A violation here is let through and only alarmed.".into(),
        "It deters and informs, it does not stop anybody: somebody has to watch the alerts.".into(),
        "Set it hard where a second entry has to be stopped.".into(),
    ]
}

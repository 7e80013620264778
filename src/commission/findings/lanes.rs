//! What is to be said of lanes: readers that are missing, ways that are free, followers that nobody sees.

use super::{Notes, Severity};
use crate::apb::id::{AreaId, Direction, LaneId};
use crate::apb::policy::{Enforcement, Rule};
use crate::apb::site::{Lane, PassMode, Sensing};
use crate::apb::time::Span;
use crate::commission::place::Place;
use crate::scenario::plan::{Plan, PowerLoss};

pub(super) fn look(plan: &Plan, notes: &mut Notes<'_>) {
    let site = notes.site;
    for (lane, id) in site.lanes.iter().zip((0..).map(LaneId::at)) {
        let place = Place::Lane(id);
        if !is_guarded(notes, lane) {
            continue;
        }
        for way in Direction::BOTH {
            let has_reader = site.reader_at(id, way).is_some();
            match lane.modes[way.index()] {
                PassMode::Controlled if !has_reader => {
                    notes.add(place, "one_reader", Severity::Serious, one_reader(way));
                }
                PassMode::Free => notes.add(place, "free_way", Severity::Serious, free_way(way)),
                PassMode::Controlled | PassMode::Locked => {}
            }
        }
        match &lane.sensing {
            Sensing::Signals => notes.add(place, "no_own_sensing", Severity::Warning, signals()),
            Sensing::Beams(row) if row.debounce > Span::millis(20) => {
                notes.add(place, "slow_beams", Severity::Warning, slow_beams(row.debounce));
            }
            Sensing::Beams(_) => {}
        }
        if plan.lane(id).is_some_and(|l| l.power_loss == PowerLoss::Stay) {
            notes.add(place, "shut_without_power", Severity::Notice, shut_without_power());
        }
        if lane.timers.loiter == Span::ZERO || lane.timers.obstruction == Span::ZERO {
            notes.add(place, "timers_off", Severity::Notice, timers_off());
        }
    }
}

/// Whether anti-passback is tested on any side of the lane.
fn is_guarded(notes: &Notes<'_>, lane: &Lane) -> bool {
    let tests = |area: AreaId| {
        let policy = notes.site.areas.get(area.index()).map(|a| &a.policy);
        policy.is_some_and(|p| {
            p.rule != Rule::Off && (p.inbound != Enforcement::Off || p.outbound != Enforcement::Off)
        })
    };
    tests(lane.inner) || tests(lane.outer)
}

fn one_reader(way: Direction) -> [String; 3] {
    [
        format!("The way {way} has no reader."),
        "Nobody is seen to go that way: their next use the other way looks like a violation, or none ever \
         is."
        .into(),
        "Fit a reader for that way, or lock it.".into(),
    ]
}

fn free_way(way: Direction) -> [String; 3] {
    [
        format!("The way {way} is free."),
        "Whoever goes that way is nobody: where people are believed to be drifts from where they are.".into(),
        "Make the way controlled, or test by time instead of by place.".into(),
    ]
}

fn signals() -> [String; 3] {
    [
        "The gate decides by itself and reports passages; nothing else looks for a second body.".into(),
        "Anti-passback stops a card, not a body: who follows on somebody's grant is seen only if the gate \
         sees them. Its alarms other than passages do not reach the journal."
            .into(),
        "Have the gate's tailgating detection on and its alarm output wired; or sense with beams.".into(),
    ]
}

fn slow_beams(debounce: Span) -> [String; 3] {
    [
        format!("The beams count as clear only after {debounce}."),
        "A follower whose gap is shorter in time is one body with whom they follow.".into(),
        "Shorten the time to 20 ms or less, or judge bodies by their length.".into(),
    ]
}

fn shut_without_power() -> [String; 3] {
    [
        "The leaf stays where it is when power fails.".into(),
        "Where the lane counts as a way out it has to turn freely without power (IBC 1010, NFPA 101).".into(),
        "Make sure that escape does not depend on it, or choose a leaf that opens without power.".into(),
    ]
}

fn timers_off() -> [String; 3] {
    [
        "The timer for loitering or for obstruction is off.".into(),
        "Nobody is told of somebody who stays in the lane or holds the leaf.".into(),
        "Set both; 15 s and 10 s are usual.".into(),
    ]
}

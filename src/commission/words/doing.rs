//! What to do, and what is expected of it.

use super::seeing::{alarm_words, verdict};
use crate::apb::id::Direction;
use crate::apb::input::Factor;
use crate::apb::journal::Alarm;
use crate::apb::policy::Commit;
use crate::apb::site::Site;
use crate::apb::time::Span;
use crate::commission::limits;
use crate::commission::phase::{Act, Check, Manner, Step};
use crate::commission::place::{Names, way_word};
use crate::scenario::expect::Verdict;

/// What somebody has to do in one step of several: whether they walk after presenting is said, too.
pub fn step_instruction(steps: &[Step], index: usize, site: &Site) -> String {
    let Some(step) = steps.get(index) else { return String::new() };
    let told = instruction(&step.act, site);
    match (&step.act, walks_after(steps, index)) {
        (Act::Present { .. }, false) => format!("{told} Do not walk."),
        _ => told,
    }
}

/// Whether whoever presents in this step walks in the next.
pub(in crate::commission) fn walks_after(steps: &[Step], index: usize) -> bool {
    let presents = steps.get(index).is_some_and(|s| matches!(s.act, Act::Present { .. }));
    presents && steps.get(index + 1).is_some_and(|s| matches!(s.act, Act::Walk { .. }))
}

/// What somebody has to do, as a sentence or two.
pub fn instruction(act: &Act, site: &Site) -> String {
    let names = Names(site);
    match act {
        Act::Present { reader, card, factor } => {
            let second = match factor {
                Factor::None => "",
                Factor::Right => " Give the right second factor (PIN, finger or face).",
                Factor::Wrong => " Give a wrong second factor (PIN, finger or face).",
            };
            let reader = names.reader(*reader);
            format!("Present credential {} at reader {reader}.{second}", names.card(*card))
        }
        Act::Walk { lane, direction, manner } => walking(names.lane(*lane), *direction, *manner),
        Act::Push { lane, direction } => {
            let (lane, way) = (names.lane(*lane), way_word(*direction));
            format!("Push the shut leaf of lane {lane} ({way}) until it yields, then let go.")
        }
        Act::Fire(true) => "Set off the fire alarm at the site's own contact.".into(),
        Act::Fire(false) => "Reset the fire alarm.".into(),
        Act::Power { lane, on: false } => format!("Switch the power of gate {} off.", names.lane(*lane)),
        Act::Power { lane, on: true } => format!("Switch the power of gate {} on again.", names.lane(*lane)),
        Act::Link { lane, up: false } => {
            format!("Unplug the line of lane {}: its gate and its readers.", names.lane(*lane))
        }
        Act::Link { lane, up: true } => format!("Plug the line of lane {} in again.", names.lane(*lane)),
        Act::Reset { holder, to } => {
            let holder = names.holder(*holder);
            match to {
                Some(area) => {
                    format!("At the operator's desk, put {holder} into area {}.", names.area(*area))
                }
                None => format!("At the operator's desk, reset {holder}: location unknown."),
            }
        }
        Act::Wait(span) => format!("Wait {}.", seconds(*span)),
        Act::WaitSinceMove { commit, after, early, .. } => {
            let what = match commit {
                Commit::OnGrant => "grant",
                Commit::OnOpen => "opening",
                Commit::OnPassage => "passage",
            };
            let before = match *early {
                Span::ZERO => String::new(),
                early => format!(" less {}", seconds(early)),
            };
            format!("Wait until {}{before} after the last {what}.", seconds(*after))
        }
    }
}

fn walking(lane: &str, direction: Direction, manner: Manner) -> String {
    let way = way_word(direction);
    match manner {
        Manner::Through => format!("Walk through lane {lane} ({way}), alone."),
        Manner::Followed(gap_mm) => format!(
            "Walk through lane {lane} ({way}); a second person follows {} cm behind without a credential.",
            gap_mm / 10
        ),
        Manner::Intrudes => {
            format!("Without presenting, walk into lane {lane} ({way}) up to the shut leaf, and back out.")
        }
        Manner::Stays(span) => format!(
            "Without presenting, stand in the first part of lane {lane} ({way}) for {}, then go back.",
            seconds(span)
        ),
        Manner::Obstructs(span) => format!(
            "Walk through lane {lane} ({way}); a second person follows, stands in the open leaf for {} and \
             goes back.",
            seconds(span)
        ),
    }
}

/// What is expected, as a phrase.
pub fn expectation(check: &Check, site: &Site) -> String {
    let names = Names(site);
    match check {
        Check::Decided { verdict: wanted } => {
            let plain = match wanted {
                Verdict::Granted => "granted",
                Verdict::Flagged => "granted, and flagged as a violation",
                Verdict::Denied(_) => &format!("refused: {}", verdict(*wanted)),
            };
            format!("{plain}, within {}", seconds(limits::DECISION))
        }
        Check::Logged => "the journal names credential, reader and time".into(),
        Check::Undecided { during, .. } => format!("nothing is decided for {}", seconds(*during)),
        Check::Alerted { denied, rule } => {
            let what = if *denied { "refused" } else { "let through" };
            let within = seconds(limits::ALERT);
            format!("a guard is alerted within {within}, with credential and gate ({what}, {})", rule.name())
        }
        Check::NoAlarm { .. } => "no alarm, no alert".into(),
        Check::NoAlert { .. } => "no alert".into(),
        Check::Alarmed { any_of, after, .. } => {
            let when = after.map_or_else(String::new, |(low, high)| {
                format!(" after {} to {}", seconds(low), seconds(high))
            });
            format!("alarm ({}){when}, and an alert within {}", alarm_list(any_of), seconds(limits::ALERT))
        }
        Check::Still { lane, during } => {
            format!("the leaf of {} does not move for {}", names.lane(*lane), seconds(*during))
        }
        Check::Opens { lane, within } => {
            format!("the leaf of {} opens within {}", names.lane(*lane), seconds(*within))
        }
        Check::StaysOpen { lane } => format!("the leaf of {} stays open", names.lane(*lane)),
        Check::Shuts { lane, within } => {
            format!("the leaf of {} is shut within {}", names.lane(*lane), seconds(*within))
        }
        Check::Taken { direction, .. } => {
            format!("the {} counts, within {}", way_word(*direction), seconds(limits::PASSAGE))
        }
        Check::Lapses { after, .. } => format!(
            "nobody walks: the grant lapses after {}, give or take {}",
            seconds(*after),
            seconds(limits::LAPSE_TOLERANCE)
        ),
        Check::Unattributed { count, .. } => format!("bodies without a credential: {count}"),
        Check::Bodies { .. } => "how many went through is noted".into(),
        Check::ResetLogged { .. } => "the journal tells of the reset".into(),
        Check::Line { up: false, .. } => {
            format!("the dead line is told within {}", seconds(limits::OFFLINE))
        }
        Check::Line { up: true, .. } => {
            format!("the devices answer again within {}", seconds(limits::ONLINE))
        }
    }
}

fn alarm_list(any_of: &[Alarm]) -> String {
    any_of.iter().map(|a| alarm_words(*a)).collect::<Vec<_>>().join(" or ")
}

/// A span as people say it: `5 s`, `0.5 s`, `10 min`.
pub(super) fn seconds(span: Span) -> String {
    let ms = span.0 / 1_000;
    match (ms / 60_000, ms % 60_000, ms % 1_000) {
        (minutes @ 2.., 0, _) => format!("{minutes} min"),
        (_, _, 0) => format!("{} s", ms / 1_000),
        (_, _, rest) => format!("{}.{} s", ms / 1_000, format!("{rest:03}").trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_as_people_say_them() {
        let said = [500, 1_000, 1_250, 60_000, 90_000, 600_000].map(|ms| seconds(Span::millis(ms)));
        assert_eq!(said, ["0.5 s", "1 s", "1.25 s", "60 s", "90 s", "10 min"]);
    }
}

//! A comparison for people, and as JSON.

use super::comparison::Comparison;
use super::follow::{Decided, Step};
use super::guess::{Fit, Rank};
use super::oracle::Difference;
use super::probe::{Expected, Probe};
use super::recording::{Presentation, Verdict};
use crate::apb::id::{CardNumber, CredentialId};
use crate::apb::input::Input;
use crate::apb::names::Names;
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use serde_json::{Value, json};

/// So many differences are told to people; the file has them all.
const TOLD_MAX: usize = 10;

/// So many ranks of policies are told.
const RANKS_MAX: usize = 3;

impl Comparison {
    /// For people: how many decisions differ, which, what led there, and which policy the panel seems to
    /// follow.
    pub fn told(&self, site: &Site) -> String {
        let mut lines = vec![format!(
            "panel: {} presentations, {} decided otherwise than by our controller, {} not answered in time",
            self.presentations.len(),
            self.differences.len() - self.silent(),
            self.silent(),
        )];
        for difference in self.differences.iter().take(TOLD_MAX) {
            lines.extend(told(difference, site));
        }
        if self.differences.len() > TOLD_MAX {
            lines.push(format!("  and {} more, all in panel.json", self.differences.len() - TOLD_MAX));
        }
        lines.extend(self.seems(site));
        lines.join("\n")
    }

    fn seems(&self, site: &Site) -> Vec<String> {
        let guess = &self.guess;
        if guess.decisions == 0 {
            return vec!["  which rules it follows cannot be told: it has decided nothing".into()];
        }
        let mut lines: Vec<String> = Vec::new();
        for (place, rank) in guess.ranking.iter().take(RANKS_MAX).enumerate() {
            let (all, agreed) = (guess.decisions, rank.agreed);
            let names = names(rank.fits.iter());
            lines.push(match (place, agreed == all) {
                (0, true) => format!("  all {all} decisions fit: {names}"),
                (0, false) => format!("  no known rules fit all {all} decisions; {agreed} fit: {names}"),
                _ => format!("  {agreed} of {all} fit: {names}"),
            });
            if place == 0 && agreed == all {
                break;
            }
        }
        if guess.next.is_none() && guess.ranking.first().is_some_and(|rank| rank.fits.len() > 1) {
            lines.push("  no short sequence at these readers tells the first ones apart".into());
        }
        if let Some(probe) = &guess.next {
            let steps: Vec<String> = probe.steps.iter().map(|s| shown_step(s, site)).collect();
            lines.push(format!("  to tell the first ones apart: {}", steps.join("; ")));
            lines.extend(outcomes(probe, guess.ranking.first()));
        }
        lines
    }

    /// The same in full, by the schema `apbrig.panel/1`.
    pub fn json(&self, site: &Site) -> Value {
        let first = self.guess.ranking.first();
        let probe = self.guess.next.as_ref();
        json!({
            "schema": "apbrig.panel/1",
            "agrees": self.agrees(),
            "presentations": self.presentations.iter().map(|p| in_json(p, site)).collect::<Vec<_>>(),
            "differences": self.differences.iter().map(|d| difference(d, site)).collect::<Vec<_>>(),
            "guess": {
                "decisions": self.guess.decisions,
                "ranking": self.guess.ranking.iter().map(rank).collect::<Vec<_>>(),
                "next": probe.map(|probe| json!({
                    "steps": probe.steps.iter().map(|s| json!({
                        "after_s": seconds(s.after),
                        "reader": Names(site).reader(s.reader),
                        "credential": credential(site, s.card),
                        "walks_through": s.passes,
                    })).collect::<Vec<_>>(),
                    "outcomes": probe.outcomes.iter().map(|(expected, places)| json!({
                        "decision": decision_word(expected.granted),
                        "flagged": expected.flagged,
                        "policies": of(first, places),
                    })).collect::<Vec<_>>(),
                })),
            },
        })
    }
}

fn told(difference: &Difference, site: &Site) -> Vec<String> {
    let presentation = &difference.presentation;
    let mut lines = vec![format!(
        "  {}  {} at {}: the panel {}, ours {}",
        clock(presentation.at),
        credential(site, presentation.card),
        Names(site).reader(presentation.reader),
        verdict(presentation),
        decided(&difference.oracle),
    )];
    let earlier = difference.sequence.len().saturating_sub(1);
    if earlier > 0 {
        let how = if difference.is_shortest { "led to by" } else { "before that came" };
        lines.push(format!("    {how}:"));
    }
    for (at, step) in difference.sequence.iter().take(earlier) {
        lines.push(format!("      {}  {}", clock(*at), shown(step, site)));
    }
    lines
}

fn outcomes(probe: &Probe, first: Option<&Rank>) -> Vec<String> {
    let one = |(expected, places): &(Expected, Vec<usize>)| {
        let flag = match expected.flagged {
            Some(true) => ", flagged",
            Some(false) | None => "",
        };
        let named = places.iter().filter_map(|place| first?.fits.get(*place));
        format!("    {}{flag}: {}", decision_word(expected.granted), names(named))
    };
    probe.outcomes.iter().map(one).collect()
}

/// All names of the policies at these places of a rank.
fn of(rank: Option<&Rank>, places: &[usize]) -> Vec<String> {
    let fits = places.iter().filter_map(|place| rank?.fits.get(*place));
    fits.map(|fit| fit.candidate.names.join(" = ")).collect()
}

/// Policies, shortly: variants only where what they vary is not among them.
fn names<'a>(fits: impl Iterator<Item = &'a Fit>) -> String {
    let all: Vec<&str> = fits.flat_map(|fit| &fit.candidate.names).map(String::as_str).collect();
    let is_news = |name: &&&str| name.split_once(' ').is_none_or(|(base, _)| !all.contains(&base));
    all.iter().filter(is_news).copied().collect::<Vec<_>>().join(", ")
}

fn rank(rank: &Rank) -> Value {
    let fit =
        |fit: &Fit| json!({ "names": fit.candidate.names, "first_miss_s": fit.first_miss.map(instant) });
    json!({ "agreed": rank.agreed, "policies": rank.fits.iter().map(fit).collect::<Vec<_>>() })
}

fn difference(difference: &Difference, site: &Site) -> Value {
    let step = |(at, step): &(Time, Step)| json!({ "at_s": instant(*at), "what": shown(step, site) });
    json!({
        "presentation": in_json(&difference.presentation, site),
        "ours": {
            "decision": decision_word(difference.oracle.granted),
            "reason": difference.oracle.reason.name(),
            "violation": difference.oracle.violation.map(|rule| rule.name()),
        },
        "sequence": difference.sequence.iter().map(step).collect::<Vec<_>>(),
        "is_shortest": difference.is_shortest,
    })
}

fn in_json(presentation: &Presentation, site: &Site) -> Value {
    json!({
        "at_s": instant(presentation.at),
        "reader": Names(site).reader(presentation.reader),
        "credential": credential(site, presentation.card),
        "panel": verdict_word(presentation.verdict),
        "flagged": presentation.flagged,
    })
}

fn shown_step(step: &super::probe::ProbeStep, site: &Site) -> String {
    let walks = if step.passes { ", and go through if let" } else { "" };
    let wait =
        if step.after == Span::ZERO { String::new() } else { format!("after {} s ", seconds(step.after)) };
    format!("{wait}{} at {}{walks}", credential(site, step.card), Names(site).reader(step.reader))
}

fn shown(step: &Step, site: &Site) -> String {
    let names = Names(site);
    match step {
        Step::Read(p) => {
            format!("{} at {}: the panel {}", credential(site, p.card), names.reader(p.reader), verdict(p))
        }
        Step::Input(Input::Passed { lane, direction }) => {
            format!("somebody goes through {}, {direction}", names.lane(*lane))
        }
        Step::Input(Input::Opened { lane }) => format!("{} opens", names.lane(*lane)),
        Step::Input(Input::Fire { active: true }) => "the fire alarm goes off".into(),
        Step::Input(Input::Fire { active: false }) => "the fire alarm is reset".into(),
        Step::Input(other) => format!("{other:?}"),
    }
}

fn verdict(presentation: &Presentation) -> String {
    let flag = if presentation.flagged == Some(true) { " and flagged it" } else { "" };
    let word = match presentation.verdict {
        Verdict::Granted => "granted",
        Verdict::Denied => "denied",
        Verdict::Silent => "said nothing",
    };
    format!("{word}{flag}")
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Granted => "granted",
        Verdict::Denied => "denied",
        Verdict::Silent => "silent",
    }
}

fn decided(decided: &Decided) -> String {
    let rule = decided.violation.map(|rule| format!(", breaks {}", rule.name())).unwrap_or_default();
    match decided.granted {
        true => format!("granted{rule}"),
        false => format!("denied ({}{rule})", decided.reason.name()),
    }
}

fn decision_word(granted: bool) -> &'static str {
    if granted { "granted" } else { "denied" }
}

/// What is written on a credential; its number, if it is not issued.
fn credential(site: &Site, number: CardNumber) -> String {
    let of = |id: CredentialId| site.credentials.get(id.index()).map(|c| c.name.clone());
    site.credential(number).and_then(of).unwrap_or_else(|| number.0.to_string())
}

fn clock(at: Time) -> String {
    format!("{:.3} s", instant(at))
}

fn instant(at: Time) -> f64 {
    seconds(at.since(Time::ZERO))
}

fn seconds(span: Span) -> f64 {
    span.0 as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::id::{Direction, LaneId};
    use crate::apb::policy::Policy;
    use crate::apb::site::Sensing;
    use crate::hil::panel::fixture::{CARD, ENTRY, site};
    use crate::hil::panel::{Oracle, Seen, Wiring};

    fn ms(n: u64) -> Time {
        Time(n * 1_000)
    }

    #[test]
    fn a_passback_that_a_panel_lets_through_is_told_with_what_led_to_it() {
        let site = site(&Policy::hard(), &Sensing::Signals);
        let mut oracle = Oracle::new(site.clone(), Wiring::default());
        for (at, granted) in [(1_000, true), (9_000, true)] {
            let read = Seen::Presented { reader: ENTRY, card: CARD, factor: Default::default() };
            oracle.see(ms(at), read);
            oracle.see(ms(at + 50), Seen::Shown { reader: ENTRY, granted });
            let passed = Input::Passed { lane: LaneId(0), direction: Direction::In };
            oracle.see(ms(at + 2_000), Seen::Happened(passed));
        }
        let found = Comparison::new(&oracle, &site, ms(60_000)).unwrap();
        assert!(!found.agrees());
        let told = found.told(&site);
        assert!(told.starts_with("panel: 2 presentations, 1 decided otherwise"), "{told}");
        assert!(
            told.contains("9.000 s  K1 at R0in: the panel granted, ours denied (apb_violation"),
            "{told}"
        );
        assert!(told.contains("somebody goes through L1, in"), "{told}");
        assert!(told.contains("all 2 decisions fit: "), "{told}");
        let json = found.json(&site);
        assert_eq!(json["differences"][0]["ours"]["decision"], "denied");
        assert_eq!(json["presentations"].as_array().unwrap().len(), 2);
        assert!(json["guess"]["next"]["steps"].as_array().is_some_and(|steps| !steps.is_empty()), "{json:#}");
    }
}

//! What was seen against what had to be seen.

use super::limits;
use super::measurement::Measurement;
use super::phase::{Act, Check};
use super::place::Names;
use super::stand::{AlertLine, DecisionLine, Seen, Sighting};
use super::words;
use crate::apb::id::{CardNumber, Direction, LaneId, ReaderId};
use crate::apb::input::Leaf;
use crate::apb::journal::{Alarm, AlertCause};
use crate::apb::policy::Rule;
use crate::apb::site::Site;
use crate::apb::time::{Span, Time};
use crate::scenario::expect::Verdict;

/// One act, and what has been seen since.
pub(super) struct Episode<'a> {
    pub(super) site: &'a Site,
    pub(super) act: &'a Act,
    /// When it was done, or asked for.
    pub(super) began: Time,
    /// When a person has said to be doing it; `None`: the stand does it by itself.
    pub(super) by_hand: Option<Time>,
    pub(super) seen: &'a [Sighting],
    /// The time now.
    pub(super) now: Time,
}

/// What there is to say of an alarm that its gate does not name.
const UNNAMED: &str = "an alarm; the gate does not say which";

/// What came of a check; `None`: nothing yet.
type Found = Option<Vec<Measurement>>;

impl Episode<'_> {
    /// What came of a check so far; `None`: it has to be waited for.
    pub(super) fn measure(&self, check: &Check) -> Found {
        let Some(start) = self.start() else {
            return (self.now >= self.until(check)).then(|| vec![self.missed(check)]);
        };
        match check {
            Check::Decided { verdict } => self.decided(start, *verdict),
            Check::Logged => self.logged(start),
            Check::Undecided { reader, during } => self.undecided(start, *reader, *during),
            Check::Alerted { denied, rule } => self.alerted(start, *denied, *rule),
            Check::NoAlarm { lane } => self.quiet(start, *lane, true),
            Check::NoAlert { lane } => self.quiet(start, *lane, false),
            Check::Alarmed { lane, any_of, after } => self.alarmed(start, *lane, any_of, *after),
            Check::Still { lane, during } => self.still(start, *lane, *during),
            Check::Opens { lane, within } => {
                let title = format!("time until the leaf of {} is open", Names(self.site).lane(*lane));
                self.leaf(start, ("opens_s", &title), (*lane, Leaf::Open), *within)
            }
            Check::StaysOpen { lane } => {
                let shut = Seen::Leaf { lane: *lane, leaf: Leaf::Closed };
                let count = self.count(|s| *s == shut);
                let title =
                    format!("times the leaf of {} shuts where it must not", Names(self.site).lane(*lane));
                (count > 0 || self.now >= self.until(check))
                    .then(|| vec![Measurement::exactly(("shut_early", &title), count, 0)])
            }
            Check::Shuts { lane, within } => {
                let title = format!("time until the leaf of {} is shut again", Names(self.site).lane(*lane));
                self.leaf(start, ("shuts_s", &title), (*lane, Leaf::Closed), *within)
            }
            Check::Taken { lane, direction } => {
                let is = |s: &Seen| *s == Seen::Taken { lane: *lane, direction: *direction };
                let named = ("taken_s", "time until the holder counts as gone through");
                self.within(start, named, self.first(is), limits::PASSAGE)
            }
            Check::Lapses { lane, direction, after } => self.lapses(start, (*lane, *direction), *after),
            Check::Unattributed { lane, direction, count } => {
                self.unattributed(start, (*lane, *direction), *count)
            }
            Check::Bodies { lane } => {
                let count = self.count(|s| matches!(s, Seen::Passage { lane: l, .. } if l == lane));
                Some(vec![Measurement::told(("bodies", "bodies that went through"), count)])
            }
            Check::ResetLogged { holder } => {
                let is = |s: &Seen| matches!(s, Seen::Reset { holder: h } if h.is_none_or(|h| h == *holder));
                let named = ("reset_logged_s", "time until the journal tells of the reset");
                self.within(start, named, self.first(is), limits::ALERT)
            }
            Check::Line { lane, up } => self.line(start, *lane, *up),
        }
    }

    /// The latest instant at which a check is still waited for.
    pub(super) fn until(&self, check: &Check) -> Time {
        let Some(start) = self.start() else {
            return self.by_hand.unwrap_or(self.began) + limits::PATIENCE;
        };
        let granted = self.decision().map_or(start + limits::DECISION, |(at, _)| at);
        let leeway = self.leeway();
        match check {
            Check::Decided { .. } | Check::Logged => start + limits::DECISION,
            Check::Undecided { during, .. } | Check::Still { during, .. } => start + *during,
            Check::Alerted { .. } => granted + limits::ALERT,
            Check::NoAlarm { .. } | Check::NoAlert { .. } | Check::ResetLogged { .. } => {
                start + limits::ALERT + leeway
            }
            Check::Alarmed { after, .. } => start + latest(*after) + leeway + limits::ALERT,
            Check::Opens { within, .. } | Check::Shuts { within, .. } => start + *within + leeway,
            Check::Taken { .. } | Check::Unattributed { .. } | Check::StaysOpen { .. } => {
                start + limits::PASSAGE + leeway
            }
            Check::Lapses { after, .. } => granted + *after + limits::LAPSE_TOLERANCE,
            Check::Bodies { .. } => start,
            Check::Line { up: true, .. } => start + limits::ONLINE + leeway,
            Check::Line { up: false, .. } => start + limits::OFFLINE + leeway,
        }
    }

    /// When the act began to have effects: at once; when a person's is first seen, if it can be; else when
    /// they say so.
    fn start(&self) -> Option<Time> {
        let Some(said) = self.by_hand else { return Some(self.began) };
        match self.act {
            Act::Present { .. } => self.trigger(),
            _ => Some(self.trigger().unwrap_or(said)),
        }
    }

    /// When a person's act is first seen by something that nothing else sets off.
    fn trigger(&self) -> Option<Time> {
        let begins = |s: &&Sighting| match (self.act, &s.what) {
            (Act::Present { reader, .. }, Seen::Read { reader: r, .. }) => r == reader,
            (Act::Present { reader, card, .. }, Seen::Decision(line)) => is_about(line, *reader, *card),
            (Act::Fire(on), Seen::Fire(told)) => on == told,
            _ => false,
        };
        self.seen.iter().find(begins).map(|s| s.at)
    }

    /// What a person may take from saying that they begin to beginning.
    fn leeway(&self) -> Span {
        if self.by_hand.is_some() && self.trigger().is_none() { limits::BY_HAND } else { Span::ZERO }
    }

    /// Nothing at all was seen of what a person was to do.
    fn missed(&self, check: &Check) -> Measurement {
        let (name, title) = words::measured(check);
        let note = format!("nothing was seen within {}", limits::PATIENCE);
        Measurement::word((name, title), None, "seen".into()).saying(note)
    }

    fn first(&self, is: impl Fn(&Seen) -> bool) -> Option<Time> {
        self.seen.iter().find(|s| is(&s.what)).map(|s| s.at)
    }

    fn count(&self, is: impl Fn(&Seen) -> bool) -> u64 {
        self.seen.iter().filter(|s| is(&s.what)).count() as u64
    }

    /// Something that has to be seen in time.
    fn within(&self, start: Time, named: (&str, &str), found: Option<Time>, most: Span) -> Found {
        let most = most + self.leeway();
        let is_over = self.now >= start + most;
        (found.is_some() || is_over)
            .then(|| vec![Measurement::at_most(named, found.map(|at| at.since(start)), most)])
    }

    fn presented(&self) -> Option<(ReaderId, CardNumber)> {
        if let Act::Present { reader, card, .. } = self.act { Some((*reader, *card)) } else { None }
    }

    /// The first line about this presentation: one that names its reader or its number.
    fn decision(&self) -> Option<(Time, &DecisionLine)> {
        let (reader, card) = self.presented()?;
        self.seen.iter().find_map(|s| match &s.what {
            Seen::Decision(line) if is_about(line, reader, card) => Some((s.at, line)),
            _ => None,
        })
    }

    fn decided(&self, start: Time, wanted: Verdict) -> Found {
        let decision = self.decision();
        if decision.is_none() && self.now < start + limits::DECISION {
            return None;
        }
        let says = decision.map(|(_, line)| words::said(line, wanted));
        let took = decision.map(|(at, _)| at.since(start));
        Some(vec![
            Measurement::word(("decision", "decision"), says, words::verdict(wanted)),
            Measurement::at_most(("decision_s", "time to the decision"), took, limits::DECISION),
        ])
    }

    fn logged(&self, start: Time) -> Found {
        let (reader, card) = self.presented()?;
        let decision = self.decision();
        if decision.is_none() && self.now < start + limits::DECISION {
            return None;
        }
        let line = decision.map(|(_, line)| line);
        let names = Names(self.site);
        let number = line.and_then(|l| l.card).map(|c| c.0.to_string());
        let gate = line.and_then(|l| l.reader).map(|r| names.reader(r).to_owned());
        let apart = |stamp: Time, at: Time| stamp.since(at).max(at.since(stamp));
        let stamp = decision.and_then(|(at, line)| line.stamp.map(|s| apart(s, at)));
        let wanted = names.reader(reader).to_owned();
        Some(vec![
            Measurement::word(("log_credential", "credential in the journal"), number, card.0.to_string()),
            Measurement::word(("log_gate", "reader in the journal"), gate, wanted),
            Measurement::at_most(("log_time_s", "time in the journal, off by"), stamp, limits::CLOCK),
        ])
    }

    fn undecided(&self, start: Time, reader: ReaderId, during: Span) -> Found {
        let count = self.count(|s| matches!(s, Seen::Decision(l) if l.reader == Some(reader)));
        (count > 0 || self.now >= start + during).then(|| {
            let named = ("decisions", "decisions where there must be none");
            vec![Measurement::exactly(named, count, 0)]
        })
    }

    fn alerted(&self, start: Time, denied: bool, rule: Rule) -> Found {
        let (reader, card) = self.presented()?;
        let from = self.decision().map_or(start, |(at, _)| at);
        let lane = Names(self.site).lane_of(reader);
        let concerns = |a: &AlertLine| a.card == Some(card) || (a.lane.is_some() && a.lane == lane);
        let alert = self.seen.iter().find_map(|s| match &s.what {
            Seen::Alert(a) if is_passback(a.cause) && concerns(a) => Some((s.at, a)),
            _ => None,
        });
        if alert.is_none() && self.now < self.until(&Check::Alerted { denied, rule }) {
            return None;
        }
        let wanted = if denied { AlertCause::Denied(rule) } else { AlertCause::Flagged(rule) };
        let says = alert.map(|(_, a)| words::alert(a.cause));
        let gate = alert.and_then(|(_, a)| a.lane).map(|l| Names(self.site).lane(l).to_owned());
        let number = alert.and_then(|(_, a)| a.card).map(|c| c.0.to_string());
        let wanted_gate = lane.map(|l| Names(self.site).lane(l).to_owned()).unwrap_or_default();
        let took = alert.map(|(at, _)| at.since(from));
        Some(vec![
            Measurement::at_most(("alert_s", "time to the alert"), took, limits::ALERT),
            Measurement::word(("alert", "alert"), says, words::alert(wanted)),
            Measurement::word(("alert_credential", "credential in the alert"), number, card.0.to_string()),
            Measurement::word(("alert_gate", "gate in the alert"), gate, wanted_gate),
        ])
    }

    fn quiet(&self, start: Time, lane: LaneId, alarms_too: bool) -> Found {
        let alarms = self.seen.iter().filter_map(|s| match &s.what {
            Seen::Alarm { lane: l, alarm, on: true, .. } if alarms_too && *l == lane => {
                Some(alarm.map_or(UNNAMED, Alarm::name))
            }
            Seen::Alert(a) if a.lane == Some(lane) => Some(a.cause.name()),
            _ => None,
        });
        let names: Vec<&str> = alarms.collect();
        (!names.is_empty() || self.now >= start + limits::ALERT + self.leeway()).then(|| {
            let check = if alarms_too { Check::NoAlarm { lane } } else { Check::NoAlert { lane } };
            let named = words::measured(&check);
            vec![Measurement::exactly(named, names.len() as u64, 0).saying(names.join(", "))]
        })
    }

    fn alarmed(&self, start: Time, lane: LaneId, any_of: &[Alarm], after: Option<(Span, Span)>) -> Found {
        let mut raised: Vec<(Time, Option<Alarm>, bool)> = self.raised(lane).collect();
        // An alarm of a gate that does not say which counts if none does.
        raised.sort_by_key(|(at, alarm, _)| (alarm.is_none(), *at));
        let fits = |alarm: &Option<Alarm>| alarm.is_none_or(|alarm| any_of.contains(&alarm));
        let mut fitting = raised.iter().filter(|(_, alarm, _)| fits(alarm));
        let is_told = |s: &&Sighting| match &s.what {
            Seen::Alert(AlertLine { lane: l, cause: AlertCause::Lane(alarm), .. }) => {
                *l == Some(lane) && any_of.contains(alarm)
            }
            _ => false,
        };
        let told = self.seen.iter().find(is_told).map(|s| s.at);
        let told_by = if raised.is_empty() { Span::ZERO } else { limits::ALERT };
        let is_over = self.now >= start + latest(after) + self.leeway() + told_by;
        if told.is_none() && !is_over {
            return None;
        }
        let names = words::alarms(any_of);
        let Some((at, alarm, _)) = fitting.clone().next().copied() else {
            let instead: Vec<&str> =
                raised.iter().filter_map(|(_, alarm, _)| Some((*alarm)?.name())).collect();
            return Some(vec![Measurement::word(("alarm", "alarm"), None, names).saying(instead.join(", "))]);
        };
        // Any of them will do: which it was is told.
        let named = Measurement::word(("alarm", "alarm"), Some(names.clone()), names);
        let mut found = vec![named.saying(alarm.map_or(UNNAMED, Alarm::name))];
        found.extend(after.map(|(low, high)| {
            let ends = (low, high + self.leeway());
            Measurement::between(("alarm_s", "time to the alarm"), Some(at.since(start)), ends)
        }));
        let named = ("alert_s", "time to the alert");
        found.push(match fitting.find(|(_, _, journal)| *journal) {
            Some((at, ..)) => Measurement::at_most(named, told.map(|t| t.since(*at)), limits::ALERT),
            None => {
                Measurement::unset(named, "the gate alarms by itself; its alarm is not in the journal".into())
            }
        });
        Some(found)
    }

    /// Every alarm of a lane that began: when, which, and whether the journal tells of it.
    fn raised(&self, lane: LaneId) -> impl Iterator<Item = (Time, Option<Alarm>, bool)> + '_ {
        self.seen.iter().filter_map(move |s| match &s.what {
            Seen::Alarm { lane: l, alarm, on: true, journal } if *l == lane => Some((s.at, *alarm, *journal)),
            _ => None,
        })
    }

    fn still(&self, start: Time, lane: LaneId, during: Span) -> Found {
        let in_time = |s: &&Sighting| s.at >= start && s.at <= start + during;
        let moves = |s: &&Sighting| match &s.what {
            Seen::Leaf { lane: l, leaf } => *l == lane && *leaf != Leaf::Closed,
            Seen::Released { lane: l } => *l == lane,
            _ => false,
        };
        let count = self.seen.iter().filter(in_time).filter(moves).count() as u64;
        (count > 0 || self.now >= start + during).then(|| {
            let watched = format!("watched for {during}");
            let named = ("leaf_moves", "movements of the leaf, orders to open it");
            vec![Measurement::exactly(named, count, 0).saying(watched)]
        })
    }

    fn leaf(&self, start: Time, named: (&str, &str), (lane, wanted): (LaneId, Leaf), most: Span) -> Found {
        let is = |s: &Seen| *s == Seen::Leaf { lane, leaf: wanted };
        self.within(start, named, self.first(is), most)
    }

    fn lapses(&self, start: Time, (lane, direction): (LaneId, Direction), after: Span) -> Found {
        let from = self.decision().map_or(start, |(at, _)| at);
        let lapse = self.first(|s| *s == Seen::NotTaken { lane, direction });
        let ends = (after.less(limits::LAPSE_TOLERANCE), after + limits::LAPSE_TOLERANCE);
        let is_over = self.now >= from + ends.1;
        (lapse.is_some() || is_over).then(|| {
            let named = ("lapse_s", "time until the grant lapses");
            vec![Measurement::between(named, lapse.map(|at| at.since(from)), ends)]
        })
    }

    fn unattributed(&self, start: Time, (lane, direction): (LaneId, Direction), count: u32) -> Found {
        let passage = Seen::Passage { lane, direction, attributed: false };
        let found = self.count(|s| *s == passage);
        let is_over = self.now >= start + limits::PASSAGE + self.leeway();
        (found > u64::from(count) || is_over).then(|| {
            let named = ("unattributed", "bodies that no credential stands for");
            vec![Measurement::exactly(named, found, u64::from(count))]
        })
    }

    fn line(&self, start: Time, lane: LaneId, up: bool) -> Found {
        let is = |s: &Seen| matches!(s, Seen::Line { lane: l, up: u, .. } if (*l, *u) == (lane, up));
        let (named, most) = if up {
            (("online_s", "time until the devices answer again"), limits::ONLINE)
        } else {
            (("offline_s", "time until the dead line is told"), limits::OFFLINE)
        };
        self.within(start, named, self.first(is), most)
    }
}

/// How long after the act an alarm may come.
fn latest(after: Option<(Span, Span)>) -> Span {
    after.map_or(limits::PASSAGE, |(_, latest)| latest)
}

fn is_about(line: &DecisionLine, reader: ReaderId, card: CardNumber) -> bool {
    line.reader == Some(reader) || line.card == Some(card)
}

fn is_passback(cause: AlertCause) -> bool {
    matches!(cause, AlertCause::Denied(_) | AlertCause::Flagged(_))
}

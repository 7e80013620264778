//! Journal entries as lines: every event has one form that stays.

use super::object::{Object, write_text};
use crate::apb::id::{AreaId, CardNumber, CredentialId, HolderId, LaneId, ReaderId};
use crate::apb::input::{Audit, Who};
use crate::apb::journal::{Alert, AlertCause, Decision, Entry, Event};
use crate::apb::ledger::{Ledger, Location};
use crate::apb::policy::Policy;
use crate::apb::site::Site;
use crate::apb::time::Time;

/// Knows what the site calls things.
pub(super) struct Printer<'a> {
    pub(super) site: &'a Site,
    pub(super) ledger: &'a Ledger,
    /// The credential that was just presented and that the site has no name for: what is read off it, and
    /// what it was called.
    pub(super) stranger: Option<(CardNumber, &'a str)>,
    /// The line of the log that all this comes of.
    pub(super) line: Option<u64>,
}

impl<'a> Printer<'a> {
    fn reader(&self, id: ReaderId) -> Option<&'a str> {
        self.site.readers.get(id.index()).map(|r| r.name.as_str())
    }

    fn lane(&self, id: LaneId) -> Option<&'a str> {
        self.site.lanes.get(id.index()).map(|l| l.name.as_str())
    }

    fn area(&self, id: AreaId) -> Option<&'a str> {
        self.site.areas.get(id.index()).map(|a| a.name.as_str())
    }

    fn holder(&self, id: HolderId) -> Option<&'a str> {
        self.site.holders.get(id.index()).map(|h| h.name.as_str())
    }

    /// An area's name; `None`: unknown.
    fn place(&self, location: Location) -> Option<&'a str> {
        match location {
            Location::Unknown => None,
            Location::In(area) => self.area(area),
        }
    }

    fn credential(&self, id: CredentialId) -> Option<&'a str> {
        self.site.credentials.get(id.index()).map(|c| c.name.as_str())
    }

    /// A credential by its name, one that the site does not have by what it was called, or else by its number.
    fn card(&self, object: &mut Object<'_>, number: CardNumber, known: Option<CredentialId>) {
        let renamed = || self.ledger.cards().meaning(number).flatten().map(|(credential, _)| credential);
        let id = known.or_else(renamed).or_else(|| self.site.credential(number));
        let stranger = || self.stranger.filter(|(card, _)| *card == number).map(|(_, name)| name);
        match id.and_then(|id| self.credential(id)).or_else(stranger) {
            Some(name) => object.text("credential", name),
            None => object.whole("credential", number.0),
        };
    }

    /// Writes what came of one input.
    pub(super) fn entries(&self, entries: &[Entry], out: &mut Vec<u8>) {
        for entry in entries {
            match &entry.event {
                Event::Decision(decision) => self.decision(entry.at, decision, out),
                Event::Paired { grants } => {
                    let owner = |grant| {
                        let decisions = entries.iter().filter_map(|e| match &e.event {
                            Event::Decision(d) if d.grant == Some(grant) => d.holder,
                            _ => None,
                        });
                        decisions.last().and_then(|h| self.holder(h))
                    };
                    Object::at(entry.at, "paired", out).value("holders", &grants.map(owner)).end();
                }
                event => self.event(entry.at, event, out),
            }
        }
    }

    fn decision(&self, at: Time, decision: &Decision, out: &mut Vec<u8>) {
        let mut object = Object::at(at, "decision", out);
        object.maybe("reader", self.reader(decision.reader));
        self.card(&mut object, decision.card, decision.credential);
        object
            .maybe("holder", decision.holder.and_then(|h| self.holder(h)))
            .word("decision", if decision.grant.is_some() { "grant" } else { "deny" })
            .word("reason", decision.reason.name())
            .truth("violation", decision.violation.is_some());
        if let Some(rule) = decision.violation {
            let from = self.site.route(decision.reader).map(|r| r.from);
            object
                .word("rule", rule.name())
                .maybe("found", decision.found.and_then(|found| self.place(found)))
                .maybe("expected", from.and_then(|area| self.area(area)));
        }
        if let Some(line) = self.line {
            object.whole("line", line);
        }
        object.end();
    }

    /// What lanes and holders did.
    fn event(&self, at: Time, event: &Event, out: &mut Vec<u8>) {
        match event {
            Event::Taken { holder, lane, direction, late, .. } => Object::at(at, "taken", out)
                .maybe("lane", self.lane(*lane))
                .value("direction", direction)
                .maybe("holder", self.holder(*holder))
                .truth("late", *late)
                .end(),
            Event::NotTaken { holder, lane, direction, .. } => Object::at(at, "not_taken", out)
                .maybe("lane", self.lane(*lane))
                .value("direction", direction)
                .maybe("holder", self.holder(*holder))
                .end(),
            Event::Passage { lane, direction, grant } => Object::at(at, "passage", out)
                .maybe("lane", self.lane(*lane))
                .value("direction", direction)
                .truth("attributed", grant.is_some())
                .end(),
            Event::Moved { holder, from, to, cause, via } => {
                let mut object = Object::at(at, "moved", out);
                object
                    .maybe("holder", self.holder(*holder))
                    .maybe("from", self.place(*from))
                    .maybe("to", self.place(*to))
                    .word("cause", cause.name());
                if let Some(reader) = via {
                    object.maybe("reader", self.reader(*reader));
                }
                object.end();
            }
            Event::Side { holder, area, inside } => Object::at(at, "side", out)
                .maybe("holder", self.holder(*holder))
                .maybe("area", self.area(*area))
                .truth("inside", *inside)
                .end(),
            Event::LockedOut { holder, until } => {
                let mut object = Object::at(at, "locked_out", out);
                object.maybe("holder", self.holder(*holder));
                match until {
                    Some(until) => object.seconds("until", *until),
                    None => object.null("until"),
                };
                object.end();
            }
            Event::Forgiven { holder, until } => Object::at(at, "forgiven", out)
                .maybe("holder", self.holder(*holder))
                .seconds("until", *until)
                .end(),
            Event::ForgivenessUsed { holder } => {
                Object::at(at, "forgiveness_used", out).maybe("holder", self.holder(*holder)).end();
            }
            Event::Alarm { lane, alarm, direction, on } => Object::at(at, "alarm", out)
                .maybe("lane", self.lane(*lane))
                .word("alarm", alarm.name())
                .value("direction", direction)
                .truth("on", *on)
                .end(),
            Event::Alert(alert) => self.alert(at, alert, out),
            other => self.operator(at, other, out),
        }
    }

    fn alert(&self, at: Time, alert: &Alert, out: &mut Vec<u8>) {
        let mut object = Object::at(at, "alert", out);
        object.maybe("lane", self.lane(alert.lane));
        object.maybe("reader", alert.reader.and_then(|r| self.reader(r)));
        match alert.card {
            Some(card) => self.card(&mut object, card, None),
            None => {
                object.null("credential");
            }
        }
        object.maybe("holder", alert.holder.and_then(|h| self.holder(h))).word("cause", alert.cause.name());
        if let AlertCause::Denied(rule) | AlertCause::Flagged(rule) = alert.cause {
            object.word("rule", rule.name());
        }
        object.end();
    }

    /// What operators, clocks and the fire alarm did.
    fn operator(&self, at: Time, event: &Event, out: &mut Vec<u8>) {
        match event {
            Event::Reset { who, to, audit } => {
                let mut object = Object::at(at, "reset", out);
                self.who(&mut object, who);
                object.maybe("to", to.and_then(|area| self.area(area)));
                signed(&mut object, audit.as_deref());
                object.end();
            }
            Event::Amnesty { amnesty } => {
                let amnesty = self.site.amnesties.get(usize::from(*amnesty));
                Object::at(at, "amnesty", out).maybe("amnesty", amnesty.map(|a| a.name.as_str())).end();
            }
            Event::Fire { active } => Object::at(at, "fire", out).truth("active", *active).end(),
            Event::Lockdown { area, lockdown } => Object::at(at, "lockdown", out)
                .maybe("area", self.area(*area))
                .word("lockdown", lockdown.name())
                .end(),
            Event::Unlocked { lane, direction, grant, audit } => {
                let mut object = Object::at(at, "unlocked", out);
                object.maybe("lane", self.lane(*lane)).value("direction", direction);
                object.truth("granted", grant.is_some());
                signed(&mut object, audit.as_deref());
                object.end();
            }
            Event::PolicySet { area, policy } => {
                let mut object = Object::at(at, "policy_set", out);
                object.maybe("area", self.area(*area));
                axes(&mut object, policy);
                object.end();
            }
            Event::ModeSet { lane, direction, mode } => Object::at(at, "mode_set", out)
                .maybe("lane", self.lane(*lane))
                .value("direction", direction)
                .value("mode", mode)
                .end(),
            other => self.people(at, other, out),
        }
    }

    /// What became of credentials and their holders.
    fn people(&self, at: Time, event: &Event, out: &mut Vec<u8>) {
        match event {
            Event::Mustered { point, card, holder } => {
                let mut object = Object::at(at, "mustered", out);
                let point = self.site.musters.get(point.index());
                object.maybe("point", point.map(|m| m.name.as_str()));
                self.card(&mut object, *card, None);
                object.maybe("holder", holder.and_then(|h| self.holder(h))).end();
            }
            Event::Replaced { old, new, credential, holder } => Object::at(at, "replaced", out)
                .maybe("credential", self.credential(*credential))
                .maybe("holder", self.holder(*holder))
                .whole("old", old.0)
                .whole("new", new.0)
                .end(),
            Event::Assigned { credential, holder, .. } => Object::at(at, "assigned", out)
                .maybe("credential", self.credential(*credential))
                .maybe("holder", self.holder(*holder))
                .end(),
            Event::Removed { holder } => {
                Object::at(at, "removed", out).maybe("holder", self.holder(*holder)).end();
            }
            Event::Resumed { lost } => {
                Object::at(at, "resumed", out).whole("lost", u64::from(*lost)).end();
            }
            // The rest was written before it came here; what a later version adds is written as serde has it.
            other => Object::at(at, "other", out).value("entry", other).end(),
        }
    }

    fn who(&self, object: &mut Object<'_>, who: &Who) {
        match who {
            Who::Holder(holder) => object.maybe("holder", self.holder(*holder)),
            Who::Holders(holders) => {
                let names: Vec<_> = holders.iter().map(|h| self.holder(*h)).collect();
                object.value("holders", &names)
            }
            Who::Area(area) => object.maybe("area", self.area(*area)),
            Who::All => object.truth("all", true),
        };
    }

    /// Where everybody is believed to be: each holder's area, and each area's holders.
    pub(super) fn state(&self, out: &mut Vec<u8>) {
        let mut object = Object::timeless("state", out);
        let holders = self.site.holders.iter().zip((0..).map(HolderId));
        let places = holders.map(|(h, id)| (h.name.as_str(), self.ledger.presence(id).location));
        write_map(object.key("holders"), places, |location, out| match self.place(location) {
            Some(name) => write_text(name, out),
            None => out.extend_from_slice(b"null"),
        });
        let areas = self.site.areas.iter().zip((0..).map(AreaId)).map(|(a, id)| (a.name.as_str(), id));
        write_map(object.key("areas"), areas, |area, out| {
            let mut names: Vec<&str> =
                self.ledger.located(area).iter().filter_map(|h| self.holder(*h)).collect();
            names.sort_unstable();
            // Writing into memory cannot fail.
            let _ = serde_json::to_writer(out, &names);
        });
        object.end();
    }
}

/// Writes an object whose keys are names.
fn write_map<'n, V>(
    out: &mut Vec<u8>,
    entries: impl Iterator<Item = (&'n str, V)>,
    write: impl Fn(V, &mut Vec<u8>),
) {
    out.push(b'{');
    for (i, (name, value)) in entries.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        write(value, out);
    }
    out.push(b'}');
}

fn signed(object: &mut Object<'_>, audit: Option<&Audit>) {
    if let Some(audit) = audit {
        object.text("operator", &audit.operator).text("reason", &audit.reason);
    }
}

/// The axes of a policy that tell it from others, by their names.
fn axes(object: &mut Object<'_>, policy: &Policy) {
    object
        .word("rule", policy.rule.name())
        .value("inbound", &policy.inbound)
        .value("outbound", &policy.outbound)
        .seconds("window", Time(policy.window.0))
        .value("commit", &policy.commit)
        .value("unknown", &policy.unknown);
}

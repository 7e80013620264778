//! Journal entries as lines: every event has one form that stays.

use super::names::Names;
use super::object::Object;
use crate::apb::id::{AreaId, CardNumber, CredentialId, GrantId, HolderId, LaneId, ReaderId};
use crate::apb::input::{Audit, Who};
use crate::apb::journal::{Alert, AlertCause, Decision, Entry, Event};
use crate::apb::ledger::{Ledger, Location};
use crate::apb::policy::Policy;
use crate::apb::site::Site;
use crate::apb::time::Time;

/// No name.
const NULL: &[u8] = b"null";

/// Knows what the site calls things.
pub(super) struct Printer<'a> {
    pub(super) site: &'a Site,
    pub(super) names: &'a Names,
    pub(super) ledger: &'a Ledger,
    /// The credential that was just presented and that the site has no name for: what is read off it, and
    /// what it was called.
    pub(super) stranger: Option<(CardNumber, &'a str)>,
    /// The line of the log that all this comes of.
    pub(super) line: Option<u64>,
}

impl<'a> Printer<'a> {
    fn reader(&self, id: ReaderId) -> &'a [u8] {
        self.names.readers.quoted(id.index())
    }

    fn lane(&self, id: LaneId) -> &'a [u8] {
        self.names.lanes.quoted(id.index())
    }

    fn area(&self, id: AreaId) -> &'a [u8] {
        self.names.areas.quoted(id.index())
    }

    fn holder(&self, id: HolderId) -> &'a [u8] {
        self.names.holders.quoted(id.index())
    }

    fn any_holder(&self, id: Option<HolderId>) -> &'a [u8] {
        id.map_or(NULL, |id| self.holder(id))
    }

    fn any_area(&self, id: Option<AreaId>) -> &'a [u8] {
        id.map_or(NULL, |id| self.area(id))
    }

    /// An area's name, or null: unknown.
    fn place(&self, location: Location) -> &'a [u8] {
        match location {
            Location::Unknown => NULL,
            Location::In(area) => self.area(area),
        }
    }

    /// A credential by its name; one that the site does not have by what it was called, or else by its
    /// number.
    fn card(&self, object: &mut Object<'_>, number: CardNumber, known: Option<CredentialId>) {
        let renamed = || self.ledger.cards().meaning(number).flatten().map(|(credential, _)| credential);
        let id = known.or_else(renamed).or_else(|| self.site.credential(number));
        let stranger = || self.stranger.filter(|(card, _)| *card == number).map(|(_, name)| name);
        match (id, stranger()) {
            (Some(id), _) => object.raw("credential", self.names.credentials.quoted(id.index())),
            (None, Some(name)) => object.text("credential", name),
            (None, None) => object.whole("credential", number.0),
        };
    }

    /// Writes what came of one input.
    pub(super) fn entries(&self, entries: &[Entry], out: &mut Vec<u8>) {
        for entry in entries {
            match &entry.event {
                Event::Decision(decision) => self.decision(entry.at, decision, out),
                Event::Paired { grants } => {
                    let owner = |grant: GrantId| {
                        let holder = entries.iter().rev().find_map(|e| match &e.event {
                            Event::Decision(d) if d.grant == Some(grant) => d.holder,
                            _ => None,
                        });
                        self.any_holder(holder)
                    };
                    let mut object = Object::at(entry.at, "paired", out);
                    write_list(object.key("holders"), grants.map(owner).into_iter());
                    object.end();
                }
                event => self.event(entry.at, event, out),
            }
        }
    }

    fn decision(&self, at: Time, decision: &Decision, out: &mut Vec<u8>) {
        let mut object = Object::at(at, "decision", out);
        object.raw("reader", self.reader(decision.reader));
        self.card(&mut object, decision.card, decision.credential);
        object
            .raw("holder", self.any_holder(decision.holder))
            .word("decision", if decision.grant.is_some() { "grant" } else { "deny" })
            .word("reason", decision.reason.name())
            .truth("violation", decision.violation.is_some());
        if let Some(rule) = decision.violation {
            // Which way somebody was going at a toggle reader the decision does not say.
            let reader = self.site.readers.get(decision.reader.index()).filter(|r| !r.toggles);
            let from = reader.and_then(|_| self.site.route(decision.reader)).map(|r| r.from);
            object
                .word("rule", rule.name())
                .raw("found", decision.found.map_or(NULL, |found| self.place(found)))
                .raw("expected", self.any_area(from));
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
                .raw("lane", self.lane(*lane))
                .value("direction", direction)
                .raw("holder", self.holder(*holder))
                .truth("late", *late)
                .end(),
            Event::NotTaken { holder, lane, direction, .. } => Object::at(at, "not_taken", out)
                .raw("lane", self.lane(*lane))
                .value("direction", direction)
                .raw("holder", self.holder(*holder))
                .end(),
            Event::Passage { lane, direction, grant } => Object::at(at, "passage", out)
                .raw("lane", self.lane(*lane))
                .value("direction", direction)
                .truth("attributed", grant.is_some())
                .end(),
            Event::Moved { holder, from, to, cause, via } => {
                let mut object = Object::at(at, "moved", out);
                object
                    .raw("holder", self.holder(*holder))
                    .raw("from", self.place(*from))
                    .raw("to", self.place(*to))
                    .word("cause", cause.name());
                if let Some(reader) = via {
                    object.raw("reader", self.reader(*reader));
                }
                object.end();
            }
            Event::Side { holder, area, inside } => Object::at(at, "side", out)
                .raw("holder", self.holder(*holder))
                .raw("area", self.area(*area))
                .truth("inside", *inside)
                .end(),
            Event::LockedOut { holder, until } => {
                let mut object = Object::at(at, "locked_out", out);
                object.raw("holder", self.holder(*holder));
                match until {
                    Some(until) => object.seconds("until", *until),
                    None => object.null("until"),
                };
                object.end();
            }
            Event::Forgiven { holder, until } => Object::at(at, "forgiven", out)
                .raw("holder", self.holder(*holder))
                .seconds("until", *until)
                .end(),
            Event::ForgivenessUsed { holder } => {
                Object::at(at, "forgiveness_used", out).raw("holder", self.holder(*holder)).end();
            }
            Event::Alarm { lane, alarm, direction, on } => Object::at(at, "alarm", out)
                .raw("lane", self.lane(*lane))
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
        object.raw("lane", self.lane(alert.lane));
        object.raw("reader", alert.reader.map_or(NULL, |r| self.reader(r)));
        match alert.card {
            Some(card) => self.card(&mut object, card, None),
            None => {
                object.null("credential");
            }
        }
        object.raw("holder", self.any_holder(alert.holder)).word("cause", alert.cause.name());
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
                object.raw("to", self.any_area(*to));
                signed(&mut object, audit.as_deref());
                object.end();
            }
            Event::Amnesty { amnesty } => {
                let amnesty = self.site.amnesties.get(usize::from(*amnesty));
                Object::at(at, "amnesty", out).maybe("amnesty", amnesty.map(|a| a.name.as_str())).end();
            }
            Event::Fire { active } => Object::at(at, "fire", out).truth("active", *active).end(),
            Event::Lockdown { area, lockdown } => Object::at(at, "lockdown", out)
                .raw("area", self.area(*area))
                .word("lockdown", lockdown.name())
                .end(),
            Event::Unlocked { lane, direction, grant, audit } => {
                let mut object = Object::at(at, "unlocked", out);
                object.raw("lane", self.lane(*lane)).value("direction", direction);
                object.truth("granted", grant.is_some());
                signed(&mut object, audit.as_deref());
                object.end();
            }
            Event::PolicySet { area, policy } => {
                let mut object = Object::at(at, "policy_set", out);
                object.raw("area", self.area(*area));
                axes(&mut object, policy);
                object.end();
            }
            Event::ModeSet { lane, direction, mode } => Object::at(at, "mode_set", out)
                .raw("lane", self.lane(*lane))
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
                object.raw("holder", self.any_holder(*holder)).end();
            }
            Event::Replaced { old, new, credential, holder } => Object::at(at, "replaced", out)
                .raw("credential", self.names.credentials.quoted(credential.index()))
                .raw("holder", self.holder(*holder))
                .whole("old", old.0)
                .whole("new", new.0)
                .end(),
            Event::Assigned { credential, holder, .. } => Object::at(at, "assigned", out)
                .raw("credential", self.names.credentials.quoted(credential.index()))
                .raw("holder", self.holder(*holder))
                .end(),
            Event::Removed { holder } => {
                Object::at(at, "removed", out).raw("holder", self.holder(*holder)).end();
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
            Who::Holder(holder) => object.raw("holder", self.holder(*holder)),
            Who::Holders(holders) => {
                write_list(object.key("holders"), holders.iter().map(|h| self.holder(*h)));
                object
            }
            Who::Area(area) => object.raw("area", self.area(*area)),
            Who::All => object.truth("all", true),
        };
    }

    /// Where everybody is believed to be: each holder's area, and each area's holders.
    pub(super) fn state(&self, out: &mut Vec<u8>) {
        let mut object = Object::timeless("state", out);
        let holders = (0..self.site.holders.len()).map(HolderId::at);
        let places = holders.map(|id| (self.holder(id), self.ledger.presence(id).location));
        write_map(object.key("holders"), places, |location, out| out.extend_from_slice(self.place(location)));
        let areas = (0..self.site.areas.len()).map(AreaId::at).map(|id| (self.area(id), id));
        write_map(object.key("areas"), areas, |area, out| {
            let name = |h: &HolderId| self.site.holders.get(h.index()).map(|h| h.name.as_str());
            let mut located: Vec<_> = self.ledger.located(area).iter().map(|h| (name(h), *h)).collect();
            located.sort_unstable();
            write_list(out, located.into_iter().map(|(_, h)| self.holder(h)));
        });
        object.end();
    }
}

/// Writes an object whose keys are names.
fn write_map<'n, V>(
    out: &mut Vec<u8>,
    entries: impl Iterator<Item = (&'n [u8], V)>,
    write: impl Fn(V, &mut Vec<u8>),
) {
    out.push(b'{');
    for (i, (name, value)) in entries.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(name);
        out.push(b':');
        write(value, out);
    }
    out.push(b'}');
}

/// Writes names in a row.
fn write_list<'n>(out: &mut Vec<u8>, names: impl Iterator<Item = &'n [u8]>) {
    out.push(b'[');
    for (i, name) in names.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(name);
    }
    out.push(b']');
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

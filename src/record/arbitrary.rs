//! Arbitrary observations, for property tests.

use super::observation::{Intent, Observation, PersonId, Route, Standing, Truth, What};
use crate::apb::domain::{Claim, DomainEvent, OnPartition};
use crate::apb::effect::{Command, Signal, Tone};
use crate::apb::id::{
    AreaId, CardNumber, CredentialId, Direction, GrantId, HolderId, LaneId, PanelId, ReaderId,
};
use crate::apb::input::{Input, Leaf, Who};
use crate::apb::journal::{Alarm, Alert, AlertCause, Cause, Decision, Entry, Event, Reason};
use crate::apb::ledger::{self, Location};
use crate::apb::policy::{Policy, Rule};
use crate::apb::site::PassMode;
use crate::apb::time::{Span, Time};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn lane() -> impl Strategy<Value = LaneId> {
    (0u16..4).prop_map(LaneId)
}

fn direction() -> impl Strategy<Value = Direction> {
    select(Direction::BOTH.to_vec())
}

fn area() -> impl Strategy<Value = AreaId> {
    (0u16..4).prop_map(AreaId)
}

fn holder() -> impl Strategy<Value = HolderId> {
    (0u32..4).prop_map(HolderId)
}

fn person() -> impl Strategy<Value = PersonId> {
    (0u32..4).prop_map(PersonId)
}

fn reader() -> impl Strategy<Value = ReaderId> {
    (0u16..5).prop_map(ReaderId)
}

fn card() -> impl Strategy<Value = CardNumber> {
    prop_oneof![9 => 0u64..4, 1 => any::<u64>()].prop_map(CardNumber)
}

fn grant() -> impl Strategy<Value = GrantId> {
    (0u64..6).prop_map(GrantId)
}

fn rule() -> impl Strategy<Value = Rule> {
    select(vec![Rule::LocationMatch, Rule::InOut, Rule::EntryOnly, Rule::TimedArea])
}

fn alarm() -> impl Strategy<Value = Alarm> {
    select(vec![
        Alarm::Tailgate,
        Alarm::Intrusion,
        Alarm::WrongWay,
        Alarm::Loiter,
        Alarm::StolenTicket,
        Alarm::Contact,
    ])
}

fn standing() -> impl Strategy<Value = Standing> {
    select(vec![
        Standing::Granted,
        Standing::Free,
        Standing::Tailgating,
        Standing::Piggybacking,
        Standing::WrongWay,
        Standing::Intruding,
    ])
}

fn intent() -> impl Strategy<Value = Intent> {
    select(vec![Intent::Own, Intent::Borrowed, Intent::Buddy, Intent::SecondBody, Intent::Probe])
}

fn location() -> impl Strategy<Value = Location> {
    prop_oneof![Just(Location::Unknown), area().prop_map(Location::In)]
}

fn policy() -> impl Strategy<Value = Box<Policy>> {
    select(Policy::NAMES.to_vec()).prop_map(|name| Box::new(Policy::named(name).unwrap()))
}

fn input() -> impl Strategy<Value = Input> {
    let leaf = select(vec![Leaf::Closed, Leaf::Open, Leaf::Moving, Leaf::Stalled, Leaf::Displaced]);
    let who = prop_oneof![Just(Who::All), holder().prop_map(Who::Holder), area().prop_map(Who::Area)];
    prop_oneof![
        (reader(), card()).prop_map(|(reader, card)| Input::read(reader, card)),
        (lane(), 0u8..6, any::<bool>()).prop_map(|(lane, beam, blocked)| Input::Beam { lane, beam, blocked }),
        (lane(), leaf).prop_map(|(lane, leaf)| Input::Leaf { lane, leaf }),
        lane().prop_map(|lane| Input::Opened { lane }),
        (lane(), direction()).prop_map(|(lane, direction)| Input::Passed { lane, direction }),
        (who, option::of(area())).prop_map(|(who, to)| Input::reset(who, to)),
        (holder(), any::<u64>()).prop_map(|(holder, ttl)| Input::Forgive { holder, ttl: Span(ttl) }),
        any::<bool>().prop_map(|active| Input::Fire { active }),
        (area(), policy()).prop_map(|(area, policy)| Input::SetPolicy { area, policy }),
    ]
}

fn decision() -> impl Strategy<Value = Event> {
    let parts = (reader(), card(), option::of(grant()), select(Reason::ALL.to_vec()), option::of(rule()));
    parts.prop_map(|(reader, card, grant, reason, violation)| {
        let credential = Some(CredentialId(0));
        let holder = Some(HolderId(0));
        Event::Decision(Decision { reader, card, credential, holder, grant, reason, violation, found: None })
    })
}

fn alert() -> impl Strategy<Value = Event> {
    let cause = prop_oneof![
        rule().prop_map(AlertCause::Denied),
        rule().prop_map(AlertCause::Flagged),
        alarm().prop_map(AlertCause::Lane),
    ];
    let parts = (lane(), option::of(reader()), option::of(card()), option::of(holder()), cause);
    parts.prop_map(|(lane, reader, card, holder, cause)| {
        Event::Alert(Alert { lane, reader, card, holder, cause })
    })
}

fn event() -> impl Strategy<Value = Event> {
    let moves = (holder(), location(), location(), select(vec![Cause::Access, Cause::Reset, Cause::Fire]));
    let taken = (grant(), holder(), lane(), direction(), any::<bool>());
    prop_oneof![
        3 => decision(),
        1 => alert(),
        1 => taken.prop_map(|(grant, holder, lane, direction, late)| {
            Event::Taken { grant, holder, lane, direction, late }
        }),
        2 => (lane(), direction(), option::of(grant())).prop_map(|(lane, direction, grant)| {
            Event::Passage { lane, direction, grant }
        }),
        2 => moves.prop_map(|(holder, from, to, cause)| Event::Moved { holder, from, to, cause, via: None }),
        3 => (lane(), alarm(), option::of(direction()), any::<bool>()).prop_map(
            |(lane, alarm, direction, on)| Event::Alarm { lane, alarm, direction, on }
        ),
        1 => (lane(), direction()).prop_map(|(lane, direction)| {
            Event::ModeSet { lane, direction, mode: PassMode::Free }
        }),
        1 => of_domain().prop_map(Event::Domain),
    ]
}

fn of_domain() -> impl Strategy<Value = DomainEvent> {
    let panel = || (0u16..3).prop_map(PanelId);
    let claim = || {
        (panel(), any::<u64>(), option::of(reader()), area()).prop_map(|(panel, at, reader, to)| Claim {
            panel,
            at: Time(at),
            reader,
            to,
        })
    };
    prop_oneof![
        (panel(), any::<bool>()).prop_map(|(panel, on)| DomainEvent::Degraded { panel, on }),
        (panel(), any::<bool>()).prop_map(|(panel, on)| DomainEvent::Unreachable { panel, on }),
        (reader(), card(), option::of(grant()), select(OnPartition::ALL.to_vec()))
            .prop_map(|(reader, card, grant, rule)| DomainEvent::Offline { reader, card, grant, rule }),
        (holder(), claim(), claim(), location()).prop_map(|(holder, first, second, kept)| {
            DomainEvent::Conflict { holder, first, second, kept }
        }),
        (panel(), any::<u32>()).prop_map(|(panel, lost)| DomainEvent::LogOverflow { panel, lost }),
        (holder(), location()).prop_map(|(holder, location)| DomainEvent::Learned {
            holder,
            standing: Box::new(ledger::Standing { location, ..ledger::Standing::default() }),
        }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (lane(), direction()).prop_map(|(lane, direction)| Command::Open { lane, direction }),
        lane().prop_map(|lane| Command::Close { lane }),
        reader().prop_map(|reader| Command::Show { reader, signal: Signal::Denied }),
        lane().prop_map(|lane| Command::Buzz { lane, tone: Tone::Intermittent }),
    ]
}

fn truth() -> impl Strategy<Value = Truth> {
    let route = prop_oneof![Just(Route::FireDoor), lane().prop_map(Route::Lane)];
    let place = || (person(), lane(), direction());
    prop_oneof![
        (person(), option::of(holder()), area()).prop_map(|(person, holder, area)| Truth::Introduced {
            person,
            holder,
            area
        }),
        place().prop_map(|(person, lane, direction)| Truth::Queued { person, lane, direction }),
        place().prop_map(|(person, lane, direction)| Truth::Served { person, lane, direction }),
        (option::of(person()), reader(), card(), intent())
            .prop_map(|(person, reader, card, intent)| Truth::Presented { person, reader, card, intent }),
        (place(), standing()).prop_map(|((person, lane, direction), standing)| Truth::Entered {
            person,
            lane,
            direction,
            standing
        }),
        place().prop_map(|(person, lane, direction)| Truth::Crossed { person, lane, direction }),
        place().prop_map(|(person, lane, direction)| Truth::Retreated { person, lane, direction }),
        place().prop_map(|(person, lane, direction)| Truth::Cleared { person, lane, direction }),
        (person(), area(), area(), route).prop_map(|(person, from, to, route)| Truth::Moved {
            person,
            from,
            to,
            route
        }),
        place().prop_map(|(person, lane, direction)| Truth::GaveUp { person, lane, direction }),
    ]
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        1 => input().prop_map(What::Input),
        4 => (any::<u64>(), event())
            .prop_map(|(seq, event)| What::Entry(Entry { seq, at: Time::ZERO, event })),
        1 => command().prop_map(What::Command),
        6 => truth().prop_map(What::Truth),
        1 => any::<(u32, u64)>().prop_map(|(people, hash)| What::Checkpoint { people, hash }),
    ]
}

/// Up to 60 observations, mostly less than a second apart.
pub(crate) fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let gap = prop_oneof![8 => 0u64..900_000, 1 => 0u64..100_000_000];
    proptest::collection::vec((gap, what()), 0..60).prop_map(|steps| {
        let mut now = Time::ZERO;
        let stamp = |(gap, mut what): (u64, What)| {
            now = now + Span(gap);
            if let What::Entry(entry) = &mut what {
                entry.at = now;
            }
            Observation { at: now, what }
        };
        steps.into_iter().map(stamp).collect()
    })
}

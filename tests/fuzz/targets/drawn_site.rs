//! A small site whose every axis bytes decide: the outside, B within it and S within B, three lanes, four
//! people.

use super::bytes::Bytes;
use super::free_ways::shut_free_ways;
use apbrig::apb::id::{AreaId, CardNumber, Direction, GroupId, HolderId, LaneId, PanelId, ScheduleId};
use apbrig::apb::policy::{Commit, Enforcement, Exemption, Memory, Policy, Rule, Scope, UnknownRule};
use apbrig::apb::site::{
    AfterFire, Amnesty, Area, BeamRow, Company, Counts, Credential, FactorRule, Group, Holder, Interlock,
    Lane, LaneTimers, MusterPoint, OUTSIDE, Occupancy, Panel, PassMode, Queue, Reader, Right, Role, Schedule,
    Sensing, SiteParts, Together,
};
use apbrig::apb::time::{Span, Time};

/// Spans that matter: none, the timers of a lane, windows, presences.
const SPANS: [Span; 8] = [
    Span::ZERO,
    Span::micros(1),
    Span::seconds(1),
    Span::seconds(5),
    Span::seconds(60),
    Span::minutes(10),
    Span::minutes(24 * 60),
    Span(u64::MAX),
];

const ENFORCEMENTS: [Enforcement; 3] = [Enforcement::Off, Enforcement::Soft, Enforcement::Hard];

/// A policy, every axis by a byte of its own.
pub(crate) fn policy(bytes: &mut Bytes<'_>) -> Policy {
    Policy {
        rule: bytes.one_of(&Rule::ALL),
        inbound: bytes.one_of(&ENFORCEMENTS),
        outbound: bytes.one_of(&ENFORCEMENTS),
        window: bytes.one_of(&SPANS),
        commit: bytes.one_of(&[Commit::OnGrant, Commit::OnOpen, Commit::OnPassage]),
        reservation: bytes.flag(),
        unknown: bytes.one_of(&[UnknownRule::Learn, UnknownRule::Outside, UnknownRule::Deny]),
        presence_timeout: Some(bytes.one_of(&SPANS)).filter(|t| *t != Span::ZERO),
        track_when_off: bytes.flag(),
        memory: bytes.one_of(&[Memory::Location, Memory::Flag]),
        scope: bytes.one_of(&[Scope::Site, Scope::Panel]),
        schedule: bytes.flag().then_some(ScheduleId(0)),
        lockout_after: bytes.byte() % 4,
        lockout: bytes.one_of(&SPANS),
        denied_moves: bytes.flag(),
        clear_on_change: bytes.flag(),
    }
}

fn area(name: &str, parent: u16, bytes: &mut Bytes<'_>) -> Area {
    let occupancy = Occupancy {
        max: Some(u32::from(bytes.byte() % 4)).filter(|n| *n > 0),
        min: Some(u32::from(bytes.byte() % 3)).filter(|n| *n > 0),
        enforcement: bytes.one_of(&ENFORCEMENTS),
        counts: bytes.one_of(&[Counts::Holders, Counts::Bodies]),
    };
    let company = Company {
        rule: bytes.one_of(&[Together::Alone, Together::TwoMan, Together::Dual]),
        within: bytes.one_of(&SPANS),
        first_person: bytes.flag(),
    };
    Area { name: name.into(), parent: Some(AreaId(parent)), policy: policy(bytes), occupancy, company }
}

fn lane(name: &str, (outer, inner): (u16, u16), bytes: &mut Bytes<'_>) -> Lane {
    let modes = [PassMode::Controlled, PassMode::Free, PassMode::Locked];
    let beams = || Sensing::Beams(BeamRow::default());
    Lane {
        name: name.into(),
        panel: PanelId::at(usize::from(bytes.byte() % 2)),
        outer: AreaId(outer),
        inner: AreaId(inner),
        sensing: if bytes.flag() { beams() } else { Sensing::Signals },
        timers: LaneTimers { queued: bytes.one_of(&SPANS), ..LaneTimers::default() },
        memory: bytes.byte() % 3,
        queue: bytes.one_of(&[Queue::OneWay, Queue::BothWays]),
        modes: [bytes.one_of(&modes), bytes.one_of(&modes)],
    }
}

fn reader(i: usize, bytes: &mut Bytes<'_>) -> Reader {
    let factors =
        [FactorRule::Never, FactorRule::Never, FactorRule::Always, FactorRule::During(ScheduleId(0))];
    Reader {
        toggles: bytes.byte() == 1,
        apb: bytes.one_of(&[
            None,
            None,
            Some(Enforcement::Soft),
            Some(Enforcement::Hard),
            Some(Enforcement::Off),
        ]),
        factor: bytes.one_of(&factors),
        ..Reader::new(format!("R{i}"), LaneId::at(i / 2), Direction::BOTH[i % 2])
    }
}

fn holder(i: usize, bytes: &mut Bytes<'_>) -> Holder {
    let some = |bits: u8, i: &usize| bits & (1 << i) != 0;
    let (exempt, roles) = (bytes.byte(), bytes.byte());
    let exempt = Exemption::ALL.iter().enumerate().filter(|(i, _)| some(exempt, i)).map(|(_, e)| *e);
    let roles = Role::ALL.iter().enumerate().filter(|(i, _)| some(roles, i)).map(|(_, r)| *r);
    Holder {
        name: format!("P{i}"),
        rights: usize::from(bytes.byte() % 2),
        exempt: exempt.collect(),
        groups: if bytes.flag() { vec![GroupId(0)] } else { Vec::new() },
        roles: roles.collect(),
    }
}

fn credential(i: u32, bytes: &mut Bytes<'_>) -> Credential {
    let until = bytes.one_of(&[Span::ZERO, Span::seconds(60), Span::minutes(60)]);
    Credential {
        name: format!("K{i}"),
        number: CardNumber(u64::from(i) + 1),
        holder: HolderId(i % 4),
        valid_from: bytes.flag().then_some(Time(1_000_000)),
        valid_until: Some(Time(until.0)).filter(|t| *t != Time::ZERO),
    }
}

fn amnesties(bytes: &mut Bytes<'_>) -> Vec<Amnesty> {
    let to = bytes.one_of(&[None, Some(OUTSIDE), Some(AreaId(1))]);
    let every = bytes.one_of(&[None, Some(Span::minutes(60)), Some(Span::minutes(24 * 60))]);
    let name = "amnesty".into();
    let one = Amnesty { name, area: AreaId(u16::from(bytes.byte() % 3)), times: vec![0, 3_600], every, to };
    if bytes.flag() { vec![one] } else { Vec::new() }
}

/// A site.
pub(crate) fn draw(bytes: &mut Bytes<'_>) -> SiteParts {
    let panel = |name: &str| Panel { name: name.into(), cards_max: 45_000, log_max: 21_000 };
    let right = |area| Right { area: AreaId(area), schedule: None };
    let limited = Right { area: AreaId(1), schedule: Some(ScheduleId(0)) };
    let outside = Area { name: "OUT".into(), ..Area::default() };
    let mut site = SiteParts {
        name: "drawn".into(),
        areas: vec![outside, area("B", 0, bytes), area("S", 1, bytes)],
        panels: vec![panel("Q"), panel("R")],
        lanes: vec![lane("L1", (0, 1), bytes), lane("L2", (0, 1), bytes), lane("LS", (1, 2), bytes)],
        readers: (0..6).map(|i| reader(i, bytes)).collect(),
        schedules: vec![Schedule { name: "hour".into(), windows: vec![(0, 60), (3_600, 86_400)] }],
        rights: vec![vec![right(1), right(2)], vec![limited]],
        holders: (0..4).map(|i| holder(i, bytes)).collect(),
        credentials: (0..5).map(|i| credential(i, bytes)).collect(),
        groups: vec![Group { name: "G".into(), exempt: [Exemption::Passback].into_iter().collect() }],
        musters: vec![MusterPoint { name: "M".into(), area: OUTSIDE }],
        interlocks: if bytes.flag() {
            vec![Interlock { name: "I".into(), lanes: vec![LaneId(0), LaneId(2)] }]
        } else {
            Vec::new()
        },
        amnesties: amnesties(bytes),
        after_fire: bytes.one_of(&[AfterFire::Unknown, AfterFire::Keep, AfterFire::In(OUTSIDE)]),
        ..SiteParts::default()
    };
    shut_free_ways(&mut site);
    site
}

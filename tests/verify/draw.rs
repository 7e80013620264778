//! Random sites: a layout, policies, and of everything else that a site can have what the topic allows.

use crate::dice::Dice;
use crate::free_ways::shut_free_ways;
use crate::policies::policy;
use crate::sites::{LAYOUTS, site};
use apbrig::apb::id::{AreaId, GroupId, LaneId, PanelId, ScheduleId};
use apbrig::apb::policy::{Enforcement, Exemption, Exemptions, Policy};
use apbrig::apb::site::{
    AfterFire, Amnesty, Company, Counts, FactorRule, Group, Interlock, MusterPoint, Occupancy, PassMode,
    Queue, Right, Role, Schedule, SiteParts, Together,
};
use apbrig::apb::time::{Span, Time, WallClock};

/// What a site may have beside areas, lanes and policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Nothing.
    Plain,
    /// Queues, interlocks, modes.
    Lanes,
    /// Toggle readers, overrides, second factors, panels.
    Readers,
    /// Rights, validity, groups, exemptions, roles.
    People,
    /// Schedules, amnesties, a clock that changes.
    Clock,
    /// Upper and lower limits.
    Room,
    /// Two-man, dual, escorts, openers.
    Company,
    /// Muster points, and what is believed after a fire.
    Fire,
}

/// How long the first of two waits.
pub(crate) const WITHIN: Span = Span::seconds(3);

/// How long grants wait behind others.
const QUEUED: Span = Span::seconds(3);

/// Monday, 01:00:00 local time, at time zero; schedules and amnesties are near it.
const START: u32 = 3_600;

pub(crate) fn draw(dice: &mut Dice<'_>, topics: &[Topic]) -> SiteParts {
    let layout = dice.pick(&LAYOUTS);
    let mut site = site(layout, &Policy::off(), 4);
    for topic in topics {
        match topic {
            Topic::Plain => {}
            Topic::Lanes => lanes(&mut site, dice),
            Topic::Readers => readers(&mut site, dice),
            Topic::People => people(&mut site, dice),
            Topic::Clock => clock(&mut site, dice),
            Topic::Room => room(&mut site, dice),
            Topic::Company => company(&mut site, dice),
            Topic::Fire => fire(&mut site, dice),
        }
    }
    let everywhere = policy(dice, site.schedules.len());
    let same = !dice.chance(50);
    for area in &mut site.areas[1..] {
        area.policy = if same { everywhere.clone() } else { policy(dice, site.schedules.len()) };
    }
    shut_free_ways(&mut site);
    if dice.chance(15) {
        site.areas[0].policy.presence_timeout = Some(crate::policies::TIMEOUTS[0]);
    }
    site
}

fn lanes(site: &mut SiteParts, dice: &mut Dice<'_>) {
    for lane in &mut site.lanes {
        lane.memory = dice.pick(&[0, 1, 2]);
        lane.queue = dice.pick(&[Queue::OneWay, Queue::BothWays]);
        lane.timers.queued = dice.pick(&[Span::ZERO, Span::ZERO, QUEUED, Span::seconds(5)]);
        if dice.chance(20) {
            lane.timers.late_grace = dice.pick(&[Span::seconds(3), Span::seconds(7), Span::ZERO]);
        }
        if dice.chance(10) {
            lane.modes[dice.below(2)] = dice.pick(&[PassMode::Locked, PassMode::Free]);
        }
    }
    if site.lanes.len() > 1 && dice.chance(40) {
        let lanes = if dice.chance(50) { vec![LaneId(0), LaneId(1)] } else { all_lanes(site) };
        site.interlocks.push(Interlock { name: "I".into(), lanes });
    }
}

fn all_lanes(site: &SiteParts) -> Vec<LaneId> {
    (0..site.lanes.len()).map(LaneId::at).collect()
}

fn readers(site: &mut SiteParts, dice: &mut Dice<'_>) {
    for reader in &mut site.readers {
        reader.toggles = dice.chance(20);
        if dice.chance(20) {
            reader.apb = Some(dice.pick(&[Enforcement::Soft, Enforcement::Off, Enforcement::Hard]));
        }
        if dice.chance(12) {
            reader.factor = FactorRule::Always;
        }
    }
    if dice.chance(50)
        && let Some(lane) = site.lanes.last_mut()
    {
        lane.panel = PanelId(1);
    }
}

fn people(site: &mut SiteParts, dice: &mut Dice<'_>) {
    site.rights.push(Vec::new());
    let first = site.rights[0].first().copied();
    site.rights.push(Vec::from_iter(first));
    let exemptions = |dice: &mut Dice<'_>| {
        let some = Exemption::ALL.into_iter().filter(|_| dice.chance(15));
        Exemptions::from_iter(some.collect::<Vec<_>>())
    };
    site.groups.push(Group { name: "G".into(), exempt: exemptions(dice) });
    for holder in &mut site.holders {
        if dice.chance(20) {
            holder.rights = dice.pick(&[1, 2]);
        }
        if dice.chance(25) {
            holder.exempt = exemptions(dice);
        }
        if dice.chance(20) {
            holder.groups.push(GroupId(0));
        }
    }
    if dice.chance(30) {
        let limits = dice.pick(&[(None, Some(20)), (Some(5), None), (Some(5), Some(25))]);
        let credential = &mut site.credentials[dice.below(5)];
        credential.valid_from = limits.0.map(|s: u64| Time(s * 1_000_000));
        credential.valid_until = limits.1.map(|s: u64| Time(s * 1_000_000));
    }
}

fn clock(site: &mut SiteParts, dice: &mut Dice<'_>) {
    let week_second_at_zero = dice.pick(&[START, 604_790]);
    let changes = dice.pick(&[vec![], vec![(25, -15)], vec![(25, 15)], vec![(12, 15), (30, 0)]]);
    let changes = changes.into_iter().map(|(at, shift): (u64, i32)| (Time(at * 1_000_000), shift)).collect();
    let local = |second: u32| (week_second_at_zero + second) % 604_800;
    for (name, from, until) in [("early", 0, 20), ("late", 10, 45)] {
        let (from, until) = (local(from), local(until));
        let windows = if from < until { vec![(from, until)] } else { vec![(from, 604_800), (0, until)] };
        site.schedules.push(Schedule { name: name.into(), windows });
    }
    site.clock = WallClock { week_second_at_zero, changes };
    if dice.chance(60) {
        let mut times = vec![local(dice.pick(&[15, 22, 30])), local(35)];
        times.sort_unstable();
        let every = dice.chance(30).then_some(Span::seconds(17));
        let area = AreaId::at(dice.below(site.areas.len()));
        let to = dice.pick(&[None, Some(AreaId(0)), Some(AreaId(1))]);
        site.amnesties.push(Amnesty { name: "M".into(), area, times, every, to });
    }
    if dice.chance(30) {
        let area = AreaId::at(dice.below(site.areas.len()));
        let every = Some(Span::seconds(15));
        site.amnesties.push(Amnesty { name: "N".into(), area, times: vec![], every, to: None });
    }
    if dice.chance(40) {
        let schedule = Some(ScheduleId::at(dice.below(2)));
        let rights = (1..site.areas.len()).map(|i| Right { area: AreaId::at(i), schedule }).collect();
        site.rights.push(rights);
        site.holders[3].rights = site.rights.len() - 1;
    }
    if dice.chance(25) {
        let reader = dice.below(site.readers.len());
        site.readers[reader].factor = FactorRule::During(ScheduleId::at(dice.below(2)));
    }
}

fn room(site: &mut SiteParts, dice: &mut Dice<'_>) {
    for area in &mut site.areas[1..] {
        if dice.chance(70) {
            area.occupancy = Occupancy {
                max: dice.pick(&[Some(1), Some(2), None, Some(0)]),
                min: dice.pick(&[None, Some(1), None, Some(2)]),
                enforcement: dice.pick(&[Enforcement::Hard, Enforcement::Soft, Enforcement::Off]),
                counts: dice.pick(&[Counts::Holders, Counts::Bodies]),
            };
        }
    }
}

fn company(site: &mut SiteParts, dice: &mut Dice<'_>) {
    for lane in &mut site.lanes {
        // Two grants have to find room.
        lane.memory = lane.memory.max(dice.pick(&[1, 2, 1, 0]));
    }
    for area in &mut site.areas[1..] {
        if dice.chance(70) {
            area.company = Company {
                rule: dice.pick(&[Together::TwoMan, Together::Dual, Together::Alone]),
                within: WITHIN,
                first_person: dice.chance(25),
            };
        }
    }
    for holder in &mut site.holders {
        let roles: Vec<Role> = Role::ALL.into_iter().filter(|_| dice.chance(20)).collect();
        holder.roles = roles.into_iter().collect();
    }
    if dice.chance(30) {
        site.holders[1].exempt = site.holders[1].exempt.with(Exemption::Verification);
    }
}

fn fire(site: &mut SiteParts, dice: &mut Dice<'_>) {
    site.musters.push(MusterPoint { name: "MP".into(), area: AreaId(0) });
    site.musters.push(MusterPoint { name: "MA".into(), area: AreaId(1) });
    site.after_fire =
        dice.pick(&[AfterFire::Unknown, AfterFire::Keep, AfterFire::In(AreaId(0)), AfterFire::In(AreaId(1))]);
}

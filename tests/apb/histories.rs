//! Random histories: sites, policies and everything that can be handed in, nonsense included.

use crate::fixture::{PEOPLE, beamed, excused, limited, remembering, scheduled, t1, t2, t3, without_right};
use apbrig::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
use apbrig::apb::input::{Input, Leaf, Who};
use apbrig::apb::policy::{Commit, Enforcement, Exemption, Policy, Rule, UnknownRule};
use apbrig::apb::site::{PassMode, SiteParts};
use apbrig::apb::time::{Span, Time};
use proptest::prelude::*;
use proptest::sample::select;

/// A time and what happens then. Times may run back.
pub(crate) type History = Vec<(Time, Input)>;

pub(crate) fn commit() -> impl Strategy<Value = Commit> {
    select(vec![Commit::OnGrant, Commit::OnOpen, Commit::OnPassage])
}

pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    let rule = select(Rule::ALL.to_vec());
    let enforcement = || select(vec![Enforcement::Off, Enforcement::Soft, Enforcement::Hard]);
    let unknown = select(vec![UnknownRule::Learn, UnknownRule::Outside, UnknownRule::Deny]);
    let timeout = prop::option::of((0u64..20).prop_map(Span::seconds));
    let flags = any::<[bool; 2]>();
    (rule, [enforcement(), enforcement()], commit(), unknown, timeout, flags).prop_map(
        |(rule, [inbound, outbound], commit, unknown, presence_timeout, [reservation, track_when_off])| {
            Policy {
                rule,
                inbound,
                outbound,
                window: Span::seconds(8),
                commit,
                reservation,
                unknown,
                presence_timeout,
                track_when_off,
                ..Policy::off()
            }
        },
    )
}

/// A site with this policy everywhere, or with others inside.
pub(crate) fn site(policy: Policy) -> impl Strategy<Value = SiteParts> {
    let kind = select(vec![t1 as fn(&Policy) -> SiteParts, t2, t3]);
    (kind, any::<bool>(), 0u8..3).prop_map(move |(kind, beams, memory)| {
        let site = remembering(kind(&policy), memory);
        if beams { beamed(site) } else { site }
    })
}

/// Any site at all.
pub(crate) fn any_site() -> impl Strategy<Value = SiteParts> {
    let exemption = select(vec![Exemption::Passback, Exemption::Occupancy, Exemption::AccessRights]);
    let extras = (any::<[bool; 3]>(), exemption, prop::option::of(0u32..3));
    (policy().prop_flat_map(site), policy(), extras).prop_map(
        |(mut site, inner, ([timed, barred, spared], exemption, max))| {
            if let Some(area) = site.areas.get_mut(2) {
                area.policy = inner;
            }
            site = if timed { scheduled(site) } else { site };
            site = if barred { without_right(site) } else { site };
            site = if spared { excused(site, 1, exemption) } else { site };
            max.map_or(site.clone(), |max| limited(site, 1, max))
        },
    )
}

fn direction() -> impl Strategy<Value = Direction> {
    select(Direction::BOTH.to_vec())
}

fn lane() -> impl Strategy<Value = LaneId> {
    prop_oneof![20 => 0u16..2, 1 => Just(9)].prop_map(LaneId)
}

pub(crate) fn read() -> impl Strategy<Value = Input> {
    let card = prop_oneof![20 => 1u64..=u64::from(PEOPLE), 2 => Just(11), 1 => any::<u64>()];
    let reader = prop_oneof![30 => 0u16..4, 1 => any::<u16>()];
    (reader, card).prop_map(|(reader, card)| Input::read(ReaderId(reader), CardNumber(card)))
}

fn sensed() -> impl Strategy<Value = Input> {
    let leaf = select(vec![Leaf::Closed, Leaf::Open, Leaf::Moving, Leaf::Stalled, Leaf::Displaced]);
    prop_oneof![
        5 => (lane(), direction()).prop_map(|(lane, direction)| Input::Passed { lane, direction }),
        2 => lane().prop_map(|lane| Input::Opened { lane }),
        6 => (lane(), 0u8..8, any::<bool>())
            .prop_map(|(lane, beam, blocked)| Input::Beam { lane, beam, blocked }),
        2 => (lane(), leaf).prop_map(|(lane, leaf)| Input::Leaf { lane, leaf }),
    ]
}

fn operated() -> impl Strategy<Value = Input> {
    let holder = || (0..PEOPLE + 1).prop_map(HolderId);
    let area = || (0u16..4).prop_map(AreaId);
    let who = prop_oneof![holder().prop_map(Who::Holder), area().prop_map(Who::Area), Just(Who::All)];
    let mode = select(vec![PassMode::Controlled, PassMode::Free, PassMode::Locked]);
    prop_oneof![
        (who, prop::option::of(area())).prop_map(|(who, to)| Input::reset(who, to)),
        (holder(), 0u64..20).prop_map(|(holder, ttl)| Input::Forgive { holder, ttl: Span::seconds(ttl) }),
        any::<bool>().prop_map(|active| Input::Fire { active }),
        (area(), policy()).prop_map(|(area, policy)| Input::SetPolicy { area, policy: Box::new(policy) }),
        (lane(), direction(), mode).prop_map(|(lane, direction, mode)| Input::SetMode {
            lane,
            direction,
            mode
        }),
    ]
}

/// Steps in time, mostly short, sometimes over every timer, sometimes back.
fn at_times(input: impl Strategy<Value = Input>) -> impl Strategy<Value = History> {
    let gap = prop_oneof![
        6 => 0i64..1_500_000,
        2 => Just(0i64),
        2 => select(vec![4_999_999i64, 5_000_000, 5_500_000, 6_000_000, 8_000_000]),
        1 => -3_000_000i64..0,
    ];
    prop::collection::vec((gap, input), 0..60).prop_map(|steps| {
        let mut now = 0i64;
        let mut timed = Vec::with_capacity(steps.len());
        for (gap, input) in steps {
            now = (now + gap).max(0);
            timed.push((Time(now.unsigned_abs()), input));
        }
        timed
    })
}

/// Reads and passages, and nothing that an operator does.
pub(crate) fn daily() -> impl Strategy<Value = History> {
    at_times(prop_oneof![3 => read(), 2 => sensed()])
}

/// Whatever can happen.
pub(crate) fn any_history() -> impl Strategy<Value = History> {
    at_times(prop_oneof![6 => read(), 5 => sensed(), 1 => operated()])
}

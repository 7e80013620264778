//! Random policies over every axis.

use crate::dice::Dice;
use apbrig::apb::id::ScheduleId;
use apbrig::apb::policy::{Commit, Enforcement, Memory, Policy, Rule, Scope, UnknownRule};
use apbrig::apb::time::Span;

/// The lengths that policies have, all different, so that ends of one can be told from ends of another.
pub(crate) const WINDOW: Span = Span::seconds(8);
pub(crate) const TIMEOUTS: [Span; 2] = [Span::seconds(13), Span::seconds(4)];
pub(crate) const LOCKOUT: Span = Span::seconds(11);

const ENFORCEMENTS: [Enforcement; 3] = [Enforcement::Hard, Enforcement::Soft, Enforcement::Off];

/// A policy; it may follow a schedule if there are any.
pub(crate) fn policy(dice: &mut Dice<'_>, schedules: usize) -> Policy {
    let rule = Rule::ALL[(dice.below(9) + 1) % 9];
    let plain = Policy { rule, ..Policy::hard() };
    let [inbound, outbound] = [(); 2].map(|()| dice.pick(&ENFORCEMENTS));
    let mut policy = Policy {
        inbound,
        outbound,
        window: WINDOW,
        commit: dice.pick(&[Commit::OnGrant, Commit::OnPassage, Commit::OnOpen]),
        reservation: !dice.chance(30),
        unknown: dice.pick(&[UnknownRule::Learn, UnknownRule::Outside, UnknownRule::Deny]),
        ..plain
    };
    if dice.chance(25) {
        policy.presence_timeout = Some(dice.pick(&TIMEOUTS));
    }
    policy.track_when_off = !dice.chance(50);
    if dice.chance(30) {
        policy.memory = Memory::Flag;
    }
    policy.scope = dice.pick(&[Scope::Site, Scope::Panel]);
    if schedules > 0 && dice.chance(25) {
        policy.schedule = Some(ScheduleId::at(dice.below(schedules)));
    }
    if dice.chance(30) {
        policy.lockout_after = dice.pick(&[1, 2, 3]);
        policy.lockout = dice.pick(&[LOCKOUT, Span::ZERO]);
    }
    policy.denied_moves = dice.chance(12);
    policy.clear_on_change = dice.chance(15);
    policy
}

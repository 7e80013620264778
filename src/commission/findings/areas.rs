//! What is to be said of areas: how people are forgiven, let out, and told apart.

use super::{Notes, Severity};
use crate::apb::id::AreaId;
use crate::apb::policy::{Commit, Enforcement, Policy, Rule, UnknownRule};
use crate::apb::site::{OUTSIDE, Site};
use crate::apb::time::Span;
use crate::commission::limits;
use crate::commission::place::Place;

pub(super) fn look(notes: &mut Notes<'_>) {
    let site = notes.site;
    for (area, id) in site.areas.iter().zip((0..).map(AreaId::at)).skip(1) {
        let (place, policy) = (Place::Area(id), &area.policy);
        if policy.rule == Rule::Off {
            notes.add(place, "off_area", Severity::Warning, off());
            continue;
        }
        if is_hard(policy) && !is_ever_forgiven(site, id, policy) {
            notes.add(place, "hard_without_reset", Severity::Serious, hard_without_reset());
        }
        if policy.outbound == Enforcement::Hard && policy.rule != Rule::EntryOnly {
            notes.add(place, "hard_exit", Severity::Warning, hard_exit());
        }
        if policy.commit != Commit::OnPassage {
            notes.add(place, "moves_on_grant", Severity::Warning, moves_on_grant());
        }
        if policy.unknown == UnknownRule::Deny {
            notes.add(place, "unknown_denied", Severity::Warning, unknown_denied());
        }
        if policy.rule == Rule::TimedLastUser {
            notes.add(place, "last_user_only", Severity::Serious, last_user_only());
        }
        if policy.rule.is_timed() && policy.window < limits::AT_ONCE {
            notes.add(place, "short_window", Severity::Serious, short_window(policy.window));
        }
        if area.parent.is_some_and(|p| p != OUTSIDE) && !guards_order(policy) {
            notes.add(place, "order_not_guarded", Severity::Notice, order_not_guarded());
        }
    }
    if site.domain.is_some() {
        notes.add(Place::Site, "panels_not_parted", Severity::Notice, panels());
    }
}

fn is_hard(policy: &Policy) -> bool {
    policy.inbound == Enforcement::Hard || policy.outbound == Enforcement::Hard
}

/// Whether anything but an operator's hand ends a wrong belief: a time-out, an amnesty, a window.
fn is_ever_forgiven(site: &Site, area: AreaId, policy: &Policy) -> bool {
    let expires = policy.presence_timeout.is_some_and(|t| t != Span::ZERO);
    let covers = |a: AreaId| a == OUTSIDE || site.within(area, a);
    expires || policy.rule.is_timed() || site.amnesties.iter().any(|a| covers(a.area))
}

/// Whether somebody who skipped the area around this one is found out.
fn guards_order(policy: &Policy) -> bool {
    matches!(policy.rule, Rule::LocationMatch | Rule::TimedArea)
}

fn off() -> [String; 3] {
    [
        "Anti-passback is off in this area.".into(),
        "A card can be handed back as often as one likes.".into(),
        "Set a policy, or have the owner sign that none is wanted.".into(),
    ]
}

fn hard_without_reset() -> [String; 3] {
    [
        "Violations are refused, and nothing but an operator's hand ever ends a wrong belief.".into(),
        "Whoever left by a fire door, or behind somebody, is locked out until an operator is found.".into(),
        "Write down who resets whom and when; or add an amnesty for the night or a presence time-out.".into(),
    ]
}

fn hard_exit() -> [String; 3] {
    [
        "A violation on the way out is refused.".into(),
        "Somebody who followed another in is kept in. Escape must not depend on this gate.".into(),
        "Let the way out be soft, or prove that the fire alarm and another way out open regardless.".into(),
    ]
}

fn moves_on_grant() -> [String; 3] {
    [
        "Somebody counts as gone through with the grant, whether they walk or not.".into(),
        "Whoever is granted and turns back is refused the next time.".into(),
        "Commit on the gate's passage signal.".into(),
    ]
}

fn unknown_denied() -> [String; 3] {
    [
        "Whoever's location nobody knows is refused.".into(),
        "On the first day, after a fire and after a reset nobody gets in until they are placed.".into(),
        "Let the first use teach the location, or plan how everybody is placed.".into(),
    ]
}

fn last_user_only() -> [String; 3] {
    [
        "A reader remembers only its last user.".into(),
        "With anybody else in between a card can be handed back at once.".into(),
        "Take a rule that remembers each holder.".into(),
    ]
}

fn short_window(window: Span) -> [String; 3] {
    [
        format!("The window is only {window}."),
        "A card is handed back in less than half a minute.".into(),
        "5 to 30 minutes are usual.".into(),
    ]
}

fn order_not_guarded() -> [String; 3] {
    [
        "The rule does not ask whether somebody came through the area around this one.".into(),
        "Whoever got round the outer gate can use this one.".into(),
        "Take a rule that matches locations where the order matters.".into(),
    ]
}

fn panels() -> [String; 3] {
    [
        "Several panels decide together.".into(),
        "What they do when they cannot reach each other is not part of this plan.".into(),
        "Try it with a scenario of the site in which the network is cut, and with the real panels by hand."
            .into(),
    ]
}

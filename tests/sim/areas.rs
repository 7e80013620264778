//! Areas within areas, limits, and fire.

use crate::fixture::{
    alarms, count, crossed, crowded, events, figure, figures, group, lane, parts, readers, run, s, scenario,
    site, sound, truths, walk,
};
use apbrig::apb::id::{AreaId, Direction};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::{Area, Right, Site};
use apbrig::apb::time::Span;
use apbrig::record::Truth;
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Group, Spread};
use apbrig::scenario::plan::{FloorPlan, LanePlan, Plan, Portal, WirePlan};
use apbrig::scenario::script::{Action, Manner, Step};

/// The outside, a building of two lanes, and a laboratory within it behind one more.
fn nested() -> Site {
    let mut parts = parts(2, 10, Policy::hard());
    let policy = Policy::hard();
    parts.areas.push(Area { name: "lab".into(), parent: Some(AreaId(1)), policy, ..Area::default() });
    parts.lanes.push(lane(2, 1, 2));
    parts.readers.extend(readers(2));
    parts.rights[0].push(Right { area: AreaId(2), schedule: None });
    sound(parts)
}

fn at_the_lab(site: Site, crowd: Vec<Group>) -> Scenario {
    let lane = |x_m, y_m| LanePlan { x_m, y_m, ..LanePlan::default() };
    let portal = |area, x_m, y_m| Portal::at(AreaId(area), x_m, y_m);
    let base = crowded(site, 10, crowd);
    let plan = Plan {
        site: base.plan.site.clone(),
        lanes: vec![lane(4.0, 8.0), lane(6.0, 8.0), lane(5.0, 18.0)],
        portals: vec![portal(0, 5.0, 0.0), portal(1, 9.0, 13.0), portal(2, 5.0, 25.0)],
        floor: FloorPlan::default(),
        wire: WirePlan::default(),
    };
    Scenario { plan, ..base }
}

#[test]
fn a_day_in_the_laboratory_leads_through_two_boundaries_and_back() {
    let at = Arrivals::Schedule((0..6).map(|i| s(f64::from(i) * 10.0)).collect());
    let stay = Some(Spread { mean: Span::seconds(240), sd: Span::seconds(10) });
    let scenario = at_the_lab(nested(), vec![Group { to: AreaId(2), stay, ..group(6, at) }]);
    let observed = run(&scenario, 5);
    let moves = |holder: u32| -> Vec<u16> {
        let moved = |t: &Truth| match t {
            Truth::Moved { person, to, .. } if person.0 == holder => Some(to.0),
            _ => None,
        };
        truths(&observed).filter_map(moved).collect()
    };
    for holder in 0..6 {
        assert_eq!(moves(holder), [1, 2, 1, 0], "holder {holder}");
    }
    let results = figures(&scenario, &observed);
    assert_eq!(figure(&results, "false_denials"), 0.0);
    assert_eq!(figure(&results, "occupancy_drift_max"), 0.0);
    assert_eq!(figure(&results, "people_inside_true"), 0.0);
    assert_eq!(figure(&results, "people_inside_believed"), 0.0);
    assert_eq!(figure(&results, "attributed_in"), 12.0);
}

#[test]
fn a_full_area_holds_people_back() {
    let mut parts = parts(1, 10, Policy::hard());
    parts.areas[1].occupancy.max = Some(3);
    let at = Arrivals::Schedule((0..6).map(|i| s(f64::from(i) * 15.0)).collect());
    let scenario = crowded(sound(parts), 4, vec![group(6, at)]);
    let observed = run(&scenario, 5);
    let results = figures(&scenario, &observed);
    assert_eq!(figure(&results, "people_inside_true"), 3.0);
    assert_eq!(figure(&results, "gave_up"), 3.0);
    let full = |e: &Event| matches!(e, Event::Decision(d) if d.reason == Reason::OccupancyUpper);
    assert!(events(&observed).filter(|(_, e)| full(e)).count() >= 3);
    assert_eq!(figure(&results, "false_denials"), 0.0, "being full is no false denial");
}

#[test]
fn fire_opens_everything_and_nobody_alarms() {
    let honest = |at, holder, direction| walk(at, holder, 0, direction, Manner::Honest);
    let mut script: Vec<Step> = (0..3).map(|i| honest(1 + u64::from(i) * 8, i, Direction::In)).collect();
    script.push(Step { at: s(40.0), action: Action::Operate(Input::Fire { active: true }) });
    script.extend((0..3).map(|i| honest(42 + u64::from(i), i, Direction::Out)));
    let mut scenario = scenario(site(1, Policy::hard()), script);
    scenario.duration = Span::seconds(90);
    let observed = run(&scenario, 5);
    let results = figures(&scenario, &observed);
    assert_eq!(crossed(&observed), 6);
    assert_eq!(alarms(&observed), []);
    assert_eq!(figure(&results, "unattributed_out"), 3.0);
    let presented = |t: &Truth| matches!(t, Truth::Presented { .. });
    assert_eq!(count(&observed, presented), 3, "nobody presents on the way out of a fire");
}

#[test]
fn after_the_fire_everybody_is_learned_anew() {
    let operate = |at, active| Step { at: s(at), action: Action::Operate(Input::Fire { active }) };
    let script = vec![
        walk(1, 0, 0, Direction::In, Manner::Honest),
        operate(20.0, true),
        operate(25.0, false),
        walk(30, 0, 0, Direction::Out, Manner::Honest),
    ];
    let scenario = scenario(site(1, Policy::hard()), script);
    let observed = run(&scenario, 5);
    let results = figures(&scenario, &observed);
    assert_eq!(crossed(&observed), 2);
    assert_eq!(figure(&results, "attributed_out"), 1.0);
    assert_eq!(figure(&results, "violations"), 0.0);
    assert_eq!(alarms(&observed), []);
}

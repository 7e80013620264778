//! One person at a lane.

use crate::fixture::{
    alarms, card, count, crossed, crowded, events, figure, figures, group, parts, run, s, scenario, site,
    sound, truths, walk,
};
use apbrig::apb::id::{AreaId, Direction, ReaderId};
use apbrig::apb::input::Input;
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::policy::Policy;
use apbrig::apb::site::Together;
use apbrig::apb::time::Span;
use apbrig::record::{Observation, Route, Truth};
use apbrig::scenario::Scenario;
use apbrig::scenario::crowd::{Arrivals, Group, Habits};
use apbrig::scenario::fault::{Fault, FaultKind};
use apbrig::scenario::script::{Action, Manner, Step};

fn taken(observed: &[Observation]) -> usize {
    events(observed).filter(|(_, e)| matches!(e, Event::Taken { .. })).count()
}

fn denials(observed: &[Observation]) -> Vec<Reason> {
    let denied = |(_, e): (_, &Event)| match e {
        Event::Decision(d) if d.grant.is_none() => Some(d.reason),
        _ => None,
    };
    events(observed).filter_map(denied).collect()
}

fn gave_up(observed: &[Observation]) -> usize {
    count(observed, |t| matches!(t, Truth::GaveUp { .. }))
}

#[test]
fn an_honest_holder_goes_in_and_out_again() {
    let script =
        vec![walk(1, 0, 0, Direction::In, Manner::Honest), walk(30, 0, 0, Direction::Out, Manner::Honest)];
    let observed = run(&scenario(site(1, Policy::hard()), script), 1);
    assert_eq!((crossed(&observed), taken(&observed)), (2, 2));
    assert_eq!(alarms(&observed), []);
    let moves: Vec<_> = truths(&observed)
        .filter_map(|t| {
            if let Truth::Moved { from, to, route, .. } = t { Some((*from, *to, *route)) } else { None }
        })
        .collect();
    let lane = Route::Lane(apbrig::apb::id::LaneId(0));
    assert_eq!(moves, [(AreaId(0), AreaId(1), lane), (AreaId(1), AreaId(0), lane)]);
}

#[test]
fn who_stays_out_leaves_a_grant_that_lapses() {
    let script = vec![walk(1, 0, 0, Direction::In, Manner::StaysOut)];
    let observed = run(&scenario(site(1, Policy::hard()), script), 1);
    assert_eq!((crossed(&observed), taken(&observed), gave_up(&observed)), (0, 0, 1));
    assert_eq!(events(&observed).filter(|(_, e)| matches!(e, Event::NotTaken { .. })).count(), 1);
    assert!(!events(&observed).any(|(_, e)| matches!(e, Event::Moved { .. })), "nobody moved");
}

#[test]
fn who_is_refused_tries_again_and_then_gives_up() {
    let reset = Input::reset(apbrig::apb::input::Who::All, Some(AreaId(1)));
    let script = vec![
        Step { at: s(0.0), action: Action::Operate(reset) },
        walk(1, 0, 0, Direction::In, Manner::Honest),
    ];
    let observed = run(&scenario(site(1, Policy::hard()), script), 1);
    assert_eq!(denials(&observed), [Reason::ApbViolation; 2]);
    assert_eq!((crossed(&observed), gave_up(&observed)), (0, 1));
}

#[test]
fn who_is_refused_once_gets_in_at_the_second_try() {
    let to = |area| Input::reset(apbrig::apb::input::Who::All, Some(AreaId(area)));
    let first = scenario(
        site(1, Policy::hard()),
        vec![
            Step { at: s(0.0), action: Action::Operate(to(1)) },
            walk(1, 0, 0, Direction::In, Manner::Honest),
        ],
    );
    let denied_at = events(&run(&first, 1)).find(|(_, e)| matches!(e, Event::Decision(_))).unwrap().0;
    let mut script = first.script;
    script.insert(1, Step { at: denied_at + Span::millis(500), action: Action::Operate(to(0)) });
    script.sort_by_key(|step| step.at);
    let observed = run(&scenario(site(1, Policy::hard()), script), 1);
    assert_eq!(denials(&observed), [Reason::ApbViolation]);
    assert_eq!((crossed(&observed), gave_up(&observed)), (1, 0));
}

#[test]
fn at_a_dead_reader_people_give_up_and_nobody_decides_anything() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let kind = FaultKind::ReaderDead { reader: ReaderId(0) };
    scenario.faults = vec![Fault { at: s(0.0), lasts: Span::seconds(60), kind }];
    let observed = run(&scenario, 1);
    assert_eq!(count(&observed, |t| matches!(t, Truth::Presented { .. })), 2);
    assert_eq!((crossed(&observed), gave_up(&observed)), (0, 1));
    assert_eq!(figure(&figures(&scenario, &observed), "decisions"), 0.0);
}

#[test]
fn a_reader_that_comes_back_lets_the_second_try_through() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let kind = FaultKind::ReaderDead { reader: ReaderId(0) };
    scenario.faults = vec![Fault { at: s(0.0), lasts: Span::seconds(10), kind }];
    let observed = run(&scenario, 1);
    assert_eq!((crossed(&observed), gave_up(&observed)), (1, 0));
}

#[test]
fn a_double_read_is_one_grant_and_one_passage() {
    let mut scenario = scenario(site(1, Policy::hard()), vec![walk(1, 0, 0, Direction::In, Manner::Honest)]);
    let kind = FaultKind::DoubleRead { reader: ReaderId(0), chance: 1.0 };
    scenario.faults = vec![Fault { at: s(0.0), lasts: Span::seconds(60), kind }];
    let observed = run(&scenario, 1);
    let grants: Vec<_> = events(&observed)
        .filter_map(|(_, e)| if let Event::Decision(d) = e { Some(d.grant) } else { None })
        .collect();
    assert_eq!(grants.len(), 2);
    assert!(grants[0].is_some() && grants[0] == grants[1], "{grants:?}");
    assert_eq!((crossed(&observed), taken(&observed)), (1, 1));
    assert_eq!(events(&observed).filter(|(_, e)| matches!(e, Event::NotTaken { .. })).count(), 0);
}

#[test]
fn a_misread_costs_time_and_nothing_else() {
    let habits = |misread_rate| Habits { misread_rate, ..Habits::default() };
    let at = Arrivals::Schedule((0..10).map(|i| s(f64::from(i) * 60.0)).collect());
    let crowd = |rate| vec![Group { habits: habits(rate), ..group(10, at.clone()) }];
    let with = |rate| crowded(site(1, Policy::hard()), 15, crowd(rate));
    let (clean, missing) = (run(&with(0.0), 3), run(&with(0.6), 3));
    assert_eq!((crossed(&clean), crossed(&missing)), (10, 10));
    let service = |o: &[Observation], s| figure(&figures(s, o), "service_s_p95");
    let (quick, slow) = (service(&clean, &with(0.0)), service(&missing, &with(0.6)));
    assert!(slow > quick + 1.9, "{quick} s, with misreads {slow} s");
}

#[test]
fn somebody_without_a_right_is_refused_at_the_reader() {
    let unknown = Input::read(ReaderId(0), card(77));
    let script = vec![Step { at: s(2.0), action: Action::Operate(unknown) }];
    let observed = run(&scenario(site(1, Policy::hard()), script), 1);
    assert_eq!(denials(&observed), [Reason::UnknownCredential]);
    assert_eq!(count(&observed, |t| matches!(t, Truth::Presented { person: None, .. })), 1);
}

#[test]
fn nobody_waits_for_ever_for_a_second_person() {
    let mut tables = parts(1, 10, Policy::hard());
    tables.areas[1].company.rule = Together::TwoMan;
    let script = vec![walk(1, 0, 0, Direction::In, Manner::Honest)];
    let alone = Scenario { duration: Span::minutes(2), ..scenario(sound(tables), script) };
    let observed = run(&alone, 1);
    assert!(denials(&observed).iter().all(|r| *r == Reason::AwaitingPartner));
    assert!(denials(&observed).len() > 10, "{:?}", denials(&observed));
    assert_eq!((crossed(&observed), gave_up(&observed)), (0, 1));
}

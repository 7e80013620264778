//! What the reference's example means, field by field, and what becomes of sites whose credentials are
//! followed.

use apbrig::apb::id::{AreaId, CardNumber, CredentialId, Direction, GroupId, HolderId, LaneId, MusterId};
use apbrig::apb::input::{Audit, Factor, Input, Lockdown, Who};
use apbrig::apb::policy::{Enforcement, Exemption, Memory, Policy, Rule, Scope, UnknownRule};
use apbrig::apb::site::{AfterFire, Company, Counts, FactorRule, Occupancy, Queue, Role, Site, Together};
use apbrig::apb::time::{Span, Time};
use apbrig::apb::vendor::preset;
use apbrig::scenario::script::Action;
use apbrig::scenario::{RecordedFiles, Scenario, Source, load};
use std::path::Path;

fn loaded(site: &str, scenario: &str, population: &str) -> Scenario {
    let source = |path: &str, text: &str| Source { path: path.into(), text: text.into() };
    let files = RecordedFiles(vec![
        source("s.ron", scenario),
        source("site.ron", site),
        source("commuters.ron", population),
    ]);
    load(Path::new("s.ron"), &files).unwrap_or_else(|e| panic!("{}", e.render(false)))
}

/// The example of the reference.
fn example() -> Scenario {
    let readme = std::fs::read_to_string("scenarios/README.md").unwrap();
    let blocks: Vec<&str> =
        readme.split("```ron\n").skip(1).map(|b| b.split("```").next().unwrap()).collect();
    let whole = |kind| blocks.iter().find(|b| b.starts_with(kind)).unwrap();
    loaded(whole("Site("), whole("Scenario("), whole("Population("))
}

fn small(more: &str) -> Site {
    let site = format!(
        r#"Site(
            name: "s",
            schedules: [(id: "office", windows: ["Mon-Fri 07:00-19:00"])],
            areas: [(id: "outside"), (id: "lobby", within: "outside"), {more}],
            lanes: [(id: "L1", from: "outside", to: "lobby", x_m: 5, y_m: 10)],
        )"#
    );
    loaded(&site, r#"Scenario(title: "t", site: "site.ron", duration: "1min")"#, "").plan.site
}

fn policy(written: &str) -> Policy {
    small(&format!(r#"(id: "a", within: "outside", apb: {written})"#)).areas[2].policy.clone()
}

#[test]
fn areas_limit_and_require() {
    let site = example().plan.site;
    let [lobby, vault] = [&site.areas[1], &site.areas[2]];
    assert_eq!((lobby.policy.lockout_after, lobby.policy.lockout), (3, Span::minutes(10)));
    assert_eq!(lobby.occupancy, Occupancy { max: Some(50), ..Occupancy::default() });
    let limits =
        Occupancy { max: Some(4), min: Some(2), enforcement: Enforcement::Soft, counts: Counts::Bodies };
    assert_eq!(vault.occupancy, limits);
    let company = Company { rule: Together::TwoMan, within: Span::seconds(15), first_person: false };
    assert_eq!(vault.company, company);
    assert_eq!(vault.policy.schedule.map(|s| site.schedules[s.index()].name.as_str()), Some("office"));
    assert_eq!((vault.policy.inbound, vault.policy.outbound), (Enforcement::Soft, Enforcement::Soft));
}

#[test]
fn devices_are_where_the_file_says() {
    let site = example().plan.site;
    assert_eq!((site.lanes[0].queue, site.lanes[1].queue), (Queue::BothWays, Queue::OneWay));
    assert_eq!(site.lanes[0].timers.queued, Span::seconds(30));
    let reader = |name: &str| site.readers.iter().find(|r| r.name == name).unwrap();
    assert_eq!((reader("G1e").toggles, reader("G1e").apb), (true, Some(Enforcement::Soft)));
    assert!(matches!(reader("V1e").factor, FactorRule::During(_)));
    assert_eq!((reader("R1e").toggles, reader("R1e").factor), (false, FactorRule::Never));
    assert_eq!((site.musters[0].name.as_str(), site.musters[0].area), ("yard", AreaId(0)));
    assert_eq!(site.interlocks[0].lanes, [LaneId(0), LaneId(1)]);
    assert_eq!(site.after_fire, AfterFire::In(AreaId(0)));
    let night = &site.amnesties[0];
    // Every midnight, and 02:00 on the first five days.
    let expected: Vec<u32> = (0..7).flat_map(|d| [d * 86_400, d * 86_400 + 7_200]).take(10).collect();
    assert_eq!(night.times[..10], expected);
    assert_eq!((night.times.len(), night.area, night.every, night.to), (12, AreaId(0), None, None));
    let hourly = &site.amnesties[1];
    assert_eq!((hourly.area, hourly.every, hourly.to), (AreaId(1), Some(Span::minutes(60)), Some(AreaId(0))));
}

#[test]
fn people_have_groups_and_roles() {
    let site = example().plan.site;
    let [guard, _, visitor] = [0, 1, 2].map(|i| &site.holders[i]);
    assert_eq!(guard.groups, [GroupId(0)]);
    assert!(
        guard.roles.has(Role::Escort) && guard.roles.has(Role::Opener) && !guard.roles.has(Role::Visitor)
    );
    assert!(visitor.roles.has(Role::Visitor));
    let exempt = site.groups[0].exempt;
    let has = Exemption::ALL.map(|e| exempt.has(e));
    assert_eq!(has, [false, true, false, true, true, false], "{:?}", Exemption::ALL);
}

#[test]
fn operators_do_what_the_script_says() {
    let scenario = example();
    let site = &scenario.plan.site;
    let number = |name: &str| site.credentials.iter().find(|c| c.name == name).unwrap().number;
    let inputs: Vec<&Input> = scenario
        .script
        .iter()
        .filter_map(|s| if let Action::Operate(input) = &s.action { Some(input) } else { None })
        .collect();
    let has = |input: &Input| assert!(inputs.contains(&input), "no {input:?}");
    let audit = |reason: &str| Some(Box::new(Audit { operator: "guard 7".into(), reason: reason.into() }));
    let holders = Who::Holders(vec![HolderId(0), HolderId(1)]);
    has(&Input::Reset { who: holders, to: None, audit: audit("door held open") });
    has(&Input::Lockdown { area: AreaId(2), lockdown: Lockdown::Entry });
    let (lane, holder) = (LaneId(3), Some(HolderId(0)));
    has(&Input::Unlock { lane, direction: Direction::In, holder: None, audit: audit("wheelchair") });
    has(&Input::Unlock { lane, direction: Direction::Out, holder, audit: None });
    has(&Input::Replace { old: number("K2"), new: CardNumber(4_712) });
    has(&Input::Assign { card: number("K3b"), holder: HolderId(1) });
    has(&Input::Remove { holder: HolderId(2) });
    has(&Input::Muster { point: MusterId(0), card: number("K1") });
    let wrong = |i: &&Input| matches!(i, Input::Read { factor: Factor::Wrong, .. });
    assert_eq!(inputs.iter().copied().filter(wrong).count(), 1);
    let pins = scenario.script.iter().filter_map(|s| match &s.action {
        Action::Walk(walker) => Some(walker.pin),
        Action::Operate(_) => None,
    });
    assert_eq!(pins.flatten().collect::<Vec<_>>(), [Factor::Wrong]);
}

#[test]
fn policies_are_what_they_are_called() {
    let names = ["TimedReader", "TimedLastUser", "TimedHistory", "TimedCard"];
    let rules = [Rule::TimedReader, Rule::TimedLastUser, Rule::TimedHistory, Rule::TimedCard];
    for (name, rule) in names.into_iter().zip(rules) {
        let plain = policy(name);
        assert_eq!((plain.rule, plain.inbound, plain.outbound), (rule, Enforcement::Hard, Enforcement::Hard));
        let soft = policy(&format!("{name}(soft: true, window: \"5s\")"));
        let expected = Policy {
            window: Span::seconds(5),
            inbound: Enforcement::Soft,
            outbound: Enforcement::Soft,
            ..plain
        };
        assert_eq!(soft, expected);
    }
    assert_eq!(policy("TimedCard(scope: Panel)").scope, Scope::Panel);
    assert_eq!(policy("Timed(soft: false)"), Policy::timed());
    assert_eq!(policy("HardEntry(memory: Flag)").memory, Memory::Flag);
    let seen = policy("Off(denied_moves: true, clear_on_change: true)");
    assert!(seen.denied_moves && seen.clear_on_change);
}

#[test]
fn real_systems_are_policies_by_name() {
    assert_eq!(policy(r#"Preset("genetec_strict")"#), (preset("genetec_strict").unwrap().policy)());
    let five = policy(r#"Preset(name: "mercury_timed_area", delay: 5, unknown: Deny)"#);
    let expected = preset("mercury_timed_area").unwrap().policy_with(5);
    assert_eq!(five, Policy { unknown: UnknownRule::Deny, ..expected });
    let kept = policy(r#"Preset(name: "genetec", delay: 5)"#);
    assert_eq!(kept.presence_timeout, Some(Span::minutes(5)));
    assert_eq!(policy(r#"Preset(name: "genetec", delay: 0)"#).presence_timeout, None);
}

#[test]
fn followed_credentials_are_holders_and_people_stay_people() {
    let site = r#"Site(
        name: "s",
        areas: [(id: "outside"), (id: "lobby", within: "outside", apb: Hard)],
        lane_rows: [(ids: "L{1..1}", from: "outside", to: "lobby", first_x_m: 5, pitch_m: 1, y_m: 10)],
        portals: [(area: "outside", x_m: 5, y_m: 0), (area: "lobby", x_m: 5, y_m: 20)],
        holders: [(id: "P1", credentials: ["K1", "K2"], exempt: [Occupancy]), (id: "P2")],
        populations: [(id: "staff", count: 2, credentials_each: 2)],
        follow: Credential,
    )"#;
    let scenario = r#"Scenario(title: "t", site: "site.ron", duration: "1h",
        crowd: [(name: "all", holders: All, to: "lobby", arrivals: Poisson(per_minute: 1))],
        script: [
            (at: "1s", do: Reset(holder: "P1", to: "lobby")),
            (at: "2s", do: Reset(holder: "P1/K2", to: "outside")),
        ],
    )"#;
    let scenario = loaded(site, scenario, "");
    let site = &scenario.plan.site;
    let names: Vec<&str> = site.holders.iter().map(|h| h.name.as_str()).collect();
    let ghosts = ["P1/K2", "staff-0001/staff-0001-2", "staff-0002/staff-0002-2"];
    assert_eq!(names[..4], ["P1", "P2", "staff-0001", "staff-0002"]);
    assert_eq!(names[4..], ghosts);
    assert!(site.holders[4].exempt.has(Exemption::Occupancy));
    let owner = |i: usize| site.credentials[i].holder;
    assert_eq!((owner(0), owner(1)), (HolderId(0), HolderId(4)));
    assert_eq!(site.credentials_of(HolderId(0)), [CredentialId(0)]);
    assert!(site.is_same_person(HolderId(0), HolderId(4)) && !site.is_same_person(HolderId(1), HolderId(4)));
    assert_eq!(scenario.crowd[0].holders, [0, 1, 2, 3].map(HolderId), "people come, not cards");
    let reset =
        |who| Action::Operate(Input::reset(Who::Holder(HolderId(who)), Some(AreaId(1 - who as u16 / 4))));
    let script: Vec<(Time, Action)> = scenario.script.iter().map(|s| (s.at, s.action.clone())).collect();
    assert_eq!(script, [(Time(1_000_000), reset(0)), (Time(2_000_000), reset(4))]);
}

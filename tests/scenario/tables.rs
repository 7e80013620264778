//! The tables of the reference say what the code says: reasons, policies, axes, and the differences of real
//! systems with what answers each.

use crate::table::assert_table;
use apbrig::apb::journal::Reason;
use apbrig::scenario::axis::{AXES, named};
use std::collections::BTreeSet;

const README: &str = "scenarios/README.md";

fn readme() -> String {
    std::fs::read_to_string(README).unwrap()
}

#[test]
fn the_reference_lists_the_reasons_in_order() {
    let text = readme();
    let list = text.split("Reasons to deny, in the order they are checked: ").nth(1).unwrap();
    let list = list.split_once('.').unwrap().0;
    let found: Vec<&str> = list.split(',').map(|name| name.trim().trim_matches('`')).collect();
    let denials = Reason::ALL.iter().filter(|r| !r.is_grant());
    let expected: Vec<&str> = denials.map(|r| r.name()).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_reference_lists_the_axes() {
    let row = |axis: &apbrig::scenario::axis::Axis| {
        let rows: Vec<String> = axis.rows.iter().map(u8::to_string).collect();
        let default = if axis.default.starts_with("by ") {
            axis.default.to_owned()
        } else {
            format!("`{}`", axis.default)
        };
        let (name, values, meaning) = (axis.name, axis.values(), axis.meaning);
        format!("| `{name}` | {values} | {default} | {meaning} | {} |", rows.join(", "))
    };
    assert_table(README, "## Axes", &AXES.iter().map(row).collect::<Vec<_>>());
}

/// What answers one difference.
enum Answer {
    /// An axis.
    Axis(&'static str),
    /// A word of the language that the reference explains.
    Language(&'static str),
    /// What holds whatever a site says, and the tests that hold it, `file::test`.
    Always(&'static str, &'static [&'static str]),
    /// What this language leaves out on purpose.
    Not(&'static str),
}

use Answer::{Always, Axis, Language, Not};

/// The differences of real systems, in the order of the specification's table.
const ROWS: &[(&str, &[Answer])] = &[
    (
        "what a violation leads to, and when the rule is tested",
        &[Axis("policy"), Axis("inbound"), Axis("outbound"), Axis("soft"), Axis("schedule")],
    ),
    ("whether locations are followed though nothing is checked", &[Axis("track_when_off")]),
    ("the rule: entry only, in and out in turns, or the location", &[Axis("policy"), Axis("rule")]),
    (
        "different enforcement by direction, or by reader",
        &[Axis("inbound"), Axis("outbound"), Language("apb")],
    ),
    ("what is remembered: one location, or a flag for each area", &[Axis("memory")]),
    ("readers for one way, or for both", &[Language("toggles")]),
    ("when a granted holder counts as moved", &[Axis("commit")]),
    ("whether an unused grant blocks its holder elsewhere", &[Axis("reservation")]),
    ("how long a grant may be used", &[Axis("not_taken"), Axis("late_grace")]),
    ("whether a denied read shows where its holder is", &[Axis("denied_moves")]),
    (
        "whether a violation that was let pass moves its holder",
        &[Always(
            "it does, and windows start anew",
            &["oracle/small_print.rs::a_violation_that_is_granted_moves_and_restarts_windows"],
        )],
    ),
    ("a timed rule by person and reader", &[Axis("policy"), Axis("rule")]),
    ("a timed rule by the reader's last user", &[Axis("policy"), Axis("rule")]),
    ("a timed rule by the person's last reader", &[Axis("policy"), Axis("rule")]),
    ("a timed rule by area", &[Axis("policy"), Axis("rule")]),
    ("a timed rule by any use, of the site or of a panel", &[Axis("policy"), Axis("rule"), Axis("scope")]),
    (
        "how windows are reckoned",
        &[
            Axis("window"),
            Always(
                "half-open, in microseconds of a clock that never jumps",
                &["apb/examples.rs::the_window_is_half_open"],
            ),
        ],
    ),
    ("whether leaving an area never entered is a violation", &[Axis("strict")]),
    ("areas within areas", &[Axis("rule"), Language("within")]),
    ("holders of unknown location", &[Axis("unknown")]),
    ("when a location is forgotten", &[Axis("presence_timeout")]),
    ("amnesties by the clock", &[Axis("amnesty"), Language("amnesties")]),
    ("resets by hand: of one, some, an area or all; to an area", &[Language("Reset")]),
    ("forgiving one violation", &[Language("Forgive")]),
    ("what repeated violations lead to", &[Axis("lockout_after"), Axis("lockout"), Axis("exempt_lockout")]),
    (
        "who is excused from what",
        &[
            Axis("exempt"),
            Axis("exempt_occupancy"),
            Axis("exempt_access_rights"),
            Axis("exempt_lockout"),
            Axis("exempt_deny"),
            Axis("exempt_verification"),
            Language("groups"),
        ],
    ),
    ("people or credentials", &[Axis("subject"), Language("follow")]),
    ("how far a decision reaches", &[Axis("consistency"), Language("domain")]),
    ("the hole between controllers that know nothing of each other", &[Axis("consistency")]),
    (
        "deciding while parts of the site are cut off",
        &[Axis("on_partition_entry"), Axis("on_partition_exit")],
    ),
    ("how long a decision may take", &[Axis("deadline")]),
    (
        "what outlives a restart",
        &[Always(
            "everything; who was between grant and passage is of unknown location",
            &[
                "apb/transactions.rs::a_restart_in_the_middle_loses_nothing",
                "apb/domain_healing.rs::\
                 whoever_stood_between_grant_and_passage_when_the_power_was_cut_is_unknown",
            ],
        )],
    ),
    ("whether a change of mode forgets", &[Axis("clear_on_change"), Language("SetPolicy")]),
    (
        "the order of checks",
        &[Always(
            "that of the reasons to deny, of which the first is told",
            &[
                "apb/order.rs::validity_comes_first",
                "apb/order.rs::rights_and_schedule_come_before_anti_passback",
                "apb/sites.rs::a_second_factor_comes_after_rights_and_before_anti_passback",
                "apb/order.rs::anti_passback_comes_before_occupancy_and_the_lane",
            ],
        )],
    ),
    ("most people in an area", &[Axis("occupancy_max"), Axis("occupancy"), Axis("counts")]),
    ("fewest people in an area, and nobody alone", &[Axis("occupancy_min"), Axis("company")]),
    ("two at a time", &[Axis("company"), Axis("company_within")]),
    (
        "escorts, the first person",
        &[Axis("first_person"), Language("roles"), Not("one credential for a car full of people")],
    ),
    (
        "interlocks",
        &[
            Language("interlocks"),
            Always(
                "together with anti-passback",
                &["apb/sites.rs::of_an_interlock_one_lane_at_a_time_opens"],
            ),
        ],
    ),
    (
        "ways that need no credential",
        &[
            Language("Free"),
            Language("unattributed_out"),
            Always(
                "refused where a rule has to know who passes",
                &["apb/sites.rs::free_ways_take_timed_rules_only"],
            ),
        ],
    ),
    (
        "fire",
        &[
            Axis("after_fire"),
            Language("Fire"),
            Always("nobody is denied meanwhile", &["apb/operators.rs::fire_denies_nobody_and_moves_nobody"]),
        ],
    ),
    (
        "muster points",
        &[
            Language("Muster"),
            Always("they never deny", &["apb/sites.rs::muster_points_locate_and_never_deny"]),
        ],
    ),
    ("reads while a lane is in use", &[Axis("queue_depth"), Language("lane_busy")]),
    ("queues of grants", &[Axis("queue_depth"), Axis("queue"), Axis("queued")]),
    ("believed against true headcounts", &[Axis("counts"), Language("occupancy_drift_max")]),
    ("opening by hand", &[Language("Unlock")]),
    ("the words of events", &[Language("apb_violation"), Language("occupancy_upper")]),
    ("limits of hardware", &[Language("cards_max"), Language("log_max")]),
];

impl Answer {
    fn written(&self) -> String {
        match self {
            Axis(name) => format!("axis `{name}`"),
            Language(word) => format!("`{word}`"),
            Always(what, _) => format!("always: {what}"),
            Not(what) => format!("not here: {what}"),
        }
    }
}

#[test]
fn the_reference_lists_the_differences() {
    let row = |(i, (difference, answers)): (usize, &(&str, &[Answer]))| {
        let answers: Vec<String> = answers.iter().map(Answer::written).collect();
        format!("| {} | {difference} | {} |", i + 1, answers.join("; "))
    };
    assert_table(
        README,
        "## Where real systems differ",
        &ROWS.iter().enumerate().map(row).collect::<Vec<_>>(),
    );
}

/// Every word of what stands between backquotes, on a line or in a block.
fn words_of_code(text: &str) -> BTreeSet<&str> {
    let code = text.split("```").enumerate().flat_map(|(i, part)| match i % 2 {
        1 => vec![part],
        _ => part.split('`').skip(1).step_by(2).collect(),
    });
    code.flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_')).collect()
}

/// A test of that name is in that file.
fn assert_test(row: u8, test: &str) {
    let (file, name) = test.split_once("::").unwrap();
    let text = std::fs::read_to_string(format!("tests/{file}")).unwrap_or_default();
    assert!(text.contains(&format!("#[test]\nfn {name}()")), "row {row}: there is no test {test}");
}

#[test]
fn every_difference_is_answered() {
    assert_eq!(ROWS.len(), 48);
    let text = readme();
    let explained = text.split("## Where real systems differ").next().unwrap().to_owned()
        + text.split("## Measures").nth(1).unwrap();
    let words = words_of_code(&explained);
    for (number, (difference, answers)) in (1_u8..).zip(ROWS) {
        assert!(!answers.is_empty(), "nothing answers row {number}, {difference}");
        for answer in *answers {
            match answer {
                Axis(name) => {
                    let axis = named(name).unwrap_or_else(|| panic!("row {number}: no axis `{name}`"));
                    assert!(axis.rows.contains(&number), "`{name}` does not know that it answers {number}");
                }
                Language(word) => {
                    assert!(words.contains(word), "row {number}: the reference does not show `{word}`");
                }
                Always(what, tests) => {
                    assert!(!tests.is_empty(), "row {number}: no test holds that {what}");
                    tests.iter().for_each(|test| assert_test(number, test));
                }
                Not(what) => assert!(!what.is_empty()),
            }
        }
    }
}

#[test]
fn every_axis_answers_what_it_says() {
    for axis in &AXES {
        assert!(!axis.rows.is_empty(), "`{}` answers nothing", axis.name);
        for row in axis.rows {
            let (_, answers) = ROWS[usize::from(*row) - 1];
            let named = answers.iter().any(|a| matches!(a, Axis(name) if *name == axis.name));
            assert!(named, "row {row} does not name `{}`", axis.name);
        }
    }
}

#[test]
fn no_axis_comes_twice() {
    let names: BTreeSet<&str> = AXES.iter().map(|a| a.name).collect();
    assert_eq!(names.len(), AXES.len());
}

//! The worked examples of the specification, and published sequences of a real system, on both.

use crate::sites::{Layout, T1, T3, T6, site};
use crate::twin::{Step, Twin};
use apbrig::apb::id::{AreaId, CardNumber, HolderId, ReaderId};
use apbrig::apb::input::{Input, Who};
use apbrig::apb::journal::{Event, Reason};
use apbrig::apb::policy::{Commit, Enforcement, Memory, Policy, UnknownRule};
use apbrig::apb::site::SiteParts;
use apbrig::apb::time::{Span, Time};

/// The columns of the table, in their hard form.
const COLUMNS: [(&str, &str); 9] = [
    ("SOFT", "soft_in_out"),
    ("HARD_E", "hard_entry"),
    ("HARD_IO", "hard_in_out"),
    ("HARD_L", "hard"),
    ("TR", "timed_reader"),
    ("TLU", "timed_last_user"),
    ("TAH", "timed_history"),
    ("TA", "timed"),
    ("TC", "timed_card"),
];

fn column(name: &str) -> Policy {
    let policy =
        Policy { window: Span::seconds(300), commit: Commit::OnGrant, ..Policy::named(name).expect(name) };
    match policy.outbound {
        Enforcement::Soft if policy.inbound == Enforcement::Hard => {
            Policy { outbound: Enforcement::Hard, ..policy }
        }
        Enforcement::Off | Enforcement::Soft | Enforcement::Hard => policy,
    }
}

/// What both say to a read.
fn outcome(twin: &mut Twin, at: Time, reader: usize, card: u64) -> &'static str {
    let step = Step::Give(Input::read(ReaderId::at(reader), CardNumber(card)));
    twin.step(at, &step).expect("controller and model agree");
    let decision = twin.entries().iter().find_map(|entry| match &entry.event {
        Event::Decision(decision) => Some(decision),
        _ => None,
    });
    match decision.map(|d| (d.reason, d.violation)).expect("a read is decided") {
        (Reason::Ok, None) => "G",
        (Reason::Ok, Some(_)) => "G+V",
        (Reason::ApbViolation, _) => "D",
        (other, _) => other.name(),
    }
}

/// Reads as `reader@milliseconds` by P1, or `reader@milliseconds/2` by P2.
fn played(mut twin: Twin, reads: &str) -> String {
    let parts = twin.parts().clone();
    let read = |read: &str| {
        let (read, card) = read.split_once('/').unwrap_or((read, "1"));
        let (name, at) = read.split_once('@').expect(read);
        let reader = parts.readers.iter().position(|r| r.name == name).expect(name);
        let at = Time(at.parse::<u64>().expect(at) * 1_000);
        outcome(&mut twin, at, reader, card.parse().expect(card))
    };
    reads.split_whitespace().map(read).collect::<Vec<_>>().join(" ")
}

fn row(layout: Layout, reads: &str, expected: [&str; COLUMNS.len()]) {
    for ((name, policy), expected) in COLUMNS.into_iter().zip(expected).filter(|(_, e)| *e != "-") {
        let twin = Twin::new(site(layout, &column(policy), 2));
        assert_eq!(played(twin, reads), expected, "{name}: {reads}");
    }
}

#[test]
fn the_worked_examples() {
    let again = ["G G+V", "G D", "G D", "G D", "G D", "G D", "G D", "G D", "G D"];
    row(T1, "R1e@0 R1e@10000", again);
    let exit_first = ["G G G", "G G G", "G G G", "G G G", "G G D", "G G D", "G G G", "G G G", "G D D"];
    row(T1, "R1x@0 R1e@10000 R1x@20000", exit_first);
    let window = ["-", "-", "-", "-", "G D G", "G D G", "G D G", "G D G", "G D G"];
    row(T1, "R1e@0 R1e@299999 R1e@300000", window);
    let two = ["G G G+V", "G G D", "G G D", "G G D", "G G D", "G G G", "G G D", "G G D", "G G D"];
    row(T1, "R1e@0 R1e@10000/2 R1e@20000", two);
}

#[test]
fn the_worked_example_of_a_jump() {
    let expected = ["G", "G", "G", "D", "G", "G", "G", "G", "G"];
    for ((name, policy), expected) in COLUMNS.into_iter().zip(expected) {
        let mut twin = Twin::new(site(T3, &column(policy), 2));
        let out = Input::reset(Who::Holder(HolderId(0)), Some(AreaId(0)));
        twin.step(Time::ZERO, &Step::Give(out)).expect("controller and model agree");
        assert_eq!(played(twin, "RSe@10000"), expected, "{name}");
    }
}

/// A pair of lists of doors as the controllers of UHPPOTE have them: who used a door of one list must use one
/// of the other next; the first use is free.
fn doors(layout: Layout) -> SiteParts {
    let policy = Policy {
        memory: Memory::Flag,
        unknown: UnknownRule::Learn,
        reservation: false,
        ..column("hard_in_out")
    };
    site(layout, &policy, 1)
}

/// Plays `1T 1F ...`: a door and whether it opens, ten seconds apart.
fn sequence(parts: SiteParts, readers: [&str; 4], expected: &str) {
    let step = |(i, word): (usize, &str)| {
        let door = word[..1].parse::<usize>().expect(word);
        format!("{}@{}", readers[door - 1], i * 10_000)
    };
    let reads: Vec<String> = expected.split_whitespace().enumerate().map(step).collect();
    let got = played(Twin::new(parts), &reads.join(" "));
    let words = got.split(' ').zip(expected.split_whitespace());
    let told: Vec<String> =
        words.map(|(got, word)| format!("{}{}", &word[..1], if got == "G" { "T" } else { "F" })).collect();
    assert_eq!(told.join(" "), expected);
}

/// Two areas beside each other, a lane each.
const PAIRS: Layout = Layout { areas: &[("A", 0), ("C", 0)], lanes: &[("1", 0, 1), ("2", 0, 2)] };

#[test]
fn uhppote_mode_1() {
    let readers = ["R1e", "R1x", "R2e", "R2x"];
    sequence(doors(PAIRS), readers, "1T 1F 1F 2T 2F 2F 1T 1F 1F 3T 3F 3F 4T 4F 4F 3T 3F 3F");
}

#[test]
fn uhppote_mode_3() {
    let mut parts = doors(T6);
    let open = Policy { track_when_off: false, ..Policy::off() };
    let area = apbrig::apb::site::Area { name: "D".into(), policy: open, ..parts.areas[1].clone() };
    parts.areas.push(area);
    parts.lanes.push(apbrig::apb::site::Lane {
        name: "L4".into(),
        inner: AreaId(2),
        ..parts.lanes[0].clone()
    });
    for i in [0, 1] {
        let name = ["R4e", "R4x"][i].into();
        let lane = apbrig::apb::id::LaneId(3);
        parts.readers.push(apbrig::apb::site::Reader { name, lane, ..parts.readers[i].clone() });
    }
    parts.rights[0].push(apbrig::apb::site::Right { area: AreaId(2), schedule: None });
    let readers = ["R1e", "R2x", "R3x", "R4e"];
    sequence(parts, readers, "1T 1F 2T 2F 3F 1T 2T 1T 1F 3T 2F 3F 1T 3T 4T 4T");
}

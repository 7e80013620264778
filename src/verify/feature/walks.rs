//! Scripted walkers, in every manner; each manner is a feature of its own.

use crate::apb::id::Direction;
use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must, plain, record};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] = &[
    ("honest walks", several_honest),
    ("in and out", in_and_out),
    ("walks that stay out", |d, r| d.walk(r, None, Some(Value::Word("StaysOut")))),
    ("walks that follow", follow),
    ("walks the wrong way", wrong_way),
    ("walks that intrude", |d, r| d.walk(r, None, Some(Value::Word("Intrudes")))),
    ("walks by the fire door", fire_door),
    ("borrowed credentials", borrowed),
    ("credentials passed back", passed_back),
    ("walks that hesitate", hesitate),
    ("latecomers", late),
    ("strangers", stranger),
];

/// One honest walk.
pub(super) fn honest(draft: &mut Draft, draw: &mut Draw) {
    draft.walk(draw, None, None);
}

fn several_honest(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 4) {
        honest(draft, draw);
    }
}

/// A lane and a way through it.
fn passage(lane: u16, direction: Direction) -> [Field; 2] {
    let way = if direction == Direction::In { "In" } else { "Out" };
    [must("lane", Value::Use(Id::Lane(lane))), must("direction", Value::Word(way))]
}

fn any_passage(draft: &Draft, draw: &mut Draw) -> [Field; 2] {
    let way = draw.pick(&[Direction::In, Direction::In, Direction::Out]).unwrap_or(Direction::In);
    passage(draft.lane(draw).id, way)
}

/// A walk, with these fields beside the passage.
fn walk(passage: [Field; 2], fields: impl IntoIterator<Item = Field>) -> Value {
    record("Walk", passage.into_iter().chain(fields).collect())
}

impl Draft {
    /// Some holder walks in this manner, honestly if there is none.
    fn walk(&mut self, draw: &mut Draw, way: Option<[Field; 2]>, manner: Option<Value>) {
        let way = way.unwrap_or_else(|| any_passage(self, draw));
        let holder = may("holder", Value::Use(self.holder(draw)));
        let speed = draw.percent(40).then(|| may("speed_m_s", draw.milli(300, 3_000)));
        let pin = (manner.is_none() && draw.percent(20)).then(|| may("pin", draw.word(&["Right", "Wrong"])));
        let manner = manner.map(|m| may("manner", m)).or(pin);
        let at = self.moment(draw);
        self.step(at, walk(way, [holder].into_iter().chain(speed).chain(manner)));
    }
}

/// Somebody goes in and out again, and perhaps in once more.
fn in_and_out(draft: &mut Draft, draw: &mut Draw) {
    let holder = draft.holder(draw);
    let lane = draft.lane(draw).id;
    let mut at = draw.time(0, draft.busy / 2);
    for i in 0..draw.between(2, 3) {
        let way = if i % 2 == 0 { Direction::In } else { Direction::Out };
        draft.step(at, walk(passage(lane, way), [may("holder", Value::Use(holder))]));
        at += draw.time(1_000, 15_000);
    }
}

/// Somebody, and somebody right behind without presenting.
fn follow(draft: &mut Draft, draw: &mut Draw) {
    let way = any_passage(draft, draw);
    let at = draft.moment(draw);
    let holder = may("holder", Value::Use(draft.holder(draw)));
    draft.step(at, walk(way.clone(), [holder]));
    for _ in 0..draw.between(1, 2) {
        let manner = record(
            "Follows",
            vec![may("gap_m", draw.milli(0, 1_500)), may("consent", Value::Flag(draw.percent(30)))],
        );
        let holder = draw.percent(30).then(|| may("holder", Value::Use(draft.holder(draw))));
        let fields = [may("manner", manner)].into_iter().chain(holder);
        draft.step(at + draw.time(0, 3_000), walk(way.clone(), fields));
    }
}

/// Somebody comes in, and somebody goes out by the lane that is open for them.
fn wrong_way(draft: &mut Draft, draw: &mut Draw) {
    let lane = draft.lane(draw).id;
    let at = draft.moment(draw);
    let holder = may("holder", Value::Use(draft.holder(draw)));
    draft.step(at, walk(passage(lane, Direction::In), [holder]));
    let other = draw.percent(50).then(|| may("holder", Value::Use(draft.holder(draw))));
    let fields = [may("manner", Value::Word("WrongWay"))].into_iter().chain(other);
    draft.step(at.saturating_sub(draw.time(0, 5_000)), walk(passage(lane, Direction::Out), fields));
}

fn fire_door(draft: &mut Draft, draw: &mut Draw) {
    let way = passage(draft.lane(draw).id, Direction::Out);
    draft.walk(draw, Some(way), Some(Value::Word("FireDoor")));
}

/// Somebody, or a stranger, presents credentials of others.
fn borrowed(draft: &mut Draft, draw: &mut Draw) {
    for _ in 0..draw.between(1, 2) {
        let cards = (0..draw.between(1, 2)).map(|_| Value::Use(draft.card(None, draw))).collect();
        let holder = draw.percent(50).then(|| may("holder", Value::Use(draft.holder(draw))));
        let fields = [may("cards", Value::List(cards))].into_iter().chain(holder);
        let way = any_passage(draft, draw);
        draft.step(draft.moment(draw), walk(way, fields));
    }
}

/// Somebody goes in, and others after them, or at another lane at once, with the same credential.
fn passed_back(draft: &mut Draft, draw: &mut Draw) {
    let holder = draft.holder(draw);
    let card = draft.card(Some(holder), draw);
    let cards = || may("cards", Value::List(vec![Value::Use(card)]));
    let (first, mut at) = (draft.lane(draw).id, draft.moment(draw));
    draft.step(at, walk(passage(first, Direction::In), [may("holder", Value::Use(holder)), cards()]));
    for _ in 0..draw.between(1, 2) {
        at += if draw.percent(30) { 0 } else { draw.time(5_000, 20_000) };
        let lane = if draw.percent(50) { first } else { draft.lane(draw).id };
        draft.step(at, walk(passage(lane, Direction::In), [cards()]));
    }
}

/// Somebody waits after the green light, about as long as a grant lives.
fn hesitate(draft: &mut Draft, draw: &mut Draw) {
    let holder = draft.holder(draw);
    let fields = [may("holder", Value::Use(holder)), may("hesitates", draw.millis(500, 9_000))];
    let way = any_passage(draft, draw);
    draft.step(draft.moment(draw), walk(way, fields));
}

/// Somebody who sets off about when the grant lapses, at a lane that gives a long grace and closes slowly.
fn late(draft: &mut Draft, draw: &mut Draw) {
    let lane = draft.lane(draw);
    for lane in draft.lanes.iter_mut().filter(|l| l.id == lane.id) {
        set(&mut lane.options, may("flap", plain(vec![may("closes", draw.millis(2_000, 5_000))])));
        set(&mut lane.options, may("timers", plain(vec![may("late_grace", draw.millis(1_000, 3_000))])));
    }
    let fields = [
        may("holder", Value::Use(draft.holder(draw))),
        may("speed_m_s", Value::Milli(1_300)),
        may("hesitates", draw.millis(4_500, 5_500)),
    ];
    draft.step(draft.moment(draw), walk(passage(lane.id, Direction::In), fields));
}

/// Somebody without a credential, or with one that nobody knows.
fn stranger(draft: &mut Draft, draw: &mut Draw) {
    let cards = if draw.percent(50) { vec![] } else { vec![Value::Whole(draw.between(90_000, 90_009))] };
    let way = any_passage(draft, draw);
    draft.step(draft.moment(draw), walk(way, [may("cards", Value::List(cards))]));
}

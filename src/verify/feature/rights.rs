//! Who may enter what, and when.

use crate::verify::draft::{Draft, set};
use crate::verify::draw::Draw;
use crate::verify::tree::{Field, Id, Value, may, must};

pub(super) const FEATURES: &[(&str, fn(&mut Draft, &mut Draw))] =
    &[("access levels", levels), ("schedules", schedules)];

/// Levels for some of the areas, which some of the holders have.
fn levels(draft: &mut Draft, draw: &mut Draw) {
    for id in 1..=draw.small(1, 2) {
        let some = draft.areas.iter().filter(|_| draw.percent(70));
        let some: Vec<Value> = some.map(|a| Value::Use(Id::Area(a.id))).collect();
        let areas = if some.is_empty() { Value::Word("All") } else { Value::List(some) };
        add_level(draft, id, vec![must("areas", areas)], draw);
    }
}

/// A level that holds at certain times only.
fn schedules(draft: &mut Draft, draw: &mut Draw) {
    let windows = draft.clock.windows.iter().filter(|_| draw.percent(50));
    let windows: Vec<Value> = windows.map(|w| Value::Text((*w).into())).collect();
    let schedule = Id::Schedule(1);
    let fields = vec![must("id", Value::New(schedule)), must("windows", Value::List(windows))];
    draft.enter("schedules", fields);
    let when = may("schedule", Value::Use(schedule));
    add_level(draft, 3, vec![must("areas", Value::Word("All")), when], draw);
}

fn add_level(draft: &mut Draft, id: u16, fields: Vec<Field>, draw: &mut Draw) {
    let id = Id::Access(id);
    draft.enter("access", [must("id", Value::New(id))].into_iter().chain(fields).collect());
    for holder in &mut draft.holders {
        if draw.percent(60) {
            let had = holder.options.iter().find(|f| f.name == "access").map(|f| f.value.clone());
            let mut levels = if let Some(Value::List(levels)) = had { levels } else { vec![] };
            levels.push(Value::Use(id));
            set(&mut holder.options, may("access", Value::List(levels)));
        }
    }
}

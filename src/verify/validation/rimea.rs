//! The tests of the RiMEA guideline, with the limits that JuPedSim's and Vadere's own test suites use.

use super::stage::{Run, Stage, flow};
use crate::metrics::validation::{Figure, Part};
use crate::record::PersonId;
use crate::scenario::Diagnostics;
use std::collections::BTreeMap;

const JUPEDSIM: &str = "RiMEA, limits of JuPedSim's acceptance tests";
const VADERE: &str = "RiMEA, limits of Vadere's tests";

pub(super) fn corridor(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let mut run = Run::new(&stage.scene("rimea-01-corridor")?, 1);
    let [from, to] = run.crossings([&|(_, y)| y >= 0.0, &|(_, y)| y >= 40.0]);
    let takes = to.first().zip(from.first()).map_or(f64::NAN, |(to, from)| to - from);
    let source = "RiMEA 1: 1.33 m/s ± 5 %";
    Ok(Part {
        name: "rimea-01",
        title: "RiMEA 1: somebody alone keeps their speed",
        how: "One person in a corridor of 2 m, timed over 40 m.",
        axes: None,
        figures: vec![Figure::within("time for 40 m", takes, "s", (28.6, 31.7), source)],
    })
}

pub(super) fn reaction(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let mut run = Run::new(&stage.scene("rimea-05-reaction")?, 1);
    let start = run.places.clone();
    let mut first: BTreeMap<PersonId, f64> = BTreeMap::new();
    while run.goes_on() {
        for (who, (x, y)) in &run.places {
            let moved = start.get(who).is_none_or(|s| (x - s.0).abs() + (y - s.1).abs() > 1e-4);
            if moved {
                first.entry(*who).or_insert(run.now());
            }
        }
    }
    let errors = first.values().zip(1..).map(|(at, i)| (at - 10.0 * f64::from(i)).abs());
    let worst = errors.fold(0.0, f64::max);
    Ok(Part {
        name: "rimea-05",
        title: "RiMEA 5: everybody sets out in their own time",
        how: "Ten people set out after 10, 20, … 100 s.",
        axes: None,
        figures: vec![
            Figure::within("people who set out", first.len() as f64, "", (10.0, 10.0), JUPEDSIM),
            Figure::at_most(
                "worst error of setting out",
                worst,
                "s",
                0.08,
                "RiMEA 5: two pictures of 25 a second",
            ),
        ],
    })
}

pub(super) fn corner(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let mut run = Run::new(&stage.scene("rimea-06-corner")?, 1);
    let people = run.places.len();
    let mut astray = 0;
    let mut goes_on = true;
    while goes_on {
        goes_on = run.goes_on();
        let is_astray =
            |(x, y): &&(f32, f32)| (*x < 10.0 && *y > 2.0) || *x <= 0.0 || *y <= 0.0 || *x >= 12.0;
        astray += run.places.values().filter(is_astray).count();
    }
    let out = people - run.places.len();
    Ok(Part {
        name: "rimea-06",
        title: "RiMEA 6: nobody walks through a corner",
        how: "Twenty people turn left in a corridor of 2 m.",
        axes: None,
        figures: vec![
            Figure::at_most(
                "steps of anybody inside the walls",
                f64::from(u32::try_from(astray).unwrap_or(u32::MAX)),
                "",
                0.0,
                JUPEDSIM,
            ),
            Figure::within("people who come out", out as f64, "", (20.0, 20.0), JUPEDSIM),
        ],
    })
}

/// Seconds until everybody is out, and how many were left behind when the time was up.
fn empties(stage: &Stage<'_>, name: &str) -> Result<(f64, usize), Diagnostics> {
    let mut run = Run::new(&stage.scene(name)?, 1);
    while run.goes_on() {}
    Ok((run.now(), run.places.len()))
}

pub(super) fn doors(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let (four, left_by_four) = empties(stage, "rimea-09-four-doors")?;
    let (two, left_by_two) = empties(stage, "rimea-09-two-doors")?;
    let left = (left_by_four + left_by_two) as f64;
    Ok(Part {
        name: "rimea-09",
        title: "RiMEA 9: half of the doors take twice as long",
        how: "A thousand people leave a hall of 30 m by 20 m by four doors of 1 m, and by two.",
        axes: None,
        figures: vec![
            Figure::within("two doors over four", two / four, "", (1.6, 2.4), JUPEDSIM),
            Figure::within("by four doors", four, "s", (108.0, 132.0), VADERE),
            Figure::within("by two doors", two, "s", (180.0, 220.0), VADERE),
            Figure::at_most("people left behind", left, "", 0.0, "nobody gets stuck"),
        ],
    })
}

pub(super) fn bottleneck(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let mut run = Run::new(&stage.scene("rimea-12-bottleneck")?, 1);
    let people = run.places.len();
    let [corridor, door] = run.crossings([&|(x, _)| x >= 14.9, &|(x, _)| x >= 25.0]);
    let less = flow(&corridor) - flow(&door);
    Ok(Part {
        name: "rimea-12",
        title: "RiMEA 12: behind a narrow corridor there is no jam",
        how: "150 people go through a corridor 1 m wide and 5 m long, and through a door of 1 m behind it.",
        axes: None,
        figures: vec![
            Figure::at_least("flow of the corridor less that of the door", less, "1/s", -0.05, JUPEDSIM),
            Figure::at_most("people left behind", (people - door.len()) as f64, "", 0.0, "nobody gets stuck"),
        ],
    })
}

pub(super) fn round_the_corner(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let (short, left_short) = empties(stage, "rimea-15-short")?;
    let (corner, left_corner) = empties(stage, "rimea-15-corner")?;
    let (long, left_long) = empties(stage, "rimea-15-long")?;
    let left = (left_short + left_corner + left_long) as f64;
    let source = "RiMEA 15: no quicker than the short way, no slower than the long one";
    Ok(Part {
        name: "rimea-15",
        title: "RiMEA 15: a crowd round a corner",
        how: "500 people leave a room through a corridor 5 m wide with a corner, 20 m along its inner and 30 m \
              along its outer side, and through straight ones of those lengths.",
        axes: None,
        figures: vec![
            Figure::within("time round the corner", corner, "s", (short, long), source),
            Figure::at_most("people left behind", left, "", 0.0, "nobody gets stuck"),
        ],
    })
}

//! The tests of the `RiMEA` guideline, with the limits that JuPedSim's and Vadere's own test suites use.

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
        how: "500 people leave a room through a corridor 5 m wide with a corner, 20 m along its inner and \
              30 m along its outer side, and through straight ones of those lengths.",
        axes: None,
        figures: vec![
            Figure::within("time round the corner", corner, "s", (short, long), source),
            Figure::at_most("people left behind", left, "", 0.0, "nobody gets stuck"),
        ],
    })
}

/// The ranges of the free speeds of four kinds of people, m/s.
const AGES: [(&str, f64, f64); 4] =
    [("under 30", 0.58, 1.61), ("30 to 50", 1.41, 1.54), ("over 50", 0.68, 1.41), ("impaired", 0.46, 0.76)];

/// Everybody is timed from one of these lines to the other, m.
const LINES_M: (f32, f32) = (5.0, 35.0);

/// A step of 10 ms at either line is less than a thousandth of the time between them.
const TIMING: f64 = 0.002;

pub(super) fn ages(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let mut run = Run::new(&stage.scene("rimea-07-speeds")?, 1);
    let mut times: BTreeMap<PersonId, (Option<f64>, Option<f64>)> = BTreeMap::new();
    let mut goes_on = true;
    while goes_on {
        goes_on = run.goes_on();
        let now = run.now();
        for (who, (_, y)) in &run.places {
            let of = times.entry(*who).or_default();
            for (line, at) in [(LINES_M.0, &mut of.0), (LINES_M.1, &mut of.1)] {
                if *y >= line {
                    at.get_or_insert(now);
                }
            }
        }
    }
    let speed = |(from, to): &(Option<f64>, Option<f64>)| match (from, to) {
        (Some(from), Some(to)) => f64::from(LINES_M.1 - LINES_M.0) / (to - from),
        _ => f64::NAN,
    };
    let speeds: Vec<f64> = times.values().map(speed).collect();
    let source = "RiMEA 7: free speeds by age after Weidmann";
    let mut figures = Vec::new();
    for (group, (name, least, greatest)) in speeds.chunks(50).zip(AGES) {
        let slowest = group.iter().copied().fold(f64::INFINITY, f64::min);
        let fastest = group.iter().copied().fold(0.0, f64::max);
        let band = (least * (1.0 - TIMING), greatest * (1.0 + TIMING));
        figures.push(Figure::within(format!("{name}: the slowest of 50"), slowest, "m/s", band, source));
        figures.push(Figure::within(format!("{name}: the fastest of 50"), fastest, "m/s", band, source));
    }
    figures.push(Figure::within("people timed", speeds.len() as f64, "", (200.0, 200.0), JUPEDSIM));
    Ok(Part {
        name: "rimea-07",
        title: "RiMEA 7: everybody walks as fast as their age does",
        how: "Four groups of fifty, each person alone, timed over 30 m.",
        axes: None,
        figures,
    })
}

/// Whose exit is the main one, counted from 1.
fn goes_by_the_main_exit(number: usize) -> bool {
    matches!(number, 1..=7 | 12..=19)
}

pub(super) fn exits(stage: &Stage<'_>) -> Result<Part, Diagnostics> {
    let mut run = Run::new(&stage.scene("rimea-10-assigned-exits")?, 1);
    let mut last: BTreeMap<PersonId, f32> = BTreeMap::new();
    let mut goes_on = true;
    while goes_on {
        goes_on = run.goes_on();
        last.extend(run.places.iter().map(|(who, (x, _))| (*who, *x)));
    }
    // The main exit is at the left end of the corridor, the other one at the right end, 36 m on.
    let by_their_own =
        |(i, x): &(usize, &f32)| if goes_by_the_main_exit(i + 1) { **x < 0.5 } else { **x > 35.5 };
    let right = last.values().enumerate().filter(by_their_own).count();
    Ok(Part {
        name: "rimea-10",
        title: "RiMEA 10: everybody leaves by the exit assigned to them",
        how: "23 people in twelve rooms along a corridor with an exit at either end.",
        axes: None,
        figures: vec![
            Figure::within("people who leave by their own exit", right as f64, "", (23.0, 23.0), JUPEDSIM),
            Figure::at_most("people left behind", run.places.len() as f64, "", 0.0, "nobody gets stuck"),
        ],
    })
}

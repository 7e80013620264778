//! Speed over density on a closed ring, against the measurements in corridors.

use crate::scene::{Run, scene};
use apbrig::apb::time::{Span, Time};
use apbrig::scenario::Scenario;
use apbrig::scenario::walkers::{Destination, Start, Walkers};

/// Area of the ring, m²: 2 m wide, the centre line 10 m from the middle.
const AREA_M2: f64 = 2.0 * std::f64::consts::PI * 10.0 * 2.0;

/// Lines across the ring.
const GATES: usize = 24;

/// Middle of a range of densities, people per square metre, and the 5 % and 95 % quantiles of the mean speeds
/// measured there, m/s: the lower in a closed corridor 1.8 m wide, the higher in an open one 3 m wide.
const MEASURED: [(f64, f64, f64); 6] = [
    (0.25, 0.98, 1.74),
    (0.75, 0.73, 1.62),
    (1.25, 0.51, 1.33),
    (1.75, 0.48, 1.26),
    (2.25, 0.24, 0.86),
    (2.75, 0.22, 0.53),
];

/// So many people, evenly from every line, one after the other.
fn crowded(people: usize) -> Scenario {
    let mut scenario = scene("ring");
    let like = scenario.walkers[0].clone();
    scenario.walkers = (0..GATES)
        .map(|gate| {
            let count = people / GATES + usize::from(gate < people % GATES);
            let via = (1..=GATES).map(|i| (gate + i) % GATES).collect();
            Walkers {
                name: format!("from {gate}"),
                count: u32::try_from(count).unwrap(),
                start: Start::Portal(gate),
                sets_out: (0..count).map(|i| Time::ZERO + Span::millis(800 * i as u64)).collect(),
                via,
                to: Destination::Portals(vec![gate]),
                ..like.clone()
            }
        })
        .filter(|walkers| walkers.count > 0)
        .collect();
    scenario
}

/// Mean speed, m/s, over 20 s once everybody has walked for a while.
fn speed(density: f64) -> f64 {
    let people = (density * AREA_M2).round() as usize;
    let mut run = Run::new(&crowded(people), 1);
    let (mut way, mut time) = (0.0, 0.0);
    while run.step() {
        if run.now() > 40.0 {
            assert_eq!(run.places.len(), people, "somebody has left the ring");
            for (who, place) in &run.places {
                assert!((9.0..11.0).contains(&place.length()), "in the wall: {place}");
                way += f64::from(place.distance(run.before[who]));
                time += 0.01;
            }
        }
    }
    way / time
}

#[test]
fn speed_over_density_is_inside_the_measured_bands() {
    let found: Vec<f64> = MEASURED.iter().map(|(density, ..)| speed(*density)).collect();
    let rows = || MEASURED.iter().zip(&found);
    for ((density, low, high), speed) in rows() {
        println!(
            "{density} /m²: {speed:.3} m/s, measured {low} to {high}, flow {:.2} /(m s)",
            density * speed
        );
    }
    for ((density, low, high), speed) in rows() {
        assert!((*low..=*high).contains(speed), "{speed} m/s at {density} /m²");
    }
    let most = rows().map(|((density, ..), speed)| density * speed).fold(0.0, f64::max);
    assert!((1.0..=2.0).contains(&most), "at most {most} /(m s)");
    assert!(found.is_sorted_by(|a, b| a >= b), "{found:?}");
}

//! Nature: who somebody is. Body, pace, what they have with them; drawn once, from their own stream.

use super::agenda::Day;
use super::body::Shape;
use super::people::Person;
use crate::apb::id::HolderId;
use crate::apb::time::Time;
use crate::record::PersonId;
use crate::scenario::crowd::Habits;
use crate::scenario::population::{Build, Child, Distribution, Kind, Luggage, MEN, Population, WOMEN};
use crate::sim::chance;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::collections::VecDeque;

/// How high the head of somebody in a wheelchair is, m. Assumed: a seat of 0.5 m and 0.8 to 0.9 m above it.
const SEATED_M: Distribution = Distribution::Even { least: 1.25, greatest: 1.40 };

/// Breadth and depth of a child as shares of its stature. Assumed: a little less than those of women.
const CHILD_BREADTH: f32 = 0.26;
const CHILD_DEPTH: f32 = 0.14;

/// What is drawn again so often is cut instead.
const TRIES: usize = 32;

/// What is drawn of somebody.
struct Nature {
    shape: Shape,
    speed_m_s: f32,
    reaction_s: f32,
    lane_m: f32,
    child: Option<Child>,
}

impl Day<'_> {
    /// Somebody without anything to do yet, and the child that comes with them.
    pub(super) fn person(
        &self,
        id: PersonId,
        holder: Option<HolderId>,
        (habits, population): (&Habits, Option<&Population>),
    ) -> (Person, Option<Child>) {
        let mut rng = self.rng.person(id);
        let nature = match population {
            Some(population) => of_population(population, &mut rng),
            None => of_habits(habits, &mut rng),
        };
        let person = Person {
            id,
            holder,
            own_card: holder.and_then(|h| self.card_of(h)),
            shape: nature.shape,
            speed_m_s: nature.speed_m_s,
            present: (habits.present_median_s, habits.present_cv),
            misread_rate: habits.misread_rate,
            reaction_s: nature.reaction_s,
            lane_m: nature.lane_m,
            settled: Time::ZERO,
            origin: None,
            area: None,
            trips: VecDeque::new(),
            rng,
        };
        (person, nature.child)
    }

    /// A child that goes where somebody goes, at their pace.
    pub(super) fn child(&self, id: PersonId, child: Child, adult: &Person) -> Person {
        let mut rng = self.rng.person(id);
        let height = draw(child.height_m, &mut rng);
        Person {
            id,
            holder: None,
            own_card: None,
            shape: Shape::new(CHILD_DEPTH * height, CHILD_BREADTH * height, height),
            speed_m_s: adult.speed_m_s,
            present: adult.present,
            misread_rate: 0.0,
            reaction_s: 0.0,
            lane_m: adult.lane_m,
            settled: Time::ZERO,
            origin: None,
            area: None,
            trips: VecDeque::new(),
            rng,
        }
    }
}

/// An adult like all others.
fn of_habits(habits: &Habits, rng: &mut ChaCha8Rng) -> Nature {
    let shape = Shape::draw(habits, rng);
    let sd = habits.speed_sd_m_s;
    let mean = habits.speed_mean_m_s;
    let speed = chance::normal(rng, f64::from(mean), f64::from(sd)) as f32;
    let speed_m_s = speed.clamp(mean * 0.5, mean * 1.5).max(0.2);
    Nature { shape, speed_m_s, reaction_s: 0.0, lane_m: 0.0, child: None }
}

fn of_population(population: &Population, rng: &mut ChaCha8Rng) -> Nature {
    let kind = one_of(&population.kinds, rng).or(population.kinds.last().map(|(_, kind)| kind));
    match kind {
        Some(kind) => of_kind(kind, rng),
        None => of_habits(&Habits::default(), rng),
    }
}

/// What is not asked for is not drawn.
fn of_kind(kind: &Kind, rng: &mut ChaCha8Rng) -> Nature {
    let speed_m_s = draw(kind.speed_m_s, rng);
    let (mut shape, mut lane_m) = match kind.wheelchair {
        Some(chair) => {
            let breadth = draw(chair.breadth_m, rng);
            (Shape::seated(chair.length_m, breadth, draw(SEATED_M, rng)), chair.lane_m)
        }
        None => (upright(kind, rng), 0.0),
    };
    if !kind.luggage.is_empty()
        && let Some(luggage) = one_of(&kind.luggage, rng)
    {
        shape = carries(shape, *luggage);
        lane_m = luggage.lane_m();
    }
    let reaction_s = kind.reaction_s.map_or(0.0, |takes| draw(takes, rng));
    let child = kind.child.filter(|child| rng.random_bool(child.share.clamp(0.0, 1.0)));
    Nature { shape, speed_m_s, reaction_s, lane_m, child }
}

fn upright(kind: &Kind, rng: &mut ChaCha8Rng) -> Shape {
    let build: Build = match kind.build {
        Some(build) => build,
        None if rng.random_bool(kind.women.clamp(0.0, 1.0)) => WOMEN,
        None => MEN,
    };
    let (depth, breadth) = (draw(build.depth_m, rng), draw(build.breadth_m, rng));
    Shape::new(depth, breadth, draw(build.height_m, rng))
}

fn carries(shape: Shape, luggage: Luggage) -> Shape {
    match luggage {
        Luggage::Bag { depth_m } => shape.with_bag(depth_m),
        Luggage::Trolley { length_m, behind_m, height_m } => shape.with_luggage(length_m, behind_m, height_m),
        Luggage::Cart { length_m, before_m, height_m, .. } => shape.with_cart(length_m, before_m, height_m),
    }
}

/// One of these, each with its share; `None`: none of them.
pub(super) fn one_of<'a, T>(of: &'a [(f64, T)], rng: &mut ChaCha8Rng) -> Option<&'a T> {
    let mut left: f64 = rng.random_range(0.0..1.0);
    of.iter().find_map(|(share, one)| {
        left -= share;
        (left < 0.0).then_some(one)
    })
}

fn draw(of: Distribution, rng: &mut ChaCha8Rng) -> f32 {
    match of {
        Distribution::Even { least, greatest } if least == greatest => least,
        Distribution::Even { least, greatest } => rng.random_range(least..greatest),
        Distribution::Normal { mean, sd, least, greatest } => {
            let mut drawn = mean;
            for _ in 0..TRIES {
                drawn = chance::normal(rng, f64::from(mean), f64::from(sd)) as f32;
                if (least..=greatest).contains(&drawn) {
                    break;
                }
            }
            drawn.clamp(least, greatest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::population::Wheelchair;
    use crate::sim::rng::SimRng;

    fn kind(women: f64) -> Kind {
        Kind {
            name: "people".into(),
            speed_m_s: Distribution::Normal { mean: 1.34, sd: 0.26, least: 0.58, greatest: 1.61 },
            women,
            build: None,
            reaction_s: None,
            luggage: vec![],
            wheelchair: None,
            child: None,
        }
    }

    fn many(kind: &Kind) -> Vec<Nature> {
        (0..4_000).map(|i| of_kind(kind, &mut SimRng::new(2).person(PersonId(i)))).collect()
    }

    /// Quantiles of 5, 50 and 95 %.
    fn quantiles(of: impl Iterator<Item = f32>) -> [f32; 3] {
        let mut all: Vec<f32> = of.collect();
        all.sort_by(f32::total_cmp);
        [5, 50, 95].map(|p| all[all.len() * p / 100])
    }

    #[track_caller]
    fn near(found: [f32; 3], wanted: [f32; 3], by: f32) {
        assert!(found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < by), "{found:?} is not {wanted:?}");
    }

    #[test]
    fn bodies_have_the_sizes_that_were_measured() {
        let women = many(&kind(1.0));
        near(quantiles(women.iter().map(|n| n.shape.breadth_m())), [0.406, 0.450, 0.499], 0.005);
        // The chest's distribution leans to the right, the normal one does not.
        near(quantiles(women.iter().map(|n| n.shape.depth_m())), [0.205, 0.245, 0.296], 0.008);
        near(quantiles(women.iter().map(|n| n.shape.height_m())), [1.525, 1.626, 1.740], 0.01);
        let men = many(&kind(0.0));
        near(quantiles(men.iter().map(|n| n.shape.breadth_m())), [0.455, 0.510, 0.565], 0.005);
        near(quantiles(men.iter().map(|n| n.shape.depth_m())), [0.206, 0.254, 0.302], 0.005);
        near(quantiles(men.iter().map(|n| n.shape.height_m())), [1.643, 1.755, 1.870], 0.01);
    }

    #[test]
    fn speeds_keep_their_limits() {
        let speeds: Vec<f32> = many(&kind(0.5)).iter().map(|n| n.speed_m_s).collect();
        assert!(speeds.iter().all(|v| (0.58..=1.61).contains(v)));
        assert!(speeds.iter().filter(|v| **v < 0.581 || **v > 1.609).count() < 40, "piled up at a limit");
    }

    #[test]
    fn luggage_comes_with_its_share_and_a_cart_wants_a_wide_lane() {
        let cart = Luggage::Cart { length_m: 0.9, before_m: 0.2, height_m: 1.0, breadth_m: 0.6 };
        let some = Kind { luggage: vec![(0.3, Luggage::Bag { depth_m: 0.2 }), (0.1, cart)], ..kind(0.5) };
        let drawn = many(&some);
        let pushing = drawn.iter().filter(|n| n.lane_m == 0.6 && n.shape.ahead_m() > 1.0).count();
        let bags = drawn.iter().filter(|n| n.shape.depth_m() > 0.375).count();
        assert!((330..470).contains(&pushing) && (1_050..1_350).contains(&bags), "{pushing} and {bags}");
    }

    #[test]
    fn what_is_not_asked_for_is_not_drawn() {
        let plain = of_kind(&kind(0.5), &mut SimRng::new(2).named("x"));
        let takes = Some(Distribution::Even { least: 0.5, greatest: 0.7 });
        let late = of_kind(&Kind { reaction_s: takes, ..kind(0.5) }, &mut SimRng::new(2).named("x"));
        assert_eq!((plain.shape, plain.speed_m_s), (late.shape, late.speed_m_s));
        assert!((0.5..0.7).contains(&late.reaction_s) && plain.reaction_s == 0.0);
    }

    #[test]
    fn a_wheelchair_is_as_long_as_it_is_said_to_be() {
        let breadth_m = Distribution::Even { least: 0.5, greatest: 0.7 };
        let chair = Some(Wheelchair { length_m: 1.2, breadth_m, lane_m: 0.9 });
        for sits in many(&Kind { wheelchair: chair, ..kind(0.5) }) {
            assert_eq!((sits.shape.length_m(), sits.lane_m), (1.2, 0.9));
            assert!((0.5..0.7).contains(&sits.shape.breadth_m()) && sits.shape.height_m() < 1.41);
        }
    }
}

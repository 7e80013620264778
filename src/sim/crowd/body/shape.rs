//! Outlines: a body as a stack of ellipses, of which a beam across a lane sees the depth at its height.
//!
//! | height, shares of stature | what is there |
//! |---|---|
//! | 0.87 to 1 | the head |
//! | 0.82 to 0.87 | the neck |
//! | 0.44 to 0.82 | the torso, as deep as the chest |
//! | 0.40 to 0.80 | a bag on the back or at the side |
//! | 0.38 to 0.82 | two arms, hanging from the shoulders |
//! | 0 to 0.44 | two legs, hanging from the hips |
//!
//! Heights are those of Drillis and Contini 1966 (hip 0.53, shoulder 0.82, chin 0.87). Legs show from a
//! hand's breadth below the crotch (0.48), which clothes cover (assumed). Luggage stands on the floor, behind
//! or before. Who sits in a wheelchair has its length up to the armrests, and a torso and head above them.

use super::gait::{HIP, Limb};
use super::section::Section;
use crate::scenario::crowd::Habits;
use crate::sim::chance;
use crate::sim::crowd::floor::Outline;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Heights as shares of stature, see above.
const CHIN: f32 = 0.87;
const SHOULDER: f32 = 0.82;
const HEM: f32 = 0.44;
const KNEE: f32 = 0.285;
const ANKLE: f32 = 0.039;
const FINGERTIP: f32 = 0.377;
const BAG: (f32, f32) = (0.40, 0.80);

/// Depths as shares of stature: of the head 0.197 m, of the others the girths of ANSUR II by π, at 1.70 m.
const HEAD_DEPTH: f32 = 0.116;
const NECK_DEPTH: f32 = 0.070;
const ARM_DEPTH: f32 = 0.050;
const THIGH_DEPTH: f32 = 0.110;
const KNEE_DEPTH: f32 = 0.070;
const ANKLE_DEPTH: f32 = 0.045;

/// A foot before and behind its ankle, as shares of stature: 0.152 in all by Drillis and Contini.
const TOES: f32 = 0.110;
const HEEL: f32 = 0.042;

/// Where the limbs of somebody on hands and knees are, as shares of the length, how thick they are as shares
/// of it, and how much of a walker's reach they have. Assumed.
const CRAWLING_LIMBS: [f32; 2] = [0.15, 0.70];
const CRAWLING_LIMB_DEPTH: f32 = 0.12;
const CRAWLING_REACH: f32 = 0.3;

/// How somebody goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Posture {
    Upright,
    /// On hands and knees.
    Crawling,
    /// In a wheelchair.
    Seated,
    /// In the air, hands on the cabinets, the body from this height up, m.
    Vaulting {
        underside_m: f32,
    },
}

/// Where the armrests of a wheelchair are, m, and the torso of somebody in it: how far behind the footrests,
/// as a share of the length, and how deep. Assumed.
const ARMREST_M: f32 = 0.72;
const SEAT_BACK: f32 = 0.75;
const SEATED_DEPTH_M: f32 = 0.28;

/// A trolley or a cart on the floor. Distances run backwards from the front of everything.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Luggage {
    tip_m: f32,
    back_m: f32,
    top_m: f32,
}

/// A person's outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    posture: Posture,
    /// Of the torso, without a bag.
    torso_m: f32,
    /// What a bag adds behind the torso.
    bag_m: f32,
    breadth_m: f32,
    height_m: f32,
    /// How far a hand swings, as a share of a foot's way.
    arms: f32,
    luggage: Option<Luggage>,
    /// How far behind the front of everything the torso's front is: what a cart that is pushed takes up.
    ahead_m: f32,
}

impl Shape {
    /// An upright person of this chest depth, shoulder breadth and stature, who keeps the arms at the body.
    pub fn new(depth_m: f32, breadth_m: f32, height_m: f32) -> Self {
        let posture = Posture::Upright;
        Self {
            posture,
            torso_m: depth_m,
            bag_m: 0.0,
            breadth_m,
            height_m,
            arms: 0.0,
            luggage: None,
            ahead_m: 0.0,
        }
    }

    /// Somebody on hands and knees, this long and with the back this high.
    pub fn crawling(length_m: f32, breadth_m: f32, height_m: f32) -> Self {
        Self { posture: Posture::Crawling, ..Self::new(length_m, breadth_m, height_m) }
    }

    /// Somebody in a wheelchair of this length and breadth, whose head is this high.
    pub fn seated(length_m: f32, breadth_m: f32, height_m: f32) -> Self {
        Self { posture: Posture::Seated, ..Self::new(length_m, breadth_m, height_m) }
    }

    /// Somebody who swings over a flap, this long, from this height to that.
    pub fn vaulting(length_m: f32, breadth_m: f32, (underside_m, top_m): (f32, f32)) -> Self {
        Self { posture: Posture::Vaulting { underside_m }, ..Self::new(length_m, breadth_m, top_m) }
    }

    /// An adult with or without a bag.
    ///
    /// Chest depth 0.25 ± 0.03 m and shoulder breadth 0.48 ± 0.04 m (ANSUR II, both sexes together), height
    /// 1.70 ± 0.09 m; a bag on the back or at the side adds 0.12 m of depth (assumed). Arms stay at the
    /// body: a lane leaves shoulders a few centimetres.
    pub(in crate::sim) fn draw(habits: &Habits, rng: &mut ChaCha8Rng) -> Self {
        let depth = (chance::normal(rng, 0.25, 0.03) as f32).clamp(0.18, 0.35);
        let breadth = (chance::normal(rng, 0.48, 0.04) as f32).clamp(0.38, 0.60);
        let height = (chance::normal(rng, 1.70, 0.09) as f32).clamp(1.40, 2.00);
        let bag = if rng.random_bool(habits.bag_share.clamp(0.0, 1.0)) { 0.12 } else { 0.0 };
        Self::new(depth, breadth, height).with_bag(bag)
    }

    /// The same person with a bag this deep on the back or at the side.
    #[must_use]
    pub fn with_bag(self, depth_m: f32) -> Self {
        Self { bag_m: depth_m, ..self }
    }

    /// The same person swinging their arms: a hand makes this share of a foot's way.
    #[must_use]
    pub fn with_arms(self, share: f32) -> Self {
        Self { arms: share, ..self }
    }

    /// The same person with a trolley or cart behind, and none before.
    #[must_use]
    pub fn with_luggage(self, length_m: f32, behind_m: f32, height_m: f32) -> Self {
        let tip_m = self.depth_m() + behind_m;
        let luggage = Some(Luggage { tip_m, back_m: tip_m + length_m, top_m: height_m });
        Self { luggage, ahead_m: 0.0, ..self }
    }

    /// The same person pushing a cart.
    #[must_use]
    pub fn with_cart(self, length_m: f32, before_m: f32, height_m: f32) -> Self {
        let cart = Luggage { tip_m: 0.0, back_m: length_m, top_m: height_m };
        Self { luggage: Some(cart), ahead_m: length_m + before_m, ..self }
    }

    /// How far the torso is behind the front of everything, m.
    pub fn ahead_m(&self) -> f32 {
        self.ahead_m
    }

    /// The torso's depth with a bag, m.
    pub fn depth_m(&self) -> f32 {
        self.torso_m + self.bag_m
    }

    /// Shoulder breadth, m.
    pub fn breadth_m(&self) -> f32 {
        self.breadth_m
    }

    /// What others have to walk around, from above.
    pub fn outline(&self) -> Outline {
        Outline { half_depth_m: self.depth_m() / 2.0, half_breadth_m: self.breadth_m() / 2.0 }
    }

    /// Stature, m; the height of the back of somebody who crawls.
    pub fn height_m(&self) -> f32 {
        self.height_m
    }

    /// What is lower than this is not in their way, m.
    pub fn underside_m(&self) -> f32 {
        match self.posture {
            Posture::Upright | Posture::Crawling | Posture::Seated => 0.0,
            Posture::Vaulting { underside_m } => underside_m,
        }
    }

    /// Depth of everything that belongs to the person, m.
    pub fn length_m(&self) -> f32 {
        (self.ahead_m + self.depth_m()).max(self.luggage.map_or(0.0, |l| l.back_m))
    }

    /// What a beam at this height can see.
    pub fn sections_at(&self, z_m: f32) -> impl Iterator<Item = Section> {
        let [a, b, c] = match self.posture {
            Posture::Upright => self.trunk_and_legs(z_m / self.height_m),
            Posture::Crawling => self.trunk_and_limbs(z_m),
            Posture::Seated => self.chair_and_trunk(z_m),
            Posture::Vaulting { underside_m } => {
                let is_there = underside_m < z_m && z_m <= self.height_m;
                [is_there.then(|| Section::still(0.0, self.torso_m)), None, None]
            }
        };
        let arms = self.arms_at(z_m / self.height_m);
        let luggage = self.luggage.filter(|l| z_m <= l.top_m).map(|l| Section::still(l.tip_m, l.back_m));
        let ahead = self.ahead_m;
        let behind = move |s: Section| Section { tip_m: s.tip_m + ahead, back_m: s.back_m + ahead, ..s };
        let body = [a, b, c, arms[0], arms[1]].into_iter().flatten().map(behind);
        body.chain(luggage)
    }

    /// Sections at a share of the stature: what stands still, and the two legs.
    fn trunk_and_legs(&self, z: f32) -> [Option<Section>; 3] {
        let middle = self.torso_m / 2.0;
        let of_stature = |depth: f32| Some(Section::about(middle, depth * self.height_m));
        let carries = self.bag_m > 0.0 && BAG.0 < z && z <= BAG.1;
        if z > 1.0 {
            [None; 3]
        } else if z > CHIN {
            [of_stature(HEAD_DEPTH), None, None]
        } else if z > SHOULDER {
            [of_stature(NECK_DEPTH), None, None]
        } else if z > HEM {
            let depth = if carries { self.depth_m() } else { self.torso_m };
            [Some(Section::still(0.0, depth)), None, None]
        } else {
            let [left, right] = [Limb::Left, Limb::Right].map(|limb| self.leg(z, limb));
            let bag = carries.then(|| Section::still(self.torso_m, self.depth_m()));
            [bag, Some(left), Some(right)]
        }
    }

    fn leg(&self, z: f32, limb: Limb) -> Section {
        let middle = self.torso_m / 2.0;
        let between = |(low, at_low): (f32, f32), (high, at_high): (f32, f32)| {
            at_low + (at_high - at_low) * (z - low) / (high - low)
        };
        let section = if z <= ANKLE {
            Section::still(middle - TOES * self.height_m, middle + HEEL * self.height_m)
        } else {
            let depth = if z <= KNEE {
                between((ANKLE, ANKLE_DEPTH), (KNEE, KNEE_DEPTH))
            } else {
                between((KNEE, KNEE_DEPTH), (HEM, THIGH_DEPTH))
            };
            Section::about(middle, depth * self.height_m)
        };
        // The leg is taken to be straight: the knee bends less than it swings.
        section.swinging(limb, ((HIP - z) / (HIP - ANKLE)).min(1.0))
    }

    fn arms_at(&self, z: f32) -> [Option<Section>; 2] {
        let hangs = self.posture == Posture::Upright && FINGERTIP < z && z <= SHOULDER;
        let share = self.arms * (SHOULDER - z) / (SHOULDER - FINGERTIP);
        // An arm that does not swing is within the torso's outline.
        [Limb::Left, Limb::Right].map(|limb| {
            let arm = Section::about(self.torso_m / 2.0, ARM_DEPTH * self.height_m);
            (hangs && self.arms > 0.0).then(|| arm.swinging(limb, share))
        })
    }

    fn chair_and_trunk(&self, z_m: f32) -> [Option<Section>; 3] {
        if z_m > self.height_m {
            [None; 3]
        } else if z_m > ARMREST_M {
            let back = SEAT_BACK * self.torso_m;
            [Some(Section::still((back - SEATED_DEPTH_M).max(0.0), back)), None, None]
        } else {
            [Some(Section::still(0.0, self.torso_m)), None, None]
        }
    }

    fn trunk_and_limbs(&self, z_m: f32) -> [Option<Section>; 3] {
        /// The belly of somebody who crawls, as a share of the height of the back. Assumed.
        const BELLY: f32 = 0.45;
        let z = z_m / self.height_m;
        if z > 1.0 {
            [None; 3]
        } else if z > BELLY {
            [Some(Section::still(0.0, self.torso_m)), None, None]
        } else {
            let [arm, knee] = CRAWLING_LIMBS;
            let share = CRAWLING_REACH * (1.0 - z);
            let limb = |at: f32, limb| {
                let depth = CRAWLING_LIMB_DEPTH * self.torso_m;
                Some(Section::about(at * self.torso_m, depth).swinging(limb, share))
            };
            [limb(arm, Limb::Left), limb(knee, Limb::Right), None]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Shape {
        Shape::new(0.3, 0.5, 1.7)
    }

    #[test]
    fn a_low_suitcase_passes_under_the_beams_and_a_cart_does_not() {
        assert_eq!(person().with_luggage(0.35, 0.2, 0.56).sections_at(0.9).count(), 1);
        assert_eq!(person().with_luggage(0.60, 0.2, 1.00).sections_at(0.9).count(), 2);
    }

    #[test]
    fn who_crawls_or_is_small_passes_under_the_beams() {
        assert_eq!(Shape::crawling(1.0, 0.5, 0.45).sections_at(0.9).count(), 0);
        assert_eq!(Shape::new(0.2, 0.3, 0.89).sections_at(0.9).count(), 0);
    }

    #[test]
    fn who_vaults_passes_over_the_beams_at_the_waist() {
        let vaults = Shape::vaulting(0.9, 0.5, (1.05, 1.75));
        assert_eq!([0.3, 0.9, 1.05].map(|z| vaults.sections_at(z).count()), [0, 0, 0]);
        assert_eq!([1.1, 1.75].map(|z| vaults.sections_at(z).count()), [1, 1]);
        assert_eq!((vaults.underside_m(), person().underside_m()), (1.05, 0.0));
    }

    #[test]
    fn the_waist_is_a_torso_and_the_knee_is_two_legs() {
        let torso: Vec<Section> = person().sections_at(0.9).collect();
        assert_eq!(torso, [Section { tip_m: 0.0, back_m: 0.3, swings: None }]);
        let legs: Vec<Section> = person().sections_at(0.45).collect();
        assert_eq!(
            legs.iter().map(|l| l.swings.map(|s| s.0)).collect::<Vec<_>>(),
            [Some(Limb::Left), Some(Limb::Right)]
        );
        assert!(legs.iter().all(|l| (l.tip_m + l.back_m - 0.3).abs() < 1e-6 && l.back_m - l.tip_m < 0.15));
    }

    #[test]
    fn a_head_is_less_deep_than_a_chest_and_a_bag_is_behind_the_back() {
        let depth = |shape: Shape, z| shape.sections_at(z).map(|s| s.back_m - s.tip_m).sum::<f32>();
        assert!(depth(person(), 1.6) < 0.2 && depth(person(), 1.45) < depth(person(), 1.6));
        assert!((depth(person().with_bag(0.12), 1.2) - 0.42).abs() < 1e-6);
        assert_eq!(depth(person().with_bag(0.12), 1.6), depth(person(), 1.6));
        assert_eq!(person().sections_at(1.75).count(), 0);
    }

    #[test]
    fn arms_that_swing_reach_beyond_the_torso() {
        let swinging: Vec<Section> = person().with_arms(0.6).sections_at(0.9).collect();
        assert_eq!(swinging.len(), 3);
        assert!(swinging[1..].iter().all(|s| s.swings.is_some_and(|(_, share)| share > 0.3)));
        assert_eq!(person().with_arms(0.6).sections_at(0.5).filter(|s| s.swings.is_some()).count(), 2);
    }

    #[test]
    fn a_cart_is_before_whoever_pushes_it_and_a_wheelchair_is_long_below_the_armrests() {
        let pushes = person().with_cart(0.9, 0.2, 1.0);
        let ends = |shape: Shape, z| shape.sections_at(z).map(|s| (s.tip_m, s.back_m)).collect::<Vec<_>>();
        assert!((pushes.length_m() - 1.4).abs() < 1e-6 && pushes.ahead_m() == 1.1);
        let [torso, cart] = ends(pushes, 0.9)[..] else { panic!("{:?}", ends(pushes, 0.9)) };
        assert!(torso.0 == 1.1 && (torso.1 - 1.4).abs() < 1e-6 && cart == (0.0, 0.9), "{torso:?}");
        assert_eq!(ends(pushes, 1.2), [torso]);
        let sits = Shape::seated(1.2, 0.6, 1.3);
        assert_eq!(ends(sits, 0.5), [(0.0, 1.2)]);
        assert!(ends(sits, 1.0).iter().all(|(tip, back)| back - tip < 0.3) && ends(sits, 1.4).is_empty());
    }

    #[test]
    fn on_hands_and_knees_a_low_beam_sees_limbs_and_a_higher_one_the_trunk() {
        let crawler = Shape::crawling(1.0, 0.5, 0.45);
        assert_eq!(crawler.sections_at(0.1).count(), 2);
        assert_eq!(crawler.sections_at(0.3).map(|s| s.back_m).collect::<Vec<_>>(), [1.0]);
    }
}

//! One case: a drawn site and scenario as a tree, as texts, and as what the loader makes of them.

use super::draft::Draft;
use super::draw::Draw;
use super::feature::list;
use super::tree::{Field, Id, Value};
use crate::scenario::{RecordedFiles, Scenario, Source, load};
use std::collections::BTreeSet;
use std::path::Path;

/// A case of a swarm.
#[derive(Clone, Debug)]
pub struct Case {
    /// The swarm's seed.
    pub seed: u64,
    /// The case's number.
    pub number: u64,
    /// The features it has.
    pub features: Vec<&'static str>,
    /// What it is.
    pub tree: Tree,
}

/// A site and a scenario at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// The scenario.
    pub scenario: Value,
    /// Its site.
    pub site: Value,
}

/// The site's file, as scenarios call it until they get names of their own.
const SITE: &str = "site.ron";

impl Case {
    /// Draws case `number` of the swarm with this seed. No other case has to be drawn before it.
    pub fn draw(seed: u64, number: u64) -> Self {
        let mut draw = Draw::of_case(seed, number);
        let mut draft = Draft::new(&mut draw);
        let features = list::put_some(&mut draft, &mut draw);
        let title = format!("Swarm {seed}, case {number}");
        let scenario = draft.scenario(&title, SITE, draw.any());
        let mut tree = Tree { site: draft.site(&mut draw), scenario };
        tree.prune();
        Self { seed, number, features, tree }
    }

    /// The command that makes and checks this case again.
    pub fn reproduce(&self) -> String {
        format!("apbrig swarm --seed {} --case {}", self.seed, self.number)
    }
}

impl Tree {
    /// Leaves out everything that uses a name which is not there any more.
    pub fn prune(&mut self) {
        loop {
            let before = self.size();
            let mut made = BTreeSet::from([Id::Area(0)]);
            self.site.made(&mut made);
            self.site.prune(&made);
            self.scenario.prune(&made);
            if self.size() == before {
                return;
            }
        }
    }

    /// How much there is in both.
    pub fn size(&self) -> usize {
        self.site.size() + self.scenario.size()
    }

    /// The texts of scenario and site, for files of which the site's has this name.
    pub fn texts(&self, site: &str) -> [String; 2] {
        let mut scenario = self.scenario.clone();
        if let Value::Record(_, fields) = &mut scenario {
            for Field { value, .. } in fields.iter_mut().filter(|f| f.name == "site") {
                *value = Value::Text(site.into());
            }
        }
        [scenario.render(), self.site.render()]
    }

    /// What the loader makes of the texts.
    ///
    /// # Errors
    /// What it says is wrong with them.
    pub fn load(&self) -> Result<Scenario, String> {
        let [scenario, site] = self.texts(SITE);
        let source = |path: &str, text| Source { path: path.into(), text };
        let files = RecordedFiles(vec![source("case.ron", scenario), source(SITE, site)]);
        load(Path::new("case.ron"), &files).map_err(|diagnostics| diagnostics.render(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::calm::ends_calmly;

    #[test]
    fn every_case_loads_and_ends_calmly_unless_its_receivers_are_noisy() {
        let mut calm = 0;
        for number in 0..300 {
            let case = Case::draw(1, number);
            let scenario = case.tree.load().unwrap_or_else(|e| panic!("{number}: {e}"));
            let is_noisy = scenario.plan.lanes.iter().any(|lane| lane.receivers.noise_per_hour > 0.0);
            assert_eq!(ends_calmly(&scenario), !is_noisy, "{number}");
            calm += u32::from(!is_noisy);
        }
        assert!(calm > 200, "{calm}");
    }

    #[test]
    fn a_case_is_the_same_however_often_it_is_drawn() {
        assert_eq!(Case::draw(5, 7).tree, Case::draw(5, 7).tree);
        assert_ne!(Case::draw(5, 7).tree, Case::draw(5, 8).tree);
        assert_ne!(Case::draw(5, 7).tree, Case::draw(6, 7).tree);
    }

    #[test]
    fn every_feature_is_in_some_cases_and_not_in_others() {
        let cases: Vec<Case> = (0..100).map(|number| Case::draw(2, number)).collect();
        for feature in list::all() {
            let with = cases.iter().filter(|c| c.features.contains(&feature.name)).count();
            assert!((15..85).contains(&with), "{}: {with} of 100", feature.name);
        }
    }
}

//! Lane types: what every lane of a kind has, each in a file of its own with its source.

use super::plan::LanePlan;
use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId};
use crate::apb::policy::{Exemptions, Policy};
use crate::apb::site::{Area, Credential, Holder, Lane, OUTSIDE, Panel, Reader, Right, Roles, Site};
use crate::apb::site::{SiteError, SiteParts};

/// A kind of gate.
#[derive(Clone, Debug)]
pub struct LaneType {
    /// What it is called.
    pub name: String,
    /// Where its figures come from.
    pub source: String,
    /// What the controller knows of a lane of this type; its sides and its panel stand in for those of a
    /// site.
    pub lane: Lane,
    /// What the world knows of it; it stands nowhere.
    pub plan: LanePlan,
}

/// The first credential that opens the lane of [`LaneType::site`].
pub const BENCH_CARD: CardNumber = CardNumber(1);

impl LaneType {
    /// A site of one such lane, between the outside and an area without a policy: a reader each way and so
    /// many holders with a credential each, from [`BENCH_CARD`] on, who may pass as often as they like.
    ///
    /// # Errors
    /// What is wrong with the lane.
    pub fn site(&self, holders: u32) -> Result<Site, Vec<SiteError>> {
        let inside = AreaId(1);
        let policy = Policy::off();
        let area = |name: &str, parent| Area {
            name: name.into(),
            parent,
            policy: policy.clone(),
            ..Area::default()
        };
        Site::new(SiteParts {
            name: self.name.clone(),
            areas: vec![area("outside", None), area("inside", Some(OUTSIDE))],
            panels: vec![Panel {
                name: "panel".into(),
                cards_max: Panel::CARDS_MAX,
                log_max: Panel::LOG_MAX,
            }],
            lanes: vec![Lane { outer: OUTSIDE, inner: inside, ..self.lane.clone() }],
            readers: Direction::BOTH.map(|d| Reader::new(format!("{d}"), LaneId(0), d)).into(),
            rights: vec![vec![Right { area: inside, schedule: None }]],
            holders: (0..holders)
                .map(|i| Holder {
                    name: format!("holder {}", i + 1),
                    rights: 0,
                    exempt: Exemptions::default(),
                    groups: vec![],
                    roles: Roles::default(),
                })
                .collect(),
            credentials: (0..holders)
                .map(|i| Credential {
                    name: format!("card {}", i + 1),
                    number: CardNumber(BENCH_CARD.0 + u64::from(i)),
                    holder: HolderId(i),
                    valid_from: None,
                    valid_until: None,
                })
                .collect(),
            ..SiteParts::default()
        })
    }
}

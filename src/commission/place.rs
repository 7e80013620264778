//! Where in a site something is, and what people call it.

pub use crate::apb::names::Names;

use crate::apb::id::{AreaId, Direction, LaneId, ReaderId};
use crate::apb::site::Site;
use serde::{Deserialize, Serialize};

/// What a finding or a phase is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The site as a whole.
    Site,
    /// One area.
    Area(AreaId),
    /// One lane.
    Lane(LaneId),
    /// One reader.
    Reader(ReaderId),
}

impl Place {
    /// The word for this kind of place.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Area(_) => "area",
            Self::Lane(_) => "lane",
            Self::Reader(_) => "reader",
        }
    }

    /// Its name: that of the site file.
    pub fn name(self, site: &Site) -> String {
        let names = Names(site);
        match self {
            Self::Site => site.name.clone(),
            Self::Area(area) => names.area(area).into(),
            Self::Lane(lane) => names.lane(lane).into(),
            Self::Reader(reader) => names.reader(reader).into(),
        }
    }

    /// Kind and name, as in `reader R1e`; of the site its name alone.
    pub fn title(self, site: &Site) -> String {
        match self {
            Self::Site => site.name.clone(),
            Self::Area(_) | Self::Lane(_) | Self::Reader(_) => format!("{} {}", self.kind(), self.name(site)),
        }
    }
}

/// The words for going one way through a lane: `entry` or `exit`.
pub fn way_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "entry",
        Direction::Out => "exit",
    }
}

//! Where in a site something is, and what people call it.

use crate::apb::id::{AreaId, CardNumber, Direction, HolderId, LaneId, ReaderId};
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

/// What a site calls its things; `?` for what it does not have.
#[derive(Clone, Copy)]
pub struct Names<'a>(pub &'a Site);

impl<'a> Names<'a> {
    /// A reader's name.
    pub fn reader(self, id: ReaderId) -> &'a str {
        self.0.readers.get(id.index()).map_or("?", |r| &r.name)
    }

    /// A lane's name.
    pub fn lane(self, id: LaneId) -> &'a str {
        self.0.lanes.get(id.index()).map_or("?", |l| &l.name)
    }

    /// An area's name.
    pub fn area(self, id: AreaId) -> &'a str {
        self.0.areas.get(id.index()).map_or("?", |a| &a.name)
    }

    /// A holder's name.
    pub fn holder(self, id: HolderId) -> &'a str {
        self.0.holders.get(id.index()).map_or("?", |h| &h.name)
    }

    /// What is written on a credential, its number and whose it is; or that it is not issued.
    pub fn card(self, number: CardNumber) -> String {
        let Some(issued) = self.0.issued(number) else {
            return format!("number {} (not issued)", number.0);
        };
        let name = self.0.credentials.get(issued.credential.index()).map_or("?", |c| &c.name);
        let holder = self.holder(issued.holder);
        if name == holder {
            format!("{name} (number {})", number.0)
        } else {
            format!("{name} (number {}, {holder})", number.0)
        }
    }

    /// The lane of a reader.
    pub fn lane_of(self, reader: ReaderId) -> Option<LaneId> {
        self.0.readers.get(reader.index()).map(|r| r.lane)
    }
}

/// The words for going one way through a lane: `entry` or `exit`.
pub fn way_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "entry",
        Direction::Out => "exit",
    }
}

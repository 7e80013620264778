//! What people call the things of a site.

use super::id::{AreaId, CardNumber, HolderId, LaneId, ReaderId};
use super::site::Site;

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

//! The bodies in a lane and what each is there by.

use crate::apb::id::Direction;
use crate::apb::passage::BodyId;
use crate::apb::time::Time;
use serde::{Deserialize, Serialize};

/// By what a body is in the lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// It has only just come; nobody asks yet.
    Waiting,
    /// By a grant that waits to be used.
    Owner,
    /// By a grant that lapsed a moment ago.
    Late,
    /// Anybody may pass.
    Free,
    /// By nothing.
    Offender,
    /// It has passed and is on its way out.
    Through,
}

/// One body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) id: BodyId,
    pub(super) direction: Direction,
    pub(super) since: Time,
    pub(super) standing: Standing,
    /// Already told to be loitering.
    pub(super) loiters: bool,
}

/// Everybody in one lane, in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct People(Vec<Person>);

impl People {
    pub(super) fn arrive(&mut self, id: BodyId, direction: Direction, since: Time, standing: Standing) {
        self.0.push(Person { id, direction, since, standing, loiters: false });
    }

    pub(super) fn leave(&mut self, id: BodyId) {
        self.0.retain(|p| p.id != id);
    }

    pub(super) fn get(&mut self, id: BodyId) -> Option<&mut Person> {
        self.0.iter_mut().find(|p| p.id == id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.0.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.0.iter_mut()
    }

    /// How many go this way by this standing.
    pub(super) fn count(&self, direction: Direction, standing: Standing) -> usize {
        self.0.iter().filter(|p| p.direction == direction && p.standing == standing).count()
    }

    /// Whether somebody who goes this way has not passed yet.
    pub(super) fn is_coming(&self, direction: Direction) -> bool {
        self.0.iter().any(|p| p.direction == direction && p.standing != Standing::Through)
    }

    /// Whether somebody who goes this way has come in and not passed yet.
    pub(super) fn is_inside(&self, direction: Direction) -> bool {
        self.0.iter().any(|p| p.direction == direction && p.is_inside())
    }

    /// Whether somebody stands in the way of owners going this way: an offender among them, or anybody
    /// without a grant who comes the other way.
    pub(super) fn hinders(&self, direction: Direction) -> bool {
        self.0.iter().any(|p| match p.standing {
            Standing::Offender => true,
            Standing::Waiting => p.direction != direction,
            Standing::Owner | Standing::Late | Standing::Free | Standing::Through => false,
        })
    }
}

impl Person {
    fn is_inside(&self) -> bool {
        match self.standing {
            Standing::Owner | Standing::Late | Standing::Free | Standing::Offender => true,
            Standing::Waiting | Standing::Through => false,
        }
    }
}

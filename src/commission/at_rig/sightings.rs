//! What happens at a rig, as whoever watches sees it.

use crate::apb::id::LaneId;
use crate::commission::of_devices::{of_entry, of_report};
use crate::commission::stand::{Seen, Sighting};
use crate::hil::line::{Said, Saying};
use crate::hil::message::{Order, Report};
use crate::hil::rig::{AtSite, Event};
use crate::hil::translate::Seat;
use crate::hil::{Note, Unit};

/// What is seen of something that happened on duty.
pub(super) fn sightings(at: &AtSite, event: &Event) -> Vec<Sighting> {
    let one = |at, what: Option<Seen>| what.map(|what| Sighting { at, what }).into_iter().collect();
    match event {
        Event::Entry(entry) => one(entry.at, of_entry(entry)),
        Event::Ordered(when, Seat::Lane(lane), Order::Release(_), _) => {
            one(*when, Some(Seen::Released { lane: *lane }))
        }
        Event::Ordered(when, Seat::Reader(reader), Order::Show(signal), _) => {
            one(*when, Some(Seen::Shown { reader: *reader, signal: *signal }))
        }
        Event::Reported(said) => of_line(at, said),
        Event::Ordered(..) | Event::Stale(..) => Vec::new(),
    }
}

fn of_line(at: &AtSite, said: &Said<Report>) -> Vec<Sighting> {
    let see = |what| Sighting { at: said.at, what };
    match (&said.what, said.unit) {
        (Saying::Message(Report::Read(read)), Some(unit)) => {
            let reader = at.reader_at(said.line, unit);
            reader.map(|reader| see(Seen::Read { reader, card: read.card })).into_iter().collect()
        }
        (Saying::Message(report), Some(unit)) => {
            let lane = at.lane_at(said.line, unit);
            lane.and_then(|lane| of_report(lane, report)).map(see).into_iter().collect()
        }
        (Saying::Note(Note::Online(who)), Some(unit)) => lines(at, said.line, Some(unit), true, who, see),
        (Saying::Note(Note::Offline(why)), Some(unit)) => lines(at, said.line, Some(unit), false, why, see),
        (Saying::Down(why), _) => lines(at, said.line, None, false, why, see),
        (Saying::Message(_) | Saying::Note(_) | Saying::Up(_), _) => Vec::new(),
    }
}

/// A device, or every device of a line, answers or does not: what that is to its lanes.
fn lines(
    at: &AtSite,
    line: usize,
    unit: Option<Unit>,
    up: bool,
    detail: &str,
    see: impl Fn(Seen) -> Sighting,
) -> Vec<Sighting> {
    let lanes: Vec<LaneId> = at.lanes_on(line, unit).collect();
    lanes.into_iter().map(|lane| see(Seen::Line { lane, up, detail: detail.into() })).collect()
}

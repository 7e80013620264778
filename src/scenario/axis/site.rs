//! The axes of sites: who is followed, who is excused, what areas hold, how lanes keep grants.

use super::given::SWITCH;
use super::{Axis, AxisError, Given};
use crate::apb::id::AreaId;
use crate::apb::policy::{Enforcement, Exemption};
use crate::apb::site::{AfterFire, Amnesty, Area, Counts, OUTSIDE, Queue, SiteParts, Together};
use crate::apb::time::Span;
use crate::scenario::read::parse_times;

const NONE: &str = "none";
const BY_SITE: &str = "by site";
const HOLDERS: &str = "holders, commas between them";

/// Those that a site has once, or every area or lane of it.
pub(super) const AXES: &[Axis] = &[
    Axis {
        name: "subject",
        words: &["holder", "credential"],
        form: "",
        default: "holder",
        meaning: "whom anti-passback follows: people, or each of their credentials by itself",
        rows: &[27],
        set: subject,
    },
    Axis {
        name: "exempt",
        words: &[],
        form: HOLDERS,
        default: BY_SITE,
        meaning: "who else never violates anti-passback; they are followed and counted all the same",
        rows: &[26],
        set: |site, given| exempt(site, given, Exemption::Passback),
    },
    Axis {
        name: "exempt_occupancy",
        words: &[],
        form: HOLDERS,
        default: BY_SITE,
        meaning: "who else no occupancy limit holds back",
        rows: &[26],
        set: |site, given| exempt(site, given, Exemption::Occupancy),
    },
    Axis {
        name: "exempt_access_rights",
        words: &[],
        form: HOLDERS,
        default: BY_SITE,
        meaning: "who else needs no access right",
        rows: &[26],
        set: |site, given| exempt(site, given, Exemption::AccessRights),
    },
    Axis {
        name: "exempt_lockout",
        words: &[],
        form: HOLDERS,
        default: BY_SITE,
        meaning: "who else is never locked out",
        rows: &[25, 26],
        set: |site, given| exempt(site, given, Exemption::Lockout),
    },
    Axis {
        name: "exempt_deny",
        words: &[],
        form: HOLDERS,
        default: BY_SITE,
        meaning: "who else no lockdown holds back",
        rows: &[26],
        set: |site, given| exempt(site, given, Exemption::Deny),
    },
    Axis {
        name: "exempt_verification",
        words: &[],
        form: HOLDERS,
        default: BY_SITE,
        meaning: "who else needs no second factor and no company",
        rows: &[26],
        set: |site, given| exempt(site, given, Exemption::Verification),
    },
    Axis {
        name: "occupancy_max",
        words: &[NONE],
        form: "1 or more",
        default: NONE,
        meaning: "nobody comes in once so many are inside",
        rows: &[35],
        set: |site, given| {
            let max = given.whole_or_word(1, u32::MAX)?;
            each_area(site, |a| a.occupancy.max = max)
        },
    },
    Axis {
        name: "occupancy_min",
        words: &[NONE],
        form: "1 or more",
        default: NONE,
        meaning: "nobody leaves alone once no more than so many are inside",
        rows: &[36],
        set: |site, given| {
            let min = given.whole_or_word(1, u32::MAX)?;
            each_area(site, |a| a.occupancy.min = min)
        },
    },
    Axis {
        name: "occupancy",
        words: &["soft", "hard"],
        form: "",
        default: "hard",
        meaning: "whether occupancy limits alert or refuse",
        rows: &[35],
        set: |site, given| {
            let enforcement = given.pick([Enforcement::Soft, Enforcement::Hard])?;
            each_area(site, |a| a.occupancy.enforcement = enforcement)
        },
    },
    Axis {
        name: "counts",
        words: &["holders", "bodies"],
        form: "",
        default: "holders",
        meaning: "what occupancy limits count: holders believed inside, or bodies that gates have counted",
        rows: &[35, 45],
        set: |site, given| {
            let counts = given.pick([Counts::Holders, Counts::Bodies])?;
            each_area(site, |a| a.occupancy.counts = counts)
        },
    },
    Axis {
        name: "company",
        words: &["alone", "two_man", "dual"],
        form: "",
        default: "alone",
        meaning: "who has to come together: nobody, the first two in and the last two out, everybody",
        rows: &[36, 37],
        set: |site, given| {
            let rule = given.pick([Together::Alone, Together::TwoMan, Together::Dual])?;
            each_area(site, |a| a.company.rule = rule)
        },
    },
    Axis {
        name: "company_within",
        words: &[],
        form: "a length of time",
        default: "10s",
        meaning: "how long the first of two waits for the second",
        rows: &[37],
        set: |site, given| {
            let within = given.span_or_word()?.unwrap_or_default();
            each_area(site, |a| a.company.within = within)
        },
    },
    Axis {
        name: "first_person",
        words: SWITCH,
        form: "",
        default: "false",
        meaning: "nobody enters an empty area before somebody who may open it",
        rows: &[38],
        set: |site, given| {
            let first_person = given.switch()?;
            each_area(site, |a| a.company.first_person = first_person)
        },
    },
    Axis {
        name: "not_taken",
        words: &[],
        form: "a length of time",
        default: "5s",
        meaning: "a grant that nobody uses lapses after this long",
        rows: &[9],
        set: |site, given| {
            let not_taken = given.span_or_word()?.unwrap_or_default();
            site.lanes.iter_mut().for_each(|l| l.timers.not_taken = not_taken);
            Ok(())
        },
    },
    Axis {
        name: "late_grace",
        words: &[],
        form: "a length of time or `0s`",
        default: "1s",
        meaning: "the owner of a lapsed grant still gets a passage that is late by less than this",
        rows: &[9],
        set: |site, given| {
            let grace = given.span()?;
            site.lanes.iter_mut().for_each(|l| l.timers.late_grace = grace);
            Ok(())
        },
    },
    Axis {
        name: "queue_depth",
        words: &[],
        form: "0 to 16",
        default: "1",
        meaning: "how many grants may wait behind the one in use, each way; 0: a read meanwhile is busy",
        rows: &[43, 44],
        set: |site, given| {
            let depth = given.whole(0, 16)?;
            site.lanes.iter_mut().for_each(|l| l.memory = depth);
            Ok(())
        },
    },
    Axis {
        name: "queue",
        words: &["one_way", "both_ways"],
        form: "",
        default: "one_way",
        meaning: "whether grants both ways may wait in a lane, which then take turns",
        rows: &[44],
        set: |site, given| {
            let queue = given.pick([Queue::OneWay, Queue::BothWays])?;
            site.lanes.iter_mut().for_each(|l| l.queue = queue);
            Ok(())
        },
    },
    Axis {
        name: "queued",
        words: &["never"],
        form: "a length of time",
        default: "never",
        meaning: "a grant that still waits behind others lapses after this long",
        rows: &[44],
        set: |site, given| {
            let queued = given.span_or_word()?.unwrap_or(Span::ZERO);
            site.lanes.iter_mut().for_each(|l| l.timers.queued = queued);
            Ok(())
        },
    },
    Axis {
        name: "amnesty",
        words: &[],
        form: "days and a clock time, `daily 02:00`, or a length of time",
        default: BY_SITE,
        meaning: "when, beside the site's own amnesties, everybody's location becomes unknown",
        rows: &[22],
        set: amnesty,
    },
    Axis {
        name: "after_fire",
        words: &["unknown", "keep"],
        form: "an area of the site",
        default: "unknown",
        meaning: "what is believed after a fire; an area: that all are there whom no muster point has seen",
        rows: &[41],
        set: after_fire,
    },
];

/// Every area but the outside, which nobody enters or leaves.
fn each_area(site: &mut SiteParts, change: impl Fn(&mut Area)) -> Result<(), AxisError> {
    site.areas.iter_mut().skip(1).for_each(change);
    Ok(())
}

fn subject(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let follows = site.follows_credentials();
    if given.pick([false, true])? {
        if !follows {
            site.follow_credentials();
        }
        return Ok(());
    }
    if follows {
        return Err(given.idle("the site says `follow: Credential`; take that out of it"));
    }
    Ok(())
}

fn exempt(site: &mut SiteParts, given: &Given<'_>, from: Exemption) -> Result<(), AxisError> {
    let who = given.names("holders", site.holders.iter().map(|h| h.name.as_str()))?;
    for i in who {
        if let Some(holder) = site.holders.get_mut(i) {
            holder.exempt = holder.exempt.with(from);
        }
    }
    Ok(())
}

/// Every amnesty given so is one more.
fn amnesty(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let by_clock = parse_times(given.value);
    let every = if by_clock.is_none() { given.span_or_word()? } else { None };
    let mut times = by_clock.unwrap_or_default();
    times.sort_unstable();
    let name = format!("amnesty={}", given.value);
    site.amnesties.push(Amnesty { name, area: OUTSIDE, times, every, to: None });
    Ok(())
}

fn after_fire(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    site.after_fire = match given.value {
        "unknown" => AfterFire::Unknown,
        "keep" => AfterFire::Keep,
        _ => {
            let known = site.areas.iter().map(|a| a.name.as_str());
            let words = given.axis.words.iter().copied();
            AfterFire::In(AreaId::at(given.name("areas", known.chain(words))?))
        }
    };
    Ok(())
}

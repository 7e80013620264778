//! The axes of anti-passback policies.

use super::given::SWITCH;
use super::{Axis, AxisError, Given};
use crate::apb::id::ScheduleId;
use crate::apb::policy::{Commit, Enforcement, Memory, Policy, Rule, Scope, UnknownRule};
use crate::apb::site::SiteParts;
use crate::apb::time::Span;
use crate::apb::vendor::{self, PRESETS, Subject};

const ENFORCEMENTS: &[&str] = &["off", "soft", "hard"];
const BY_POLICY: &str = "by policy";

/// Those that every area has.
pub(super) const AXES: &[Axis] = &[
    Axis {
        name: "policy",
        words: &Policy::NAMES,
        form: "the preset of a real system",
        default: "off",
        meaning: "a named policy, which sets every other axis of policies, and of some presets the subject",
        rows: &[1, 3, 12, 13, 14, 15, 16],
        set: named,
    },
    Axis {
        name: "rule",
        words: &[
            "off",
            "location_match",
            "in_out",
            "entry_only",
            "timed_area",
            "timed_reader",
            "timed_last_user",
            "timed_history",
            "timed_card",
        ],
        form: "",
        default: BY_POLICY,
        meaning: "the test alone; what failing it leads to stays",
        rows: &[3, 12, 13, 14, 15, 16, 19],
        set: rule,
    },
    Axis {
        name: "inbound",
        words: ENFORCEMENTS,
        form: "",
        default: BY_POLICY,
        meaning: "what a violation on the way in leads to",
        rows: &[1, 4],
        set: |site, given| inbound(site, given.pick(LEVELS)?),
    },
    Axis {
        name: "outbound",
        words: &["off", "soft", "hard", "same"],
        form: "",
        default: BY_POLICY,
        meaning: "the same on the way out; `same`: as inbound",
        rows: &[1, 4],
        set: outbound,
    },
    Axis {
        name: "soft",
        words: SWITCH,
        form: "",
        default: BY_POLICY,
        meaning: "for timed rules: both ways soft, or both ways hard",
        rows: &[1],
        set: soft,
    },
    Axis {
        name: "strict",
        words: SWITCH,
        form: "",
        default: BY_POLICY,
        meaning: "leaving an area never entered is a violation, too; `false`: leaving is free",
        rows: &[18],
        set: strict,
    },
    Axis {
        name: "window",
        words: &[],
        form: "a length of time",
        default: "10min",
        meaning: "the window of timed rules: too early before its end, free from then on",
        rows: &[17],
        set: |site, given| {
            let window = given.span_or_word()?.unwrap_or_default();
            each(site, |p| p.window = window)
        },
    },
    Axis {
        name: "scope",
        words: &["site", "panel"],
        form: "",
        default: "site",
        meaning: "how far `timed_card` reaches",
        rows: &[16],
        set: |site, given| {
            let scope = given.pick([Scope::Site, Scope::Panel])?;
            each(site, |p| p.scope = scope)
        },
    },
    Axis {
        name: "commit",
        words: &["on_grant", "on_open", "on_passage"],
        form: "",
        default: "on_passage",
        meaning: "when a granted holder counts as moved",
        rows: &[7],
        set: |site, given| {
            let commit = given.pick([Commit::OnGrant, Commit::OnOpen, Commit::OnPassage])?;
            each(site, |p| p.commit = commit)
        },
    },
    Axis {
        name: "reservation",
        words: SWITCH,
        form: "",
        default: BY_POLICY,
        meaning: "an unused grant blocks its holder at every other reader",
        rows: &[8],
        set: |site, given| {
            let reservation = given.switch()?;
            each(site, |p| p.reservation = reservation)
        },
    },
    Axis {
        name: "unknown",
        words: &["learn", "outside", "deny"],
        form: "",
        default: "learn",
        meaning: "a holder of unknown location: free and learnt from, taken as outside, or a violation",
        rows: &[20],
        set: |site, given| {
            let unknown = given.pick([UnknownRule::Learn, UnknownRule::Outside, UnknownRule::Deny])?;
            each(site, |p| p.unknown = unknown)
        },
    },
    Axis {
        name: "presence_timeout",
        words: &["never"],
        form: "a length of time",
        default: "never",
        meaning: "after this long in an area without a move or a reset a location becomes unknown",
        rows: &[21],
        set: |site, given| {
            let timeout = given.span_or_word()?;
            each(site, |p| p.presence_timeout = timeout)
        },
    },
    Axis {
        name: "track_when_off",
        words: SWITCH,
        form: "",
        default: "true",
        meaning: "locations are followed though the rule is off; if not, all is forgotten when it is \
                  switched on, and the first use is free",
        rows: &[2],
        set: |site, given| {
            let track = given.switch()?;
            each(site, |p| p.track_when_off = track)
        },
    },
    Axis {
        name: "memory",
        words: &["location", "flag"],
        form: "",
        default: "location",
        meaning: "one location for the whole site, or in or out of each area by itself",
        rows: &[5],
        set: |site, given| {
            let memory = given.pick([Memory::Location, Memory::Flag])?;
            each(site, |p| p.memory = memory)
        },
    },
    Axis {
        name: "schedule",
        words: &["always"],
        form: "a schedule of the site",
        default: "always",
        meaning: "when the rule is tested; outside of it moves are followed and nothing is a violation",
        rows: &[1],
        set: schedule,
    },
    Axis {
        name: "lockout_after",
        words: &["never"],
        form: "1 to 255",
        default: "never",
        meaning: "so many violations in a row, granted or denied, lock a holder out",
        rows: &[25],
        set: |site, given| {
            let after = given.whole_or_word(1, 255)?.unwrap_or(0);
            each(site, |p| p.lockout_after = after)
        },
    },
    Axis {
        name: "lockout",
        words: &["forever"],
        form: "a length of time",
        default: "forever",
        meaning: "how long a lockout lasts; `forever`: until a reset",
        rows: &[25],
        set: |site, given| {
            let lockout = given.span_or_word()?.unwrap_or(Span::ZERO);
            each(site, |p| p.lockout = lockout)
        },
    },
    Axis {
        name: "denied_moves",
        words: SWITCH,
        form: "",
        default: "false",
        meaning: "a read denied for anything but anti-passback puts its holder on the reader's side",
        rows: &[10],
        set: |site, given| {
            let moves = given.switch()?;
            each(site, |p| p.denied_moves = moves)
        },
    },
    Axis {
        name: "clear_on_change",
        words: SWITCH,
        form: "",
        default: "false",
        meaning: "setting the policy forgets where everybody is",
        rows: &[33],
        set: |site, given| {
            let clear = given.switch()?;
            each(site, |p| p.clear_on_change = clear)
        },
    },
];

const LEVELS: [Enforcement; 3] = [Enforcement::Off, Enforcement::Soft, Enforcement::Hard];

fn each(site: &mut SiteParts, change: impl Fn(&mut Policy)) -> Result<(), AxisError> {
    site.areas.iter_mut().for_each(|area| change(&mut area.policy));
    Ok(())
}

/// Changes the policies that an axis has a meaning for; it is an error if none is.
fn those(
    site: &mut SiteParts,
    given: &Given<'_>,
    (means, why): (fn(&Policy) -> bool, &'static str),
    change: impl Fn(&mut Policy),
) -> Result<(), AxisError> {
    let mut meant = site.areas.iter_mut().map(|a| &mut a.policy).filter(|p| means(p)).peekable();
    if meant.peek().is_none() {
        return Err(given.idle(why));
    }
    meant.for_each(change);
    Ok(())
}

/// The policy of that name, and whom a preset of that name follows.
pub fn named_policy(name: &str) -> Option<(Policy, Subject)> {
    let named = Policy::named(name).map(|policy| (policy, Subject::Unclaimed));
    named.or_else(|| vendor::preset(name).map(|p| ((p.policy)(), p.subject)))
}

/// Sets the policy of every area but the outside; whom a preset follows is the site's.
fn named(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let wrong = || given.wrong_of(PRESETS.iter().map(|p| p.name));
    let (policy, subject) = named_policy(given.value).ok_or_else(wrong)?;
    site.areas.iter_mut().skip(1).for_each(|area| area.policy = policy.clone());
    if subject == Subject::Credential && !site.follows_credentials() {
        site.follow_credentials();
    }
    Ok(())
}

fn rule(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let rule = given.pick(Rule::ALL)?;
    if rule == Rule::Off {
        return each(site, |p| p.rule = rule);
    }
    let tests = |p: &Policy| p.rule != Rule::Off;
    let why = "no area has a policy but `off`, which enforces nothing; set a `policy` first";
    those(site, given, (tests, why), |p| p.rule = rule)
}

fn inbound(site: &mut SiteParts, level: Enforcement) -> Result<(), AxisError> {
    each(site, |p| p.inbound = level)
}

fn outbound(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let [off, soft, hard] = LEVELS.map(Some);
    let level = given.pick([off, soft, hard, None])?;
    each(site, |p| p.outbound = level.unwrap_or(p.inbound))
}

fn soft(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let level = if given.switch()? { Enforcement::Soft } else { Enforcement::Hard };
    let timed = |p: &Policy| p.rule.is_timed();
    let why = "no area has a timed rule; set `inbound` and `outbound`";
    those(site, given, (timed, why), |p| (p.inbound, p.outbound) = (level, level))
}

fn strict(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let strict = given.switch()?;
    let asks = |p: &Policy| matches!(p.rule, Rule::EntryOnly | Rule::InOut | Rule::LocationMatch);
    let why = "no area has the rule `entry_only`, `in_out` or `location_match`; set `outbound`";
    those(site, given, (asks, why), |p| {
        if strict {
            p.rule = if p.rule == Rule::EntryOnly { Rule::LocationMatch } else { p.rule };
            p.outbound = p.inbound;
        } else {
            (p.rule, p.outbound) = (Rule::EntryOnly, Enforcement::Off);
        }
    })
}

fn schedule(site: &mut SiteParts, given: &Given<'_>) -> Result<(), AxisError> {
    let schedule = match given.is_word() {
        true => None,
        false => {
            let known = site.schedules.iter().map(|s| s.name.as_str());
            Some(ScheduleId::at(given.name("schedules", known)?))
        }
    };
    each(site, |p| p.schedule = schedule)
}

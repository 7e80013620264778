//! What others call it: decisions, alerts and passages as BACnet access events, and as the event codes that
//! vendors document.
//!
//! BACnet's names and numbers (`BACnetAccessEvent`, ANSI/ASHRAE 135, clause 21) are as several public lists
//! of them agree: CODESYS `IEC_BACNET_ACCESS_EVENT`, the constants of `bacstack`, `bacnet-types` 0.13. Which
//! of them fits one of our reasons is our choice, by its name. Where a system has no word for something there
//! is none here.

use super::journal::{AlertCause, Event, Reason};
use super::policy::Rule;

macro_rules! access_events {
    ($($variant:ident = $number:literal $name:literal;)*) => {
        /// A BACnet access event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the standard's names speak for themselves")]
        pub enum AccessEvent {
            $($variant,)*
        }

        impl AccessEvent {
            /// Those that something here can come to.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The number on the wire.
            pub fn number(self) -> u16 {
                match self {
                    $(Self::$variant => $number,)*
                }
            }

            /// The standard's name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

access_events! {
    Granted = 1 "GRANTED";
    Muster = 2 "MUSTER";
    PassbackDetected = 3 "PASSBACK_DETECTED";
    NoEntryAfterGranted = 16 "NO_ENTRY_AFTER_GRANTED";
    DeniedDenyAll = 128 "DENIED_DENY_ALL";
    DeniedUnknownCredential = 129 "DENIED_UNKNOWN_CREDENTIAL";
    DeniedAuthenticationUnavailable = 130 "DENIED_AUTHENTICATION_UNAVAILABLE";
    DeniedIncorrectAuthenticationFactor = 132 "DENIED_INCORRECT_AUTHENTICATION_FACTOR";
    DeniedNoAccessRights = 135 "DENIED_NO_ACCESS_RIGHTS";
    DeniedOutOfTimeRange = 136 "DENIED_OUT_OF_TIME_RANGE";
    DeniedPassback = 138 "DENIED_PASSBACK";
    DeniedUnexpectedLocationUsage = 139 "DENIED_UNEXPECTED_LOCATION_USAGE";
    DeniedLowerOccupancyLimit = 141 "DENIED_LOWER_OCCUPANCY_LIMIT";
    DeniedUpperOccupancyLimit = 142 "DENIED_UPPER_OCCUPANCY_LIMIT";
    DeniedCredentialNotYetActive = 151 "DENIED_CREDENTIAL_NOT_YET_ACTIVE";
    DeniedCredentialExpired = 152 "DENIED_CREDENTIAL_EXPIRED";
    DeniedCredentialLockout = 154 "DENIED_CREDENTIAL_LOCKOUT";
    DeniedCredentialDisabled = 158 "DENIED_CREDENTIAL_DISABLED";
    DeniedNoAccompaniment = 159 "DENIED_NO_ACCOMPANIMENT";
    DeniedOther = 164 "DENIED_OTHER";
}

impl AccessEvent {
    /// Whether the event says that access was denied: 128 to 511 in the standard.
    pub fn is_denial(self) -> bool {
        (128..=511).contains(&self.number())
    }
}

/// What a decision is in BACnet, in order: a violation that is let pass is detected first and granted then.
/// Empty where BACnet has no point to tell of, or the first of two waits and nothing is decided yet.
pub fn bacnet(reason: Reason, violation: Option<Rule>) -> &'static [AccessEvent] {
    match reason {
        Reason::Ok if violation.is_some() => &[AccessEvent::PassbackDetected, AccessEvent::Granted],
        Reason::Ok | Reason::Fire => &[AccessEvent::Granted],
        Reason::UnknownReader | Reason::AwaitingPartner => &[],
        Reason::UnknownCredential => &[AccessEvent::DeniedUnknownCredential],
        Reason::Revoked => &[AccessEvent::DeniedCredentialDisabled],
        Reason::NotYetValid => &[AccessEvent::DeniedCredentialNotYetActive],
        Reason::Expired => &[AccessEvent::DeniedCredentialExpired],
        Reason::NoAccessRight => &[AccessEvent::DeniedNoAccessRights],
        Reason::OutsideSchedule => &[AccessEvent::DeniedOutOfTimeRange],
        Reason::Factor => &[AccessEvent::DeniedIncorrectAuthenticationFactor],
        Reason::Lockdown => &[AccessEvent::DeniedDenyAll],
        Reason::Lockout => &[AccessEvent::DeniedCredentialLockout],
        Reason::ApbViolation => &[AccessEvent::DeniedPassback],
        Reason::PendingElsewhere => &[AccessEvent::DeniedUnexpectedLocationUsage],
        Reason::Offline => &[AccessEvent::DeniedAuthenticationUnavailable],
        Reason::NoAccompaniment => &[AccessEvent::DeniedNoAccompaniment],
        Reason::OccupancyUpper => &[AccessEvent::DeniedUpperOccupancyLimit],
        Reason::OccupancyLower => &[AccessEvent::DeniedLowerOccupancyLimit],
        Reason::FirstPerson | Reason::Interlock | Reason::LaneLocked | Reason::LaneBusy => {
            &[AccessEvent::DeniedOther]
        }
    }
}

/// What a journal entry is in BACnet, in order; most are nothing.
pub fn bacnet_event(event: &Event) -> &'static [AccessEvent] {
    if let Event::Decision(decision) = event {
        bacnet(decision.reason, decision.violation)
    } else if let Event::NotTaken { .. } = event {
        &[AccessEvent::NoEntryAfterGranted]
    } else if let Event::Mustered { holder: Some(_), .. } = event {
        &[AccessEvent::Muster]
    } else {
        &[]
    }
}

/// What an alert is in BACnet. Alarms of a gate's own logic have no name there.
pub fn bacnet_alert(cause: AlertCause) -> Option<AccessEvent> {
    match cause {
        AlertCause::Denied(_) => Some(AccessEvent::DeniedPassback),
        AlertCause::Flagged(_) => Some(AccessEvent::PassbackDetected),
        AlertCause::Lane(_)
        | AlertCause::LockedOut
        | AlertCause::Occupancy
        | AlertCause::PairBroken
        | AlertCause::StillInside
        | AlertCause::Degraded
        | AlertCause::Conflict
        | AlertCause::LogNearlyFull
        | AlertCause::LogOverflow => None,
    }
}

/// The reason code of a UHPPOTE controller's event, by `entities/reasons.go` of uhppote-simulator.
pub fn uhppote(reason: Reason) -> Option<u8> {
    match reason {
        Reason::Ok => Some(0x01),
        Reason::NoAccessRight => Some(0x06),
        Reason::Factor => Some(0x07),
        Reason::ApbViolation => Some(0x08),
        Reason::FirstPerson => Some(0x0a),
        Reason::LaneLocked => Some(0x0b),
        Reason::Interlock => Some(0x21),
        Reason::Fire
        | Reason::UnknownReader
        | Reason::UnknownCredential
        | Reason::Revoked
        | Reason::NotYetValid
        | Reason::Expired
        | Reason::OutsideSchedule
        | Reason::Lockdown
        | Reason::Lockout
        | Reason::PendingElsewhere
        | Reason::Offline
        | Reason::NoAccompaniment
        | Reason::AwaitingPartner
        | Reason::OccupancyUpper
        | Reason::OccupancyLower
        | Reason::LaneBusy => None,
    }
}

/// The event type of a ZKTeco panel's real-time log, by `pyzkaccess/enums.py`.
pub fn zkteco(reason: Reason) -> Option<u8> {
    match reason {
        Reason::Ok => Some(0),
        Reason::OutsideSchedule => Some(22),
        Reason::NoAccessRight => Some(23),
        Reason::ApbViolation => Some(24),
        Reason::Interlock => Some(25),
        Reason::AwaitingPartner => Some(26),
        Reason::UnknownCredential => Some(27),
        Reason::Expired => Some(29),
        Reason::Factor => Some(30),
        Reason::Fire
        | Reason::UnknownReader
        | Reason::Revoked
        | Reason::NotYetValid
        | Reason::Lockdown
        | Reason::Lockout
        | Reason::PendingElsewhere
        | Reason::Offline
        | Reason::FirstPerson
        | Reason::NoAccompaniment
        | Reason::OccupancyUpper
        | Reason::OccupancyLower
        | Reason::LaneLocked
        | Reason::LaneBusy => None,
    }
}

/// The zone event of a Suprema device, by `BS2EventCodeEnum` of its device SDK: a violation of an
/// anti-passback zone (0x6000) or of a timed one (0x6300), and whether it was denied (+1) or let pass (+2).
pub fn suprema(reason: Reason, violation: Option<Rule>) -> Option<u16> {
    let rule = violation?;
    let zone = if rule.looks_at_locations() { 0x6000 } else { 0x6300 };
    Some(if reason.is_grant() { zone + 2 } else { zone + 1 })
}

/// The zone alarm that a Suprema device raises with a violation: 0x6100, or 0x6400 of a timed zone.
pub fn suprema_alarm(cause: AlertCause) -> Option<u16> {
    match cause {
        AlertCause::Denied(rule) | AlertCause::Flagged(rule) => {
            Some(if rule.looks_at_locations() { 0x6100 } else { 0x6400 })
        }
        AlertCause::Lane(_)
        | AlertCause::LockedOut
        | AlertCause::Occupancy
        | AlertCause::PairBroken
        | AlertCause::StillInside
        | AlertCause::Degraded
        | AlertCause::Conflict
        | AlertCause::LogNearlyFull
        | AlertCause::LogOverflow => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apb::id::{GrantId, HolderId, LaneId};
    use crate::apb::journal::Alarm;
    use std::collections::BTreeSet;

    #[test]
    fn every_event_is_the_answer_to_something_and_has_a_number_of_its_own() {
        let mut said: BTreeSet<AccessEvent> =
            Reason::ALL.iter().flat_map(|r| bacnet(*r, None)).copied().collect();
        said.extend(bacnet(Reason::Ok, Some(Rule::InOut)));
        said.extend([AccessEvent::Muster, AccessEvent::NoEntryAfterGranted]);
        assert!(said.iter().eq(AccessEvent::ALL));
        let numbers: BTreeSet<u16> = AccessEvent::ALL.iter().map(|e| e.number()).collect();
        assert_eq!(numbers.len(), AccessEvent::ALL.len());
    }

    #[test]
    fn denials_are_denials_there_and_grants_are_grants() {
        for reason in Reason::ALL {
            for violation in [None, Some(Rule::LocationMatch)] {
                let events = bacnet(*reason, violation);
                let is_granted = events.contains(&AccessEvent::Granted);
                assert_eq!(is_granted, reason.is_grant(), "{}", reason.name());
                assert!(reason.is_grant() || events.iter().all(|e| e.is_denial()), "{}", reason.name());
            }
        }
        for event in AccessEvent::ALL {
            assert_eq!(event.is_denial(), event.name().starts_with("DENIED"), "{}", event.name());
        }
    }

    #[test]
    fn a_violation_that_is_let_pass_is_detected_before_it_is_granted() {
        let soft = bacnet(Reason::Ok, Some(Rule::LocationMatch));
        assert_eq!(soft.iter().map(|e| e.number()).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(bacnet(Reason::ApbViolation, Some(Rule::LocationMatch))[0].number(), 138);
        assert_eq!(bacnet_alert(AlertCause::Flagged(Rule::InOut)).map(AccessEvent::number), Some(3));
        assert_eq!(bacnet_alert(AlertCause::Denied(Rule::InOut)).map(AccessEvent::number), Some(138));
        assert_eq!(bacnet_alert(AlertCause::Lane(Alarm::Tailgate)), None);
    }

    #[test]
    fn what_becomes_of_a_grant_is_told() {
        let (grant, holder, lane) = (GrantId(1), HolderId(0), LaneId(0));
        let direction = crate::apb::id::Direction::In;
        let lapsed = Event::NotTaken { grant, holder, lane, direction };
        assert_eq!(bacnet_event(&lapsed), [AccessEvent::NoEntryAfterGranted]);
        assert!(bacnet_event(&Event::Taken { grant, holder, lane, direction, late: false }).is_empty());
    }

    /// The codes that each vendor's list names outright.
    #[test]
    fn vendors_codes_are_those_of_their_lists() {
        assert_eq!((uhppote(Reason::ApbViolation), uhppote(Reason::Interlock)), (Some(0x08), Some(0x21)));
        assert_eq!((zkteco(Reason::ApbViolation), zkteco(Reason::Interlock)), (Some(24), Some(25)));
        let hard = |rule| suprema(Reason::ApbViolation, Some(rule));
        assert_eq!((hard(Rule::InOut), hard(Rule::TimedReader)), (Some(0x6001), Some(0x6301)));
        assert_eq!(suprema(Reason::Ok, Some(Rule::InOut)), Some(0x6002));
        assert_eq!(suprema(Reason::Ok, None), None);
        assert_eq!(suprema_alarm(AlertCause::Denied(Rule::InOut)), Some(0x6100));
        assert_eq!(suprema_alarm(AlertCause::Flagged(Rule::TimedReader)), Some(0x6400));
        assert_eq!(suprema_alarm(AlertCause::LockedOut), None);
    }

    /// A code that stood for two reasons could not be told apart by whoever reads it.
    #[test]
    fn no_vendors_code_stands_for_two_reasons() {
        for code in [uhppote, zkteco] {
            let codes: Vec<u8> = Reason::ALL.iter().filter_map(|r| code(*r)).collect();
            assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        }
    }
}

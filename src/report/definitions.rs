//! What every measure and every word of a report means, in plain language.
//!
//! The page, the console and `reports/README.md` all take their words from here; a test compares them.

/// What a measure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The measure's stable name.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Its unit: `1` for counts, `ratio`, `s`, `1/min`.
    pub unit: &'static str,
    /// What it counts, in one sentence.
    pub meaning: &'static str,
}

/// The definition of the measure with this name.
pub fn of(name: &str) -> Option<&'static Definition> {
    MEASURES.iter().find(|d| d.name == name)
}

/// The definition of a lane's measure, `throughput_ppm_mean/LANE/in`: that of the whole, where there is one,
/// with the lane in front.
pub fn of_lane(name: &str) -> Option<String> {
    let (base, rest) = name.split_once('/')?;
    let (lane, direction) = rest.rsplit_once('/')?;
    let way = match direction {
        "in" => "inwards",
        "out" => "outwards",
        _ => return None,
    };
    let meaning = if base == "bodies" { BODIES } else { of(base)?.meaning };
    Some(format!("Through {lane} {way}: {meaning}"))
}

/// What the measure `bodies/LANE/in` means; for all lanes together there is one for each way.
const BODIES: &str = "Bodies that in truth crossed the line of the flap.";

macro_rules! measures {
    ($($name:literal, $unit:literal, $title:literal: $meaning:literal;)*) => {
        /// Every measure, in the order in which reports show them.
        pub const MEASURES: &[Definition] =
            &[$(Definition { name: $name, title: $title, unit: $unit, meaning: $meaning }),*];
    };
}

measures! {
    "bodies_in", "1", "People in": "Bodies that in truth crossed the line of a flap inwards.";
    "bodies_out", "1", "People out": "Bodies that in truth crossed the line of a flap outwards.";
    "attributed_in", "1", "Credited, in":
        "Crossings inwards that the controller credited to somebody’s grant.";
    "attributed_out", "1", "Credited, out":
        "Crossings outwards that the controller credited to somebody’s grant.";
    "unattributed_in", "1", "Not credited, in": "Crossings inwards that the controller credited to nobody.";
    "unattributed_out", "1", "Not credited, out":
        "Crossings outwards that the controller credited to nobody.";
    "clean_entries", "1", "Clean entries": "Grants inwards that were taken in time, without any violation.";
    "tailgate_attempts", "1", "Tailgate attempts":
        "Bodies in a lane without a grant of their own, behind another body or alone; wrong-way attempts are \
         counted apart.";
    "tailgate_detected", "1", "Tailgates detected":
        "Attempts that raised an alarm while the body was in the lane, or within one second after.";
    "tailgate_prevented", "1", "Tailgates prevented": "Attempts that did not get through.";
    "tailgate_passed", "1", "Tailgates passed": "Attempts that got through.";
    "tailgate_false_alarms", "1", "False alarms":
        "Alarms about a body that no body without a grant explains.";
    "tailgate_detection_rate", "ratio", "Tailgating detected": "Attempts detected, of all attempts.";
    "tailgate_prevention_rate", "ratio", "Tailgating prevented": "Attempts prevented, of all attempts.";
    "false_alarm_rate", "ratio", "False alarm rate":
        "False alarms, per body that crossed with a grant of its own or through a free way.";
    "wrong_way_attempts", "1", "Wrong-way attempts":
        "Bodies that came in against the direction the lane was open for.";
    "wrong_way_passed", "1", "Wrong-way passages": "Wrong-way attempts that got through.";
    "violations", "1", "Violations": "Reads that broke an anti-passback rule.";
    "violations_denied", "1", "Violations denied": "Violations where the holder was refused.";
    "violations_flagged", "1", "Violations flagged":
        "Violations where the holder was let through and an alert was raised.";
    "passback_attempts", "1", "Passback attempts":
        "In truth, presentations of another holder’s credential, or for a second body on one credential; \
         those refused for a busy lane or a missing right do not count.";
    "passback_denied", "1", "Passback stopped":
        "Passback attempts that were refused by an anti-passback rule.";
    "passback_flagged", "1", "Passback flagged":
        "Passback attempts that were let through, with an alert.";
    "passback_missed", "1", "Passback missed":
        "Passback attempts that raised neither a violation nor, for a second body, a tailgate alarm.";
    "false_denials", "1", "Honest people refused":
        "Holders who presented their own credential for themselves and were refused by an anti-passback \
         rule, each counted once.";
    "stuck_inside", "1", "Stuck inside": "Holders believed inside at the end who were in truth outside.";
    "gave_up", "1", "Gave up": "People who were refused too often or waited too long, and left.";
    "still_queued", "1", "Still queued":
        "People who still waited for their turn at the end; waiting times do not know of them.";
    "throughput_ppm_mean", "1/min", "Mean throughput":
        "Bodies per minute between the first and the last body; no value for fewer than two.";
    "throughput_ppm_best", "1/min", "Best minute":
        "Most bodies in any minute.";
    "wait_s_p50", "s", "Median wait":
        "Half of the people waited no longer than this, from joining the end of the queue to reaching the \
         reader, the last step included.";
    "wait_s_p95", "s", "95 % wait": "95 of 100 people waited no longer than this for their turn.";
    "wait_s_max", "s", "Longest wait": "The longest that anybody waited for their turn.";
    "queue_max", "1", "Longest queue": "Most people in the queue of one lane at one time.";
    "service_s_p50", "s", "Median service": "Median time from the reader until the body is through.";
    "service_s_p95", "s", "95 % service": "95 of 100 people took no longer from the reader until through.";
    "occupancy_drift_max", "1", "Largest head-count error":
        "Largest difference between people believed inside and truly inside that lasted 2 s or more.";
    "muster_error", "1", "Muster error":
        "How far the list of people inside would have been wrong in an emergency.";
    "people_inside_true", "1", "Truly inside": "People inside at the end, in truth.";
    "people_inside_believed", "1", "Believed inside": "People inside at the end, as the controller believes.";
    "left_by_fire_door", "1", "Left by a fire door": "People who left past every reader.";
    "decisions", "1", "Decisions": "Reads that the controller judged.";
    "denials", "1", "Denials": "Reads that were refused, for any reason.";
    "alarms", "1", "Lane alarms": "Alarms that lanes raised, of any kind.";
    "contact_risks", "1", "Contact risks": "Bodies that reached a flap before it was open.";
    "ghost_passages", "1", "Ghost passages": "Passages the controller counted where nobody went through.";
    "degraded_s", "s", "Panels cut off":
        "For how long panels were cut off from the others, all panels together; only where several panels \
         decide together.";
    "offline_decisions", "1", "Decided without the others":
        "Reads that were decided while not everybody could be asked; only where several panels decide \
         together.";
    "conflicts", "1", "Conflicts":
        "Histories of a holder that contradicted each other when panels compared them; only where several \
         panels decide together.";
}

/// The words of a report: each with what it means.
pub const GLOSSARY: &[(&str, &str)] = &[
    ("Alert", "a message to a guard: which credential, when, at which gate, and why."),
    (
        "Anti-passback",
        "rules that stop one credential from letting two people in: who is inside must leave \
      before they can enter again.",
    ),
    ("Area", "a space that anti-passback guards; areas may lie within others."),
    (
        "Believed and true",
        "what the controller works out from readers and beams, against what really happened. \
      Only a simulation knows both.",
    ),
    (
        "Confidence, 95 %",
        "how far the true rate may lie from the one seen, given how few or many trials there \
      were. Ten of ten is not proof of “always”.",
    ),
    ("Credential", "the card, phone or face that a reader reads."),
    ("Denied / flagged", "a holder who broke a rule was refused / was let through and reported."),
    ("Digest", "a fingerprint of everything that happened in the run. The same seed gives the same digest."),
    (
        "Grant",
        "the controller’s decision to let one person through. It is taken if they go, and lapses if not.",
    ),
    ("Holder", "the person a credential belongs to."),
    ("Intrusion", "a body in a lane without any grant, on its own."),
    ("Lane", "one gate passage, with a reader for each way."),
    ("Passback", "a credential used for a second person."),
    ("Piggybacking", "a second body on one grant, with the first person’s consent."),
    ("Rule: entry only", "nobody may enter the area they are in; leaving is always fine."),
    ("Rule: in/out alternation", "nobody may go into the area they are already in."),
    ("Rule: location match", "a holder must be in the area the reader leads from."),
    ("Rule: timed", "as location match, but only for a while after the last move."),
    ("Seed", "the number that all chance in the run comes from."),
    ("Tailgating", "a second body on one grant, without the first person’s consent."),
    ("Violation", "a read that broke an anti-passback rule, whether or not the holder meant harm."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_lanes_mean_what_those_of_the_whole_do() {
        let best = of("throughput_ppm_best").unwrap().meaning;
        assert_eq!(of_lane("throughput_ppm_best/Gate 1/in"), Some(format!("Through Gate 1 inwards: {best}")));
        assert_eq!(of_lane("bodies/L1/out"), Some(format!("Through L1 outwards: {BODIES}")));
        for none in ["throughput_ppm_best", "colour/L1/in", "bodies/L1/up", "bodies/in"] {
            assert_eq!(of_lane(none), None, "{none}");
        }
    }

    #[test]
    fn names_are_unique_and_the_glossary_is_in_order() {
        for (i, d) in MEASURES.iter().enumerate() {
            assert_eq!(MEASURES.iter().position(|o| o.name == d.name), Some(i), "{}", d.name);
        }
        assert!(GLOSSARY.is_sorted_by_key(|(word, _)| word.to_lowercase()));
    }
}

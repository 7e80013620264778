//! The faulty controllers by name, each with the scenario that finds it out.

use super::faulty::{self, Faulty, Quirk};
use super::{ears, hands, mind};
use crate::metrics::results::Outcome;
use crate::scenario::Scenario;
use crate::sim::Decider;
use crate::verify::oracle::judge_journal;
use crate::verify::trial::run_with;

/// A faulty controller.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// Its name.
    pub name: &'static str,
    /// What is wrong with it.
    pub what: &'static str,
    /// The scenario that finds it out, below `scenarios/`.
    pub scenario: &'static str,
    /// The first of the scenario's expectations that fails, or, failing that, the first oracle.
    pub because: &'static str,
    quirk: Quirk,
}

impl Mutant {
    /// What gives this controller away in a scenario: expectations that fail, then oracles that complain of
    /// its journal. Nothing: it is not found out.
    ///
    /// # Errors
    /// That there is no such site with what is wrong; or where and why the run panicked.
    pub fn traces(&self, scenario: &Scenario) -> Result<Vec<String>, String> {
        let faulty = Faulty::new(&scenario.plan.site, self.quirk);
        traces(scenario, Box::new(faulty.ok_or("there is no such site with this controller's idea of it")?))
    }

    /// Its row of the table in the module's documentation.
    pub fn row(&self) -> String {
        format!("| `{}` | {} | `{}` | {} |", self.name, self.what, self.scenario, self.because)
    }
}

/// What gives a controller away in a scenario.
fn traces(scenario: &Scenario, decider: Box<dyn Decider>) -> Result<Vec<String>, String> {
    let trial = run_with(scenario, scenario.seed, decider)?;
    let failed = trial.results.expectations.iter().filter(|e| e.outcome == Outcome::Fail);
    let complaints = judge_journal(&trial);
    let oracles = complaints.iter().map(|failure| format!("oracle {}", failure.oracle.name()));
    Ok(failed.map(|e| e.measure.clone()).chain(oracles).collect())
}

const fn mutant(
    (name, what): (&'static str, &'static str),
    (scenario, because): (&'static str, &'static str),
    quirk: Quirk,
) -> Mutant {
    Mutant { name, what, scenario, because, quirk }
}

/// The sound controller behind the same wrapper: nothing may give it away.
pub const SOUND: Mutant = mutant(("sound", "nothing"), ("", ""), faulty::SOUND);

/// Every faulty controller.
pub const MUTANTS: &[Mutant] = &[
    mutant(
        ("window_closed", "a window still holds at its very end"),
        ("modes/timed-boundary.ron", "decision K1 at R1e #3"),
        mind::WINDOW_CLOSED,
    ),
    mutant(
        ("commits_on_grant", "whoever is granted counts as moved"),
        ("commissioning/grants.ron", "decision K1 at H2e #1"),
        mind::COMMITS_ON_GRANT,
    ),
    mutant(
        ("no_reservation", "a waiting grant blocks nobody elsewhere"),
        ("commissioning/grants.ron", "decision K1 at H2e #1"),
        mind::NO_RESERVATION,
    ),
    mutant(
        ("unknown_is_outside", "unknown is taken for outside"),
        ("commissioning/first-use.ron", "decision K1 at R1x #1"),
        mind::UNKNOWN_IS_OUTSIDE,
    ),
    mutant(("soft_denies", "soft refuses"), ("modes/soft.ron", "decision K1 at R1e #2"), mind::SOFT_DENIES),
    mutant(("hard_flags", "hard only flags"), ("modes/hard.ron", "decision K1 at R1e #2"), mind::HARD_FLAGS),
    mutant(
        ("exits_as_entries", "leaving is judged as hard as entering"),
        ("commissioning/first-use.ron", "decision K1 at R1x #2"),
        mind::EXITS_AS_ENTRIES,
    ),
    mutant(
        ("presence_for_ever", "presence never expires"),
        ("modes/presence.ron", "decision K1 at R1e #3"),
        mind::PRESENCE_FOR_EVER,
    ),
    mutant(
        ("off_is_blind", "with the policy off nobody is followed"),
        ("modes/switch-on.ron", "decision K1 at R1e #3"),
        mind::OFF_IS_BLIND,
    ),
    mutant(
        ("no_late_grace", "a passage just too late is nobody's"),
        ("commissioning/grants.ron", "attributed_in"),
        mind::NO_LATE_GRACE,
    ),
    mutant(
        ("grants_for_ever", "grants never lapse"),
        ("commissioning/grants.ron", "decision K1 at H2e #2"),
        mind::GRANTS_FOR_EVER,
    ),
    mutant(
        ("one_too_many", "one more is let in than the limit allows"),
        ("commissioning/checks.ron", "decision K2 at H2e #1"),
        mind::ONE_TOO_MANY,
    ),
    mutant(
        ("expired_works", "a credential works past its end"),
        ("commissioning/checks.ron", "decision K4 at H1e #1"),
        mind::EXPIRED_WORKS,
    ),
    mutant(
        ("valid_too_soon", "a credential works before its beginning"),
        ("commissioning/checks.ron", "decision K5 at H1e #1"),
        mind::VALID_TOO_SOON,
    ),
    mutant(
        ("always_office_hours", "schedules do not matter"),
        ("commissioning/checks.ron", "decision K6 at H1e #2"),
        mind::ALWAYS_OFFICE_HOURS,
    ),
    mutant(
        ("rights_for_all", "everybody may enter everything"),
        ("commissioning/checks.ron", "decision K7 at V1e #1"),
        mind::RIGHTS_FOR_ALL,
    ),
    mutant(
        ("nobody_exempt", "exemptions do not matter"),
        ("commissioning/checks.ron", "decision K8 at H1e #1"),
        mind::NOBODY_EXEMPT,
    ),
    mutant(
        ("two_cards_two_ghosts", "a holder's second credential is another holder"),
        ("commissioning/checks.ron", "decision K3 too at H2e #1"),
        mind::TWO_CARDS_TWO_GHOSTS,
    ),
    mutant(
        ("nested_beside", "whoever is further in is not in the area around it"),
        ("modes/nested-entry.ron", "decision K1 at H2e #1"),
        mind::NESTED_BESIDE,
    ),
    mutant(
        ("deaf_to_resets", "resets do nothing"),
        ("commissioning/operators.ron", "decision K1 at R1e #5"),
        ears::DEAF_TO_RESETS,
    ),
    mutant(
        ("deaf_to_fire", "the fire alarm is not heard"),
        ("commissioning/operators.ron", "decision K1 at R1e #8"),
        ears::DEAF_TO_FIRE,
    ),
    mutant(
        ("deaf_to_modes", "a lane that is to be locked stays as it was"),
        ("commissioning/operators.ron", "decision K2 at R1e #1"),
        ears::DEAF_TO_MODES,
    ),
    mutant(
        ("deaf_to_policies", "a policy stays as it was at first"),
        ("modes/soft.ron", "decision K1 at R1e #2"),
        ears::DEAF_TO_POLICIES,
    ),
    mutant(
        ("readers_swapped", "entry and exit reader of a lane are swapped"),
        ("modes/hard.ron", "decision K1 at R1e #1"),
        ears::READERS_SWAPPED,
    ),
    mutant(
        ("beams_crossed", "two beams are wired the wrong way round"),
        ("commissioning/known-log.ron", "clean_entries"),
        ears::BEAMS_CROSSED,
    ),
    mutant(
        ("alerts_lost", "no guard is ever told"),
        ("modes/hard.ron", "decision K1 at R1e #2"),
        hands::ALERTS_LOST,
    ),
    mutant(
        ("tailgates_swallowed", "tailgate alarms are kept quiet"),
        ("commissioning/known-log.ron", "tailgate_detected"),
        hands::TAILGATES_SWALLOWED,
    ),
    mutant(
        ("not_taken_untold", "nobody learns that a grant was not used"),
        ("commissioning/grants.ron", "oracle grants"),
        hands::NOT_TAKEN_UNTOLD,
    ),
    mutant(
        ("opens_on_denial", "the flap opens for whoever is refused"),
        ("modes/hard.ron", "decision K1 at R1e #2"),
        hands::OPENS_ON_DENIAL,
    ),
    mutant(
        ("denied_moves", "whoever is refused counts as moved"),
        ("modes/nested.ron", "decision K1 at N1x #1"),
        hands::DENIED_MOVES,
    ),
    mutant(
        ("exits_forgotten", "whoever leaves stays inside"),
        ("modes/nested.ron", "decision K1 at B1x #1"),
        hands::EXITS_FORGOTTEN,
    ),
    mutant(
        ("forgives_for_ever", "forgiveness is never used up"),
        ("commissioning/operators.ron", "decision K1 at R1e #4"),
        hands::FORGIVES_FOR_EVER,
    ),
    mutant(
        ("read_renews", "a second read gives a waiting grant a new life"),
        ("commissioning/grants.ron", "decision K1 at H2e #2"),
        hands::READ_RENEWS,
    ),
    mutant(
        ("never_opens_outwards", "the flap stays shut for whoever leaves"),
        ("modes/hard.ron", "bodies_out"),
        hands::NEVER_OPENS_OUTWARDS,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_shows_this_table() {
        let rows: Vec<String> = MUTANTS.iter().map(Mutant::row).collect();
        assert_eq!(include_str!("table.md").trim_end(), rows.join("\n"), "write this into table.md");
    }
}

//! `apbrig check`: everything wrong with sites and scenarios, without running them.

use super::args::Check;
use super::exit::Exit;
use super::screen::{complain, complain_of, say};
use crate::scenario::files::DiskFiles;
use crate::scenario::find::find_all;
use crate::scenario::load::{Checked, check_file};

pub(super) fn check(args: &Check) -> Exit {
    let files = match find_all(&args.files) {
        Ok(files) => files,
        Err(error) => {
            complain(&format!("error: {error}"));
            return Exit::Usage;
        }
    };
    let mut exit = Exit::Passed;
    for path in files {
        match check_file(&path, &DiskFiles) {
            Ok(Checked::Scenario(s)) => say(&format!(
                "ok    {}: scenario, {} groups, {} steps, {} expectations",
                path.display(),
                s.crowd.len(),
                s.script.len(),
                s.expectations.len()
            )),
            Ok(Checked::Site(plan)) => say(&format!(
                "ok    {}: site, {} areas, {} lanes, {} readers, {} holders",
                path.display(),
                plan.site.areas.len(),
                plan.site.lanes.len(),
                plan.site.readers.len(),
                plan.site.holders.len()
            )),
            Ok(Checked::LaneType(lane_type)) => {
                say(&format!("ok    {}: lane type, {}", path.display(), lane_type.name));
            }
            Ok(Checked::Population(population)) => say(&format!(
                "ok    {}: population, {}, {} kinds of people",
                path.display(),
                population.name,
                population.kinds.len()
            )),
            Err(diagnostics) => {
                complain_of(&diagnostics);
                exit = Exit::Usage;
            }
        }
    }
    exit
}

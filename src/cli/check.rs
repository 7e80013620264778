//! `apbrig check`: everything wrong with sites, scenarios and the files of hardware, without running them.

use super::args::Check;
use super::exit::Exit;
use super::screen::{complain, complain_of, say};
use crate::hil::contacts::load_wiring;
use crate::hil::{frames, rig};
use crate::scenario::Diagnostics;
use crate::scenario::files::DiskFiles;
use crate::scenario::find::find_all;
use crate::scenario::foreign::name_in;
use crate::scenario::load::{Checked, check_file};
use std::path::Path;

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
        if let Some(checked) = hardware(&path) {
            match checked {
                Ok(what) => say(&format!("ok    {}: {what}", path.display())),
                Err(diagnostics) => {
                    complain_of(&diagnostics);
                    exit = Exit::Usage;
                }
            }
            continue;
        }
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

/// What a file of hardware holds, or what is wrong with it; `None`: it is none.
fn hardware(path: &Path) -> Option<Result<String, Diagnostics>> {
    Some(match name_in(path, &DiskFiles)?.as_str() {
        "Rig" => rig::load(path, &DiskFiles).map(|rig| {
            let devices: usize = rig.lines.iter().map(|line| line.devices.len()).sum();
            format!("rig, {}, {} lines, {devices} devices", rig.name, rig.lines.len())
        }),
        "Board" => frames::load(path, &DiskFiles)
            .map(|board| format!("gate board, {}, {} commands", board.title, board.commands.len())),
        "Wiring" => load_wiring(path, &DiskFiles).map(|wiring| {
            let (outputs, inputs) = (wiring.outputs().len(), wiring.inputs().len());
            format!("wiring, {outputs} outputs, {inputs} inputs")
        }),
        _ => return None,
    })
}

//! Reading what the commands of a rig are given.

use crate::apb::site::Site;
use crate::cli::exit::Exit;
use crate::cli::screen::complain_of;
use crate::hil::rig::{self, Rig};
use crate::scenario::DiskFiles;
use crate::scenario::load::{Checked, check_file};
use crate::scenario::plan::Plan;
use std::path::Path;
use std::sync::Arc;

/// The rig of a file; what is wrong with it has been printed.
pub(in crate::cli) fn load_rig(path: &Path) -> Result<Rig, Exit> {
    rig::load(path, &DiskFiles).map_err(|wrong| {
        complain_of(&wrong);
        Exit::Usage
    })
}

/// The site of a file, or of a scenario; what is wrong with it has been printed.
pub(in crate::cli) fn load_site(path: &Path) -> Result<Plan, Exit> {
    match check_file(path, &DiskFiles) {
        Ok(Checked::Site(plan)) => Ok(*plan),
        Ok(Checked::Scenario(scenario)) => Ok(scenario.plan),
        Ok(Checked::LaneType(_) | Checked::Population(_)) => {
            crate::cli::screen::complain(&format!(
                "error: {} is neither a site nor a scenario",
                path.display()
            ));
            Err(Exit::Usage)
        }
        Err(wrong) => {
            complain_of(&wrong);
            Err(Exit::Usage)
        }
    }
}

/// The site of a file, if one is named.
pub(super) fn site_of(path: Option<&Path>) -> Result<Option<Arc<Site>>, Exit> {
    path.map(|path| load_site(path).map(|plan| Arc::new(plan.site))).transpose()
}

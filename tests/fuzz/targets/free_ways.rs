//! Ways are free only where no rule has to know who passes: a drawn site is made to keep to that.

use apbrig::apb::site::{PassMode, SiteParts};

/// Free ways ask for a grant where a policy has to know who passes.
pub(crate) fn shut_free_ways(site: &mut SiteParts) {
    if site.areas.iter().any(|a| a.policy.has_to_know_who_passes()) {
        for mode in site.lanes.iter_mut().flat_map(|l| &mut l.modes).filter(|m| **m == PassMode::Free) {
            *mode = PassMode::Controlled;
        }
    }
}

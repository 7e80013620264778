//! Sites to commission.

use apbrig::apb::policy::Policy;
use apbrig::apb::site::Site;
use apbrig::commission::record::{Outcome, PhaseResult};
use apbrig::commission::{Commissioning, Options, Stand, Unattended, plan};
use apbrig::scenario::plan::Plan;
use apbrig::scenario::stamp::Clocks;
use apbrig::scenario::{DiskFiles, load_site_from};
use std::path::{Path, PathBuf};

/// A site of the repository on a Monday morning at ten, when everybody may be in.
pub(crate) fn site(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sites").join(name);
    let clocks = Clocks::new(None).unwrap();
    let start = clocks.moment("2026-03-02T10:00", None).unwrap();
    load_site_from(&path, &DiskFiles, &clocks, start)
        .unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

/// The same with this policy in every area but the outside.
pub(crate) fn with_policy(site: Plan, policy: &Policy) -> Plan {
    changed(site, |parts| {
        for area in parts.areas.iter_mut().skip(1) {
            area.policy = policy.clone();
        }
    })
}

/// The same with something else.
pub(crate) fn changed(site: Plan, change: impl FnOnce(&mut apbrig::apb::site::SiteParts)) -> Plan {
    let mut parts = (*site.site).clone();
    change(&mut parts);
    let changed = Site::new(parts).unwrap();
    Plan { site: changed, ..site }
}

/// Every site that is shipped.
pub(crate) fn shipped() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sites");
    let list = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let mut all: Vec<PathBuf> = list(&root).into_iter().chain(list(&root.join("reference"))).collect();
    all.retain(|path| path.extension().is_some_and(|e| e == "ron"));
    all.sort();
    let short = |p: &PathBuf| p.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
    all.iter().map(short).collect()
}

/// Carries out the plan of a site on a stand with nobody there.
pub(crate) fn commission(planned: &Plan, stand: &mut dyn Stand, repeats: u32) -> Vec<PhaseResult> {
    let acceptance = plan(planned);
    let mut run = Commissioning::new(&acceptance, &planned.site, Options::default());
    run.run(stand, &mut Unattended { repeats }, &mut |_| Ok(())).unwrap();
    assert!(run.is_complete());
    run.results()
}

/// The phases that came out so, each with its reason.
pub(crate) fn those(results: &[PhaseResult], outcome: Outcome) -> Vec<String> {
    let of = results.iter().filter(|r| r.outcome == outcome);
    of.map(|r| format!("{}: {}", r.id, r.reason)).collect()
}

/// The sites of the regressions.
pub(crate) fn odd() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/regressions");
    let names = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut sites: Vec<String> = names.filter(|n| n.ends_with("-site.ron")).collect();
    sites.sort();
    sites.iter().map(|n| format!("../regressions/{n}")).collect()
}

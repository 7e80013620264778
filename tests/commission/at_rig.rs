//! The smallest site, commissioned at a rig of emulated readers and gates, in real time.

use apbrig::commission::engine::{Commissioning, Options};
use apbrig::commission::measurement::Value;
use apbrig::commission::record::Outcome;
use apbrig::commission::{AtRig, Unattended, plan};
use apbrig::hil::rig::{self, Setting};
use apbrig::scenario::DiskFiles;
use apbrig::scenario::load::load_site;
use std::path::Path;
use std::sync::Arc;

#[test]
fn a_desk_passes_whatever_can_be_tried() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = load_site(&root.join("scenarios/sites/commissioning/desk.ron"), &DiskFiles).unwrap();
    let rig = rig::load(&root.join("hil/benches/desk.ron"), &DiskFiles).unwrap();
    let mut plan = plan(&site);
    // All of it takes minutes: the continuous integration does it as the README shows it.
    let short =
        ["R1e/known", "R1e/unknown", "R1e/again", "R1x/again", "L1/tailgate-in", "L1/forced", "L1/link"];
    plan.phases.retain(|phase| short.contains(&phase.id.as_str()));
    assert_eq!(plan.phases.len(), short.len());
    let own = Arc::new(site.site);
    let mut stand = AtRig::start(&rig, &own, Setting::default()).unwrap();
    let mut run = Commissioning::new(&plan, &own, Options::default());
    run.run(&mut stand, &mut Unattended { repeats: 1 }, &mut |_| Ok(())).unwrap();
    let results = run.results();
    for result in &results {
        println!("{:?} {}: {} {:?}", result.outcome, result.id, result.reason, result.failures);
    }
    assert_eq!(results.len(), plan.phases.len());
    let bad: Vec<&str> =
        results.iter().filter(|r| r.outcome.is_bad()).map(|result| result.id.as_str()).collect();
    assert_eq!(bad, [""; 0]);
    assert_eq!(results.iter().filter(|r| r.outcome == Outcome::Pass).count(), results.len());
    // What is measured is how long the protocols take to find out, not that we closed a port.
    let link = results.iter().find(|r| r.id == "L1/link").unwrap();
    let told = link.measurements.iter().find(|m| m.name == "2.offline_s").unwrap();
    assert!(matches!(told.value, Some(Value::Number(us)) if us > 100_000), "{told:?}");
    let dead = link.log.iter().find(|line| line.text.contains("does not answer")).unwrap();
    assert!(!dead.text.contains("closed"), "{dead:?}");
}

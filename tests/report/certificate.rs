//! The acceptance certificate and its `JUnit`: golden files of a small site with something of everything.

use crate::{golden, markup};
use apbrig::apb::controller::Controller;
use apbrig::apb::effect::Effects;
use apbrig::apb::id::ReaderId;
use apbrig::apb::input::Input;
use apbrig::apb::journal::Event;
use apbrig::apb::policy::{Enforcement, Policy};
use apbrig::apb::site::Site;
use apbrig::apb::time::Time;
use apbrig::commission::place::Place;
use apbrig::commission::record::{About, Outcome};
use apbrig::commission::simulated::Decider;
use apbrig::commission::stand::Device;
use apbrig::commission::{Commissioning, Options, Record, Simulated, Stand, Unattended, findings, plan};
use apbrig::hil::translate::StalePolicy;
use apbrig::report::{certificate, certificate_junit};
use apbrig::scenario::plan::Plan;
use apbrig::scenario::{DiskFiles, load_site};
use std::path::Path;
use std::sync::Arc;

/// Two lanes of which one reader is soft, one is the rig's and dead, and whose journal loses its first line.
fn record() -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sites/reference/two-lanes.ron");
    let planned = changed(load_site(&path, &DiskFiles).unwrap(), None);
    let built = changed(planned.clone(), Some(2));
    let acceptance = plan(&planned);
    let forgetful = Forgetful(Controller::new(Arc::new(built.site.clone())), true);
    let mut stand = Simulated::with(&built, Box::new(forgetful), StalePolicy::Drop);
    stand.break_rig(Place::Reader(ReaderId(3)), "the adapter at /dev/ttyUSB1 is unplugged".into());
    let mut run = Commissioning::new(&acceptance, &planned.site, Options { epoch_ms: 1_772_445_600_000 });
    run.run(&mut stand, &mut Unattended { repeats: 1 }, &mut |_| Ok(())).unwrap();
    let mut devices = stand.devices();
    devices[0] = Device {
        model: "TTR-04 <flap>".into(),
        firmware: "2.11".into(),
        serial: "0042".into(),
        protocol: "modbus rtu".into(),
        ..devices[0].clone()
    };
    Record {
        site: planned.site.name.clone(),
        about: About {
            station: "bench 1".into(),
            version: "0.0.0".into(),
            simulated: true,
            tester: "A. Tester".into(),
            date: "2 March 2026".into(),
            notes: vec!["The second lane was wired on the morning of the test.".into()],
            ..About::default()
        },
        planned: acceptance.phases.len(),
        findings: findings(&planned),
        devices,
        phases: run.results(),
    }
}

/// The reference site with a hard policy, and a soft reader if one is named.
fn changed(site: Plan, soft: Option<usize>) -> Plan {
    let mut parts = (*site.site).clone();
    parts.areas[1].policy = Policy::hard();
    if let Some(reader) = soft {
        parts.readers[reader].apb = Some(Enforcement::Soft);
    }
    Plan { site: Site::new(parts).unwrap(), ..site }
}

/// A controller whose journal loses its first decision.
struct Forgetful(Controller, bool);

impl Decider for Forgetful {
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        self.0.handle(now, input, effects);
        let before = effects.entries.len();
        let fresh = self.1;
        effects.entries.retain(|e| !fresh || !matches!(e.event, Event::Decision(_)));
        self.1 &= effects.entries.len() == before;
    }

    fn expire(&mut self, now: Time, effects: &mut Effects) {
        self.0.expire(now, effects);
    }

    fn next_due(&self) -> Option<Time> {
        self.0.next_deadline().map(|(at, _)| at)
    }
}

#[test]
fn the_page_is_as_agreed() {
    let record = record();
    for outcome in Outcome::ALL {
        assert!(record.count(outcome) > 0, "{}", outcome.name());
    }
    let page = certificate(&record);
    markup::assert_html(&page);
    golden::check("certificate.html", &page);
    assert!(page.contains("TTR-04 &lt;flap&gt;") && !page.contains("://"));
}

#[test]
fn junit_tells_failure_error_skipped_and_flaky_apart() {
    let record = record();
    let xml = certificate_junit(&record).unwrap();
    markup::assert_xml(&xml);
    golden::check("certificate-junit.xml", &xml);
    let of = |outcome| record.count(outcome);
    assert_eq!(xml.matches("<testcase ").count(), record.phases.len());
    assert_eq!(xml.matches("<failure ").count(), of(Outcome::Fail));
    assert_eq!(xml.matches("<error ").count(), of(Outcome::Error));
    assert_eq!(xml.matches("<skipped ").count(), of(Outcome::Skipped));
    assert_eq!(xml.matches("<flakyFailure").count(), of(Outcome::Flaky));
}

#[test]
fn a_page_of_part_of_the_plan_says_so() {
    let mut record = record();
    assert!(!certificate(&record).contains("Part of the plan"));
    record.about.only = vec!["R1e".into()];
    record.phases.retain(|p| p.id.contains("R1e") && p.outcome == Outcome::Pass);
    let page = certificate(&record);
    markup::assert_html(&page);
    for said in ["Not finished", "Part of the plan.", "Only tests with R1e in their names", "were left out"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("Broken off"));
}

//! Hardware in the loop: what our two ends of a line add to the time on the wire.
//!
//! The line is a TCP connection within the machine, so there is no wire and nothing is asked for again and
//! again: a dongle's cards one way, its readers' lamps the other. What is timed goes through both ends, so
//! each end adds half.

#![expect(clippy::expect_used, reason = "a bench that cannot be set up measures nothing")]
#![expect(clippy::disallowed_methods, reason = "a benchmark is about the wall clock")]

use crate::repeat::{Figure, REPETITIONS, timed};
use apbrig::apb::effect::Signal;
use apbrig::apb::id::CardNumber;
use apbrig::apb::time::Span;
use apbrig::hil::cable::CablePlan;
use apbrig::hil::driver::Unit;
use apbrig::hil::line::{Address, Saying, Settings};
use apbrig::hil::message::{CardFormat, Order, Read, Report};
use apbrig::hil::rig::{
    Bench, Channel, DevicePlan, FarEnd, LinePlan, Place, Protocol, Registers, Rig, Seen, Setting, Stimulus,
    survey,
};
use apbrig::hil::translate::StalePolicy;
use std::thread::sleep;
use std::time::Duration;

/// How often each way is timed in a repetition.
const SAMPLES: u16 = 300;

/// The pause between two.
const PAUSE: Duration = Duration::from_millis(1);

/// How often it is looked at most: some seconds.
const LOOKS_MAX: u32 = 20_000;

/// How often it is looked whether it has arrived: bounds what a sample can be wrong by.
const LOOKS_EVERY: Duration = Duration::from_micros(20);

pub(crate) fn figures() -> Vec<Figure> {
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let rig = rig(port);
    let device = Setting { far_ends_only: true, ..Setting::default() };
    let mut device = Bench::start(&rig, device).expect("the dongle starts");
    let mut host = Bench::start(&rig, Setting::default()).expect("the host starts");
    assert!(survey(&rig, &mut host, Span::seconds(10)).is_sound(), "the dongle answers");
    let mut reads = || {
        times(|round| {
            let read = Report::Read(Read::of(CardNumber(u64::from(round))));
            device.stimulate(0, Unit(0), Stimulus::Say(read));
            until(|| matches!(host.take_report()?.what, Saying::Message(Report::Read(_))).then_some(()))
        })
    };
    let mut found = figures_of("read at the device to its report", &mut reads);
    let mut lamps = || {
        times(|round| {
            let signal = if round % 2 == 0 { Signal::Granted } else { Signal::Denied };
            host.order(0, Unit(0), Order::Show(signal));
            let told = |seen: Seen| matches!(seen, Seen::Told(Order::Show(_))).then_some(());
            until(|| if let Saying::Message(seen) = device.take_seen()?.what { told(seen) } else { None })
        })
    };
    found.extend(figures_of("lamp ordered to the device told", &mut lamps));
    found
}

/// The median and the 99th percentile of what is timed, each as often as everything is measured.
fn figures_of(name: &str, times: &mut dyn FnMut() -> Vec<f64>) -> Vec<Figure> {
    let all: Vec<Vec<f64>> = (0..REPETITIONS).map(|_| times()).collect();
    let share = |share: f64| {
        let at = |times: &Vec<f64>| times[((times.len() - 1) as f64 * share).round() as usize];
        all.iter().map(at).collect::<Vec<f64>>()
    };
    vec![
        Figure::new(format!("{name}, median"), "ms", share(0.5), "at most 1"),
        Figure::new(format!("{name}, p99"), "ms", share(0.99), "at most 5"),
    ]
}

/// Each in milliseconds, in order of size.
fn times(mut once: impl FnMut(u16) -> bool) -> Vec<f64> {
    let one = |round| {
        let (arrived, took) = timed(|| once(round));
        assert!(arrived, "nothing is lost");
        sleep(PAUSE);
        took.as_secs_f64() * 1e3
    };
    let mut all: Vec<f64> = (0..SAMPLES).map(one).collect();
    all.sort_by(f64::total_cmp);
    all
}

/// Waits until it has arrived; whether it has.
fn until(mut arrived: impl FnMut() -> Option<()>) -> bool {
    (0..LOOKS_MAX).any(|_| {
        let here = arrived().is_some();
        if !here {
            sleep(LOOKS_EVERY);
        }
        here
    })
}

fn rig(port: u16) -> Rig {
    let device = DevicePlan {
        id: "R1e".into(),
        address: 0,
        reader: Some("R1e".into()),
        gate: None,
        wiring: None,
        registers: Registers::default(),
        turned: false,
        bare: false,
        format: CardFormat::H10301,
        channel: Channel::Plain,
        serial_number: String::new(),
        firmware: String::new(),
    };
    let line = LinePlan {
        id: "dongle".into(),
        at: Place::At(Address::Tcp(format!("127.0.0.1:{port}"))),
        settings: Settings::default(),
        protocol: Protocol::Wiegand,
        far_end: FarEnd::Devices,
        devices: vec![device],
        cable: CablePlan::default(),
    };
    Rig { name: "one line".into(), lines: vec![line], stale_reads: StalePolicy::Drop, panel: None }
}

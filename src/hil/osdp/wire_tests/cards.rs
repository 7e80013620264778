//! Every card exactly once, whatever the wire does.

use super::bench::{BAUD, Bench, Faults};
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Driver, Unit};
use crate::hil::message::Report;
use crate::hil::osdp::{Check, Device, Key, Misbehaviour, Reader, ReaderSecurity, Security};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

fn bench(seed: u64, secure: bool, readers: u8) -> Bench {
    let key = |address: u8| Key::new([address; 16]);
    let devices = (0..readers).map(|address| Device {
        address,
        security: if secure { Security::Key(key(address)) } else { Security::Plain },
        ..Device::default()
    });
    let stations = (0..readers).map(|address| Reader {
        address,
        security: if secure { ReaderSecurity::Key(key(address)) } else { ReaderSecurity::Plain },
        ..Reader::default()
    });
    let mut bench = Bench::new(seed, devices.collect(), stations.collect());
    bench.run(Span::seconds(3));
    assert!((0..readers).all(|unit| bench.panel.is_online(Unit(u16::from(unit)))), "{:?}", bench.panel_notes);
    bench
}

/// Presents so many cards at every reader; how many, and how many came out.
fn present(bench: &mut Bench, readers: u16, cards: u64, faults: Faults, pause: Span) -> (usize, usize) {
    bench.faults = faults;
    for card in 0..cards {
        for unit in 0..readers {
            bench.present(unit, 1_000 * u64::from(unit) + card);
            bench.run(Span(pause.0 / u64::from(readers)));
        }
    }
    for _ in 0..100 {
        bench.run(Span::seconds(1));
        if (0..readers).all(|unit| bench.peripheral.waiting(Unit(unit)) == 0) {
            break;
        }
    }
    let all = |unit: u16| (0..cards).map(|card| 1_000 * u64::from(unit) + card).collect::<Vec<_>>();
    let mut came = 0;
    for unit in 0..readers {
        let out = bench.cards(unit);
        came += out.len();
        // On a worse line than these a reader may well be silent for long.
        let fresh = faults.lose + faults.flip + faults.double <= 0.005 && faults.delay < Span::millis(100);
        assert!(!fresh || out.iter().all(|(_, stale)| !stale), "reader {unit}, {faults:?}: {out:?}");
        assert_eq!(out.iter().map(|(card, _)| *card).collect::<Vec<_>>(), all(unit), "{unit}, {faults:?}");
    }
    (usize::from(readers) * usize::try_from(cards).unwrap(), came)
}

proptest! {
    #![proptest_config(Config { cases: 64, rng_seed: RngSeed::Fixed(1), ..Config::default() })]

    #[test]
    fn every_card_comes_out_once_and_in_order(
        seed: u64, secure: bool, readers in 1_u8..4,
        lose in prop::sample::select(vec![0.0, 0.002, 0.005]),
        flip in prop::sample::select(vec![0.0, 0.002, 0.005]),
        double in prop::sample::select(vec![0.0, 0.002]),
        delay in prop::sample::select(vec![0, 30, 150]),
    ) {
        let mut bench = bench(seed, secure, readers);
        let faults = Faults { lose, flip, double, delay: Span::millis(delay), ..Faults::default() };
        present(&mut bench, u16::from(readers), 12, faults, Span::millis(700));
    }

    #[test]
    fn a_bad_line_keeps_nobody_from_coming_up(seed: u64, secure: bool) {
        let key = Key::new([9; 16]);
        let (panel, reader) = match secure {
            true => (Security::Key(key.clone()), ReaderSecurity::Key(key)),
            false => (Security::Plain, ReaderSecurity::Plain),
        };
        let mut bench = Bench::one(seed, panel, reader);
        bench.faults = Faults { lose: 0.01, flip: 0.005, ..Faults::default() };
        bench.run(Span::seconds(30));
        prop_assert!(bench.is_online(), "{:?}", bench.panel_notes);
    }
}

#[test]
fn cards_presented_and_decided_at_38400_baud() {
    assert_eq!(BAUD, 38_400);
    for (secure, readers) in [(false, 1), (true, 1), (false, 3), (true, 3)] {
        for lose in [0.0, 0.002, 0.005] {
            let (mut presented, mut came, mut repeats, mut lost_frames) = (0, 0, 0, 0);
            for seed in 0..5 {
                let mut bench = bench(seed, secure, readers);
                let (into, out) =
                    present(&mut bench, u16::from(readers), 60, Faults::lose(lose), Span::millis(300));
                (presented, came) = (presented + into, came + out);
                repeats += bench.panel_noted("retried").len();
                lost_frames += bench.panel_noted("bad_frame").len() + bench.reader_noted("bad_frame").len();
            }
            println!(
                "OSDP {}, {readers} reader(s), {BAUD} baud, {:.1} % of bytes lost: {presented} cards, \
                 {came} decided; {lost_frames} damaged frames, {repeats} commands repeated",
                if secure { "secure" } else { "plain" },
                lose * 100.0
            );
            assert_eq!((presented, lost_frames > 0), (came, lose > 0.0));
        }
    }
}

#[test]
fn a_checksum_line_works_as_well() {
    for security in [false, true] {
        let key = Key::new([3; 16]);
        let (panel, reader) = match security {
            true => (Security::Key(key.clone()), ReaderSecurity::Key(key)),
            false => (Security::Plain, ReaderSecurity::Plain),
        };
        let device = Device { address: 126, check: Check::Checksum, security: panel, ..Device::default() };
        let reader = Reader { address: 126, security: reader, ..Reader::default() };
        let mut bench = Bench::new(1, vec![device], vec![reader]);
        bench.run(Span::seconds(1));
        assert!(bench.is_online());
        present(&mut bench, 1, 5, Faults::lose(0.001), Span::millis(300));
        assert!(bench.frames.iter().all(|(_, frame)| frame[4] & 0x04 == 0), "a frame with CRC");
    }
}

#[test]
fn answers_that_are_always_late_are_never_taken_for_the_next() {
    for late in [150, 210, 300, 450, 700] {
        let mut bench = bench(1, false, 1);
        bench.peripheral.misbehave(Unit(0), Misbehaviour::Late(Span::millis(late)));
        present(&mut bench, 1, 6, Faults::default(), Span::seconds(4));
        assert_eq!(bench.panel_noted("retried").is_empty(), late < 200, "{late} ms");
        assert!(bench.is_online());
    }
}

#[test]
fn late_answers_on_a_shared_line_stay_with_their_reader() {
    for secure in [false, true] {
        let mut bench = bench(1, secure, 3);
        bench.peripheral.misbehave(Unit(1), Misbehaviour::Late(Span::millis(320)));
        present(&mut bench, 3, 6, Faults::default(), Span::seconds(4));
    }
}

#[test]
fn a_read_from_before_the_line_came_back_is_stale() {
    let mut bench = bench(1, true, 1);
    bench.present(0, 1);
    bench.run(Span::seconds(1));
    bench.faults.cut = true;
    bench.run(Span::seconds(3));
    for card in 10..13 {
        bench.present(0, card);
        bench.run(Span::seconds(2));
    }
    assert_eq!(bench.panel_noted("offline"), ["no answer"]);
    bench.faults.cut = false;
    bench.run(Span::seconds(3));
    bench.present(0, 20);
    bench.run(Span::seconds(1));
    assert_eq!(bench.cards(0), [(1, false), (10, true), (11, true), (12, true), (20, false)]);
    assert_eq!(bench.panel_noted("stale"), ["card 10", "card 11", "card 12"]);
}

#[test]
fn a_reader_that_is_plugged_in_again_is_back_within_seconds() {
    let mut bench = bench(1, true, 1);
    bench.faults.cut = true;
    bench.run(Span::minutes(10));
    assert!(!bench.is_online());
    bench.faults.cut = false;
    let before = bench.now;
    while !bench.is_online() {
        bench.run(Span::millis(10));
        assert!(bench.now.since(before) < Span::millis(1_500));
    }
}

#[test]
fn a_short_silence_makes_reads_stale_too() {
    let mut bench = bench(1, false, 1);
    bench.faults.cut = true;
    bench.run(Span::seconds(1));
    bench.present(0, 7);
    bench.run(Span::seconds(2));
    bench.faults.cut = false;
    bench.run(Span::seconds(1));
    assert_eq!(bench.cards(0), [(7, true)]);
    assert!(bench.panel_noted("offline").is_empty());
}

#[test]
fn the_line_itself_going_and_coming_makes_reads_stale() {
    let mut bench = bench(1, false, 1);
    bench.panel_does(|panel, now, out| panel.down(now, out));
    bench.reader_does(|peripheral, now, out| peripheral.down(now, out));
    assert_eq!((bench.panel.next_wake(), bench.panel_noted("offline").len()), (None, 1));
    bench.present(0, 7);
    bench.run(Span::seconds(1));
    bench.reader_does(|peripheral, now, out| peripheral.up(now, out));
    bench.panel_does(|panel, now, out| panel.up(now, out));
    bench.run(Span::seconds(1));
    bench.present(0, 8);
    bench.run(Span::seconds(1));
    assert_eq!(bench.cards(0), [(7, true), (8, false)]);
}

#[test]
fn reads_that_do_not_fit_are_counted_and_noted() {
    let mut bench = bench(1, false, 1);
    bench.faults.cut = true;
    for card in 0..20 {
        bench.present(0, card);
    }
    bench.present(0, 1 << 24);
    let dropped = bench.reader_noted("dropped");
    assert_eq!(dropped.len(), 5);
    assert_eq!(dropped[3], "card 19: 16 reads wait; 4 dropped so far");
    assert_eq!(dropped[4], "card 16777216 does not fit into 26 bits");
    bench.faults.cut = false;
    bench.run(Span::seconds(3));
    assert_eq!(bench.cards(0).len(), 16);
}

#[test]
fn polls_come_as_often_as_they_are_set_to() {
    let mut bench = bench(1, false, 1);
    let before = bench.frames.iter().filter(|(to_reader, _)| *to_reader).count();
    bench.run(Span::seconds(10));
    let polls = bench.frames.iter().filter(|(to_reader, _)| *to_reader).count() - before;
    assert!((199..=201).contains(&polls), "{polls} polls in 10 s at 50 ms");
}

#[test]
fn other_states_are_reported_once_when_they_change() {
    let mut bench = bench(1, true, 1);
    let begin = bench.reports.len();
    let first: Vec<_> = bench.reports.iter().map(|(_, _, report)| report.clone()).collect();
    let wanted = [
        Report::Tamper(false),
        Report::PowerFail(false),
        Report::Input(0, false),
        Report::Input(1, false),
        Report::OutputIs(0, false),
        Report::OutputIs(1, false),
    ];
    assert_eq!(first, wanted);
    bench.faults = Faults::lose(0.005);
    let said = [Report::Tamper(true), Report::Input(1, true), Report::PowerFail(true), Report::Tamper(false)];
    for report in &said {
        bench.report(0, report.clone());
        bench.run(Span::seconds(2));
    }
    let heard: Vec<_> = bench.reports[begin..].iter().map(|(_, _, report)| report.clone()).collect();
    assert_eq!(heard, said);
    assert!(bench.reports.iter().all(|(at, _, _)| *at > Time::ZERO));
}

//! Master and slave against each other on lines that lose, spoil, repeat, delay and echo.

use super::bench::{Bench, End, Faults};
use super::{Board, Framing, Inputs, Master, Outputs, Slave, Timing};
use crate::apb::time::{Span, Time};
use crate::hil::driver::{Note, Unit};
use crate::hil::line::Settings;
use crate::hil::message::{Order, Report};
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

type Pair = Bench<Master, Slave>;

const UNITS: u16 = 2;
const INPUTS: u8 = 20;
const OUTPUTS: u8 = 3;

/// The inputs that change.
const FLIPPED: [u8; 3] = [0, 9, 19];

/// Shorter than the delays of a line, so that answers come late.
const REPLY: Span = Span::millis(60);
/// Up to this late, each way.
const DELAY: Span = Span::millis(85);

fn boards() -> [Board; UNITS as usize] {
    let registers = Board {
        id: 7,
        outputs: Outputs::Bits { first: 10, count: u16::from(OUTPUTS) },
        inputs: Inputs::InputBits { first: 0, count: u16::from(INPUTS) },
    };
    [Board::plain(1, OUTPUTS.into(), INPUTS.into()), registers]
}

fn pair(line: Option<Settings>, faults: Faults, seed: u64) -> Pair {
    let framing = line.map_or(Framing::Tcp, Framing::Rtu);
    let timing = Timing { reply: REPLY, quiet: Span::millis(120), ..Timing::of(framing) };
    let master = Master::new(framing, timing, &boards()).unwrap();
    let slave = Slave::new(framing, &boards()).unwrap();
    let mut pair = Bench::new(master, slave, line, seed);
    pair.faults = faults;
    pair
}

fn input(number: u8) -> impl Fn(&Report) -> Option<bool> {
    move |report| match report {
        Report::Input(n, on) if *n == number => Some(*on),
        _ => None,
    }
}

/// Somebody flips inputs for a while. Yields each input's states, with the instants they began.
fn flip_inputs(pair: &mut Pair, seed: u64, seconds: u64) -> Vec<Vec<(Time, bool)>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut states = vec![vec![(Time::ZERO, false)]; usize::from(UNITS) * usize::from(INPUTS)];
    let until = pair.now + Span::seconds(seconds);
    while pair.now < until {
        // Often enough that an answer that belongs to an earlier question is soon a wrong one.
        pair.run_for(Span::micros(rng.random_range(500..60_000)));
        let (unit, number) = (rng.random_range(0..UNITS), FLIPPED[rng.random_range(0..FLIPPED.len())]);
        let own = &mut states[usize::from(unit) * usize::from(INPUTS) + usize::from(number)];
        let on = !own.last().unwrap().1;
        own.push((pair.now, on));
        pair.report(Unit(unit), Report::Input(number, on));
    }
    states
}

/// What is wrong with what the host heard of inputs that had these states.
fn misheard(pair: &Pair, states: &[Vec<(Time, bool)>], oldest: Span) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, unit, report) in &pair.reports {
        let Report::Input(number, on) = report else { continue };
        let own = &states[unit.index() * usize::from(INPUTS) + usize::from(*number)];
        // The state that was reported has to have held at some instant since the question was asked.
        let from = *at - oldest;
        let ends = own.iter().skip(1).map(|(end, _)| *end).chain([Time(u64::MAX)]);
        let held =
            own.iter().zip(ends).any(|((begin, state), end)| state == on && *begin <= *at && end >= from);
        if !held {
            wrong.push(format!("{at}: {unit:?} {report:?} was not so for {oldest}: {own:?}"));
        }
    }
    for (i, own) in states.iter().enumerate() {
        let (unit, number) = (i / usize::from(INPUTS), u8::try_from(i % usize::from(INPUTS)).unwrap());
        let known = pair.known(Unit(unit.try_into().unwrap()), input(number));
        if known != Some(own.last().unwrap().1) {
            wrong.push(format!("unit {unit} input {number}: known {known:?}, is {:?}", own.last()));
        }
    }
    wrong
}

fn lines() -> impl Strategy<Value = Settings> {
    let rates = prop_oneof![Just(9_600_u32), Just(38_400), Just(115_200)];
    (rates, any::<bool>()).prop_map(|(baud, echoes)| Settings { baud, echoes, ..Settings::default() })
}

fn faults() -> impl Strategy<Value = Faults> {
    let chance = || prop_oneof![2 => Just(0.0), 1 => 0.0..0.15_f64];
    (chance(), chance(), chance(), chance(), prop_oneof![1 => Just(0.0), 2 => 0.0..0.4_f64]).prop_map(
        |(drop, lose, flip, twice, late)| Faults { drop, lose, flip, twice, late, delay: DELAY, echo: false },
    )
}

/// The longest time from a question to the end of the wait for its answer.
fn oldest(line: Option<Settings>) -> Span {
    REPLY + line.map_or(Span::ZERO, |line| line.wire_time(8 + 9))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn inputs_are_right_in_the_end_and_no_answer_is_taken_for_another(
        line in lines(), faults in faults(), seed: u64,
    ) {
        let mut pair = pair(Some(line), Faults { echo: line.echoes, ..faults }, seed);
        let states = flip_inputs(&mut pair, seed, 12);
        pair.faults = Faults { echo: line.echoes, ..Faults::default() };
        pair.run_for(Span::seconds(5));
        let wrong = misheard(&pair, &states, oldest(Some(line)));
        prop_assert!(wrong.is_empty(), "{}\n{:?}", wrong.join("\n"), pair.notes);
    }

    #[test]
    fn over_a_slow_connection_too(late in 0.0..0.6_f64, seed: u64) {
        let faults = Faults { late, delay: Span::millis(400), ..Faults::default() };
        let mut pair = pair(None, faults, seed);
        let states = flip_inputs(&mut pair, seed, 12);
        pair.faults = Faults::default();
        pair.run_for(Span::seconds(5));
        let wrong = misheard(&pair, &states, oldest(None));
        prop_assert!(wrong.is_empty(), "{}\n{:?}", wrong.join("\n"), pair.notes);
    }

    #[test]
    fn no_output_pulse_is_lost_in_silence_doubled_or_sent_late(
        line in lines(), faults in faults(), seed: u64,
    ) {
        let mut pair = pair(Some(line), Faults { echo: line.echoes, ..faults }, seed);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut ordered: Vec<(Time, Unit, u8, bool)> = Vec::new();
        let mut states = [[false; OUTPUTS as usize]; UNITS as usize];
        for _ in 0..60 {
            pair.run_for(Span::micros(rng.random_range(20_000..400_000)));
            let (unit, number) = (rng.random_range(0..UNITS), rng.random_range(0..OUTPUTS));
            let state = &mut states[usize::from(unit)][usize::from(number)];
            *state = !*state;
            ordered.push((pair.now, Unit(unit), number, *state));
            pair.order(Unit(unit), Order::Output(number, *state));
        }
        pair.faults = Faults { echo: line.echoes, ..Faults::default() };
        pair.run_for(Span::seconds(5));
        let wrong = misdone(&pair, &ordered);
        prop_assert!(wrong.is_empty(), "{}\n{:?}", wrong.join("\n"), pair.notes);
    }
}

/// What is wrong with what the boards did, given what was ordered.
fn misdone(pair: &Pair, ordered: &[(Time, Unit, u8, bool)]) -> Vec<String> {
    /// All attempts of one exchange with its reading back, behind those of another order of each board.
    const LATEST: Span = Span::seconds(6);
    let mut wrong = Vec::new();
    for unit in (0..UNITS).map(Unit) {
        let said = |note: &Note| matches!(note, Note::Dropped(_) | Note::Refused(_));
        let owned_up =
            pair.notes.iter().filter(|(_, e, u, n)| *e == End::Host && *u == Some(unit) && said(n)).count();
        let mut missing = 0;
        for number in 0..OUTPUTS {
            let mine: Vec<(Time, bool)> = ordered
                .iter()
                .filter(|(_, u, n, _)| (*u, *n) == (unit, number))
                .map(|(at, _, _, on)| (*at, *on))
                .collect();
            let done: Vec<(Time, bool)> = pair
                .orders
                .iter()
                .filter_map(|(at, u, order)| match order {
                    Order::Output(n, on) if (*u, *n) == (unit, number) => Some((*at, *on)),
                    _ => None,
                })
                .collect();
            let mut left = mine.iter();
            for (at, on) in &done {
                // In order: what was skipped was lost, what is not found was invented or done twice.
                if !left.any(|(asked, wanted)| wanted == on && asked <= at && at.since(*asked) <= LATEST) {
                    wrong.push(format!("{at} {unit:?} output {number} {on}: {mine:?} {done:?}"));
                }
            }
            missing += mine.len() - done.len().min(mine.len());
        }
        // A lost edge may hide the one after it, which then changes nothing.
        if missing > 2 * owned_up {
            wrong.push(format!("{unit:?}: {missing} edges are missing, {owned_up} notes say so"));
        }
    }
    wrong
}

#[test]
fn on_a_good_line_everything_is_done_once() {
    let line = Settings::default();
    let mut pair = pair(Some(line), Faults::default(), 1);
    pair.run_for(Span::seconds(1));
    assert_eq!(pair.noted(End::Host, "online"), 2);
    for on in [true, false, true] {
        pair.order(Unit(1), Order::Output(2, on));
    }
    pair.report(Unit(0), Report::Input(19, true));
    pair.run_for(Span::seconds(1));
    let done: Vec<_> = pair.orders.iter().map(|(_, u, o)| (*u, o.clone())).collect();
    assert_eq!(done, [true, false, true].map(|on| (Unit(1), Order::Output(2, on))));
    assert_eq!(pair.known(Unit(0), input(19)), Some(true));
    let online = pair.noted(End::Host, "online") + pair.noted(End::Device, "online");
    assert_eq!((online, pair.notes.len()), (4, 4), "{:?}", pair.notes);
}

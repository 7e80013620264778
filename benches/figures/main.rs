//! The figures apbrig has to reach, measured: `cargo bench`, or `cargo bench -- decisions` for some of them.
//!
//! Every figure is the median of several repetitions with the least and the greatest beside it, and says what
//! it is to reach. Nothing here passes or fails: how fast a machine is says nothing about whether the program
//! is right.

#![expect(clippy::print_stdout, reason = "figures are for people to read")]

mod crowd;
mod decisions;
mod durable;
mod edges;
mod hardware;
mod oracle;
mod repeat;
mod runs;

use repeat::Figure;
use std::env;

/// A set of figures, the word it is asked for by, and how it is measured.
const SETS: &[(&str, fn() -> Vec<Figure>)] = &[
    ("decisions", decisions::figures),
    ("durable", durable::figures),
    ("edges", edges::figures),
    ("oracle", oracle::figures),
    ("crowd", crowd::figures),
    ("runs", runs::figures),
    ("hardware", hardware::figures),
];

fn main() {
    // Cargo itself adds `--bench`.
    let wanted: Vec<String> = env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    if !SETS.iter().any(|(name, _)| is_wanted(name)) {
        let names: Vec<&str> = SETS.iter().map(|(name, _)| *name).collect();
        println!("no figures are called {wanted:?}; there are {}", names.join(", "));
        return;
    }
    println!("{:<64} {:>11}  {:<21} {:<15} to reach", "figure", "median", "least - greatest", "unit");
    for (name, measure) in SETS.iter().filter(|(name, _)| is_wanted(name)) {
        println!("{name}");
        for figure in measure() {
            println!("{figure}");
        }
    }
}

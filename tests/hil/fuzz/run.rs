//! The targets on stable: the corpus as it is, and changed in all sorts of ways.

use super::targets::list::{SEEDS, TARGETS, run};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// Seeds are cut to this: what takes longer to show is not found by changing bytes.
const SEED_MAX: usize = 600;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hil/corpus").join(name)
}

/// Everything of a corpus, in order of name.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(folder(name)).into_iter().flatten();
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a folder can be read").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("a file can be read")).collect()
}

/// With `APBRIG_BLESS` set, the seeds are recorded anew from sound exchanges.
#[test]
fn every_sound_exchange_is_one() {
    for (name, record) in SEEDS {
        let heard = record();
        assert!(!heard.to_device.is_empty(), "{name}: nothing was said");
        if std::env::var_os("APBRIG_BLESS").is_some() {
            std::fs::create_dir_all(folder(name)).expect("there is room");
            for (to, bytes) in [("to-host", heard.to_host), ("to-device", heard.to_device)] {
                // The first byte says in what pieces: whole frames, as a rule.
                let end = bytes.len().min(SEED_MAX);
                let start = bytes.len() - end;
                let seed = [&[0x3F][..], &bytes[..end / 2], &bytes[start + end / 2..]].concat();
                std::fs::write(folder(name).join(to), seed).expect("there is room");
            }
        }
    }
}

#[test]
fn the_corpus_is_endured() {
    for (name, seeds, _) in TARGETS {
        let corpus = corpus(seeds);
        assert!(corpus.len() >= 2, "{name}: nothing to start from in tests/hil/corpus/{seeds}");
        for (i, bytes) in corpus.iter().enumerate() {
            println!("file {i} of the corpus");
            run_named(name, bytes);
        }
    }
}

/// One way of changing bytes.
#[derive(Clone, Debug)]
enum Change {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, usize),
    Splice(prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (at(), 1..24_usize).prop_map(|(at, n)| Change::Cut(at, n)),
        (at(), prop::collection::vec(any::<u8>(), 1..12)).prop_map(|(at, b)| Change::Insert(at, b)),
        (at(), 1..60_usize).prop_map(|(at, n)| Change::Repeat(at, n)),
        (at(), at()).prop_map(|(at, from)| Change::Splice(at, from)),
    ]
}

fn changed(mut bytes: Vec<u8>, other: &[u8], changes: Vec<Change>) -> Vec<u8> {
    for change in changes {
        let length = bytes.len();
        let upto = |at: usize, n: usize| (at + n).min(length);
        match change {
            Change::Flip(at, bit) if length > 0 => bytes[at.index(length)] ^= 1 << bit,
            Change::Cut(at, n) if length > 0 => {
                let at = at.index(length);
                bytes.drain(at..upto(at, n));
            }
            Change::Insert(at, new) => {
                let at = at.index(length + 1);
                bytes.splice(at..at, new);
            }
            Change::Repeat(at, n) if length > 0 => {
                let at = at.index(length);
                let again = bytes[at..upto(at, n)].to_vec();
                bytes.splice(at..at, again);
            }
            Change::Splice(at, from) if length > 0 && !other.is_empty() => {
                bytes.truncate(at.index(length));
                bytes.extend(&other[from.index(other.len())..]);
            }
            _ => {}
        }
    }
    bytes
}

/// Runs a target and says which it was, should it find something, and with what.
fn run_named(name: &str, bytes: &[u8]) {
    let found = std::panic::catch_unwind(|| run(name, bytes));
    assert!(found.is_ok(), "target {name:?} found something with {bytes:02x?}");
}

/// How many inputs each target gets; `APBRIG_FUZZ_CASES` for those who want more.
fn cases() -> u32 {
    std::env::var("APBRIG_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_endured(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for (name, _, _) in TARGETS {
            run_named(name, &bytes);
        }
    }

    #[test]
    fn changed_exchanges_are_endured(
        one: prop::sample::Index,
        other: prop::sample::Index,
        changes in prop::collection::vec(change(), 1..6),
    ) {
        for (name, seeds, _) in TARGETS {
            let corpus = corpus(seeds);
            let (one, other) = (one.get(&corpus), other.get(&corpus));
            run_named(name, &changed(one.clone(), other, changes.clone()));
        }
    }
}

//! No end of a protocol grows with what arrives: a megabyte of garbage, and how much memory it took at most.
//! A program of its own, since what is counted is the whole process's.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../fuzz/targets/mod.rs"]
mod targets;

use peak_alloc::PeakAlloc;
use std::path::Path;
use targets::list::{SEEDS, TARGETS, run};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const GARBAGE_BYTES: usize = 1 << 20;

/// What an end, its peer and a sound exchange may take, whatever came before.
const TAKEN_MAX_BYTES: usize = 256 * 1024;

/// Bytes from a seed (SplitMix64).
fn noise(mut seed: u64) -> Vec<u8> {
    let word = |_| {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (seed ^ seed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (z ^ z >> 27).to_le_bytes()
    };
    (0..GARBAGE_BYTES / 8).flat_map(word).collect()
}

/// The start of a frame, again and again.
fn starts(name: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hil/corpus").join(name).join("to-host");
    let seed = std::fs::read(file).expect("a protocol has a seed");
    let start = seed.get(1..6).unwrap_or(&seed);
    start.iter().copied().cycle().take(GARBAGE_BYTES).collect()
}

#[test]
fn a_megabyte_of_garbage_is_forgotten() {
    for (name, corpus, _) in TARGETS.iter().filter(|(_, corpus, _)| SEEDS.iter().any(|(n, _)| n == corpus)) {
        for (kind, mut bytes) in [("noise", noise(1)), ("starts of frames", starts(corpus))] {
            // All at once as far as time goes, 32 bytes at a time.
            bytes[0] = 0x1F;
            // Whatever is made once is made now.
            run(name, &bytes[..64]);
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            run(name, &bytes);
            let taken = MEMORY.peak_usage() - before;
            println!("{name}, {kind}: {taken} bytes");
            assert!(taken <= TAKEN_MAX_BYTES, "{name} took {taken} bytes for {kind}");
        }
    }
}

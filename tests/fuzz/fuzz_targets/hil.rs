//! The ends of protocols under the fuzzer: the one that `TARGET` names, as in tests/hil/fuzz/targets/list.rs.

#![no_main]

#[path = "../../hil/fuzz/targets/mod.rs"]
mod targets;

use std::sync::LazyLock;

static TARGET: LazyLock<String> = LazyLock::new(|| std::env::var("TARGET").expect("TARGET names a target"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::list::run(&TARGET, bytes));

//! Feeds libFuzzer's inputs to the target that the variable `FUZZ_TARGET` names. One
//! program for all targets, because linking takes longer than compiling.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use roomctl::fuzz::{TARGETS, Target};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let target = TARGETS.into_iter().find(|target| target.name == name);
    target.expect("FUZZ_TARGET is the name of a target")
});

fuzz_target!(|data: &[u8]| (TARGET.check)(data));

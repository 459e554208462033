//! One target, named by `TUINA_FUZZ_TARGET`, driven by libFuzzer: `bin/fuzz` builds and starts it.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    static TARGET: OnceLock<&fuzz::Target> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("TUINA_FUZZ_TARGET").unwrap_or_default();
        fuzz::target(&name).expect("TUINA_FUZZ_TARGET names a target")
    });
    (target.run)(input);
});

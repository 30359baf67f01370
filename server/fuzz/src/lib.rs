//! Runs a crate's fuzz targets with libFuzzer.

use std::path::Path;

/// Writes samples into the folder that `FUZZ_SAMPLES` names, if it names one: libFuzzer begins from them.
pub fn sow(samples: &[Vec<u8>]) {
    let Some(folder) = std::env::var_os("FUZZ_SAMPLES") else { return };
    for (number, sample) in samples.iter().enumerate() {
        std::fs::write(Path::new(&folder).join(format!("sample-{number}")), sample)
            .expect("the folder is there");
    }
}

/// Makes a program of a target.
#[macro_export]
macro_rules! run {
    ($target:path) => {
        libfuzzer_sys::fuzz_target!(
            init: $crate::sow(&($target.samples)()),
            |bytes: &[u8]| ($target.run)(bytes)
        );
    };
}

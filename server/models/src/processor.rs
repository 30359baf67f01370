//! The processor that models run on.
//!
//! Our models have 8-bit weights. On x86 processors without VNNI instructions, ONNX Runtime multiplies such weights in
//! pairs whose sum is cut off at 16 bits ("saturates"), so the same model answers differently there: other words, other
//! ends of turns. Its session entry `session.x64quantprecision` has it compute exactly instead, at some cost. With VNNI
//! the sums are exact anyway.

/// How 8-bit sums are computed on processors where they are not exact by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Int8Arithmetic {
    /// Exactly: the models give the same results on every processor.
    #[default]
    Exact,
    /// As fast as the processor can: without VNNI, sums are cut off at 16 bits and answers differ a little.
    Fast,
}

impl Int8Arithmetic {
    /// Whether the models' sums are exact on this processor.
    pub fn is_exact(self) -> bool {
        self == Self::Exact || Processor::exact_by_itself()
    }

    /// Whether a session on this processor needs the entry that makes it exact.
    pub(crate) fn wants_entry(self) -> bool {
        self == Self::Exact && !Processor::exact_by_itself()
    }
}

/// This machine's processor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processor {
    /// Its name: `AMD EPYC 9B14`.
    pub name: String,
    /// Its instruction sets that speed the models up, such as `avx2`.
    pub instruction_sets: Vec<&'static str>,
}

impl Processor {
    /// The processor of this machine.
    pub fn here() -> Self {
        Self { name: name(), instruction_sets: instruction_sets() }
    }

    /// Whether 8-bit sums are exact here by default: on x86 with VNNI, and on every other architecture.
    pub fn exact_by_itself() -> bool {
        let sets = instruction_sets();
        !cfg!(target_arch = "x86_64") || sets.contains(&"avx512vnni") || sets.contains(&"avxvnni")
    }
}

impl std::fmt::Display for Processor {
    /// `AMD EPYC 9B14 (avx2, avx512f, avx512vnni)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.instruction_sets.as_slice() {
            [] => f.write_str(&self.name),
            sets => write!(f, "{} ({})", self.name, sets.join(", ")),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn instruction_sets() -> Vec<&'static str> {
    let sets = [
        ("avx2", std::is_x86_feature_detected!("avx2")),
        ("fma", std::is_x86_feature_detected!("fma")),
        ("avx512f", std::is_x86_feature_detected!("avx512f")),
        ("avxvnni", std::is_x86_feature_detected!("avxvnni")),
        ("avx512vnni", std::is_x86_feature_detected!("avx512vnni")),
    ];
    sets.into_iter().filter(|(_, there)| *there).map(|(set, _)| set).collect()
}

#[cfg(target_arch = "aarch64")]
fn instruction_sets() -> Vec<&'static str> {
    let sets = [
        ("neon", std::arch::is_aarch64_feature_detected!("neon")),
        ("dotprod", std::arch::is_aarch64_feature_detected!("dotprod")),
        ("i8mm", std::arch::is_aarch64_feature_detected!("i8mm")),
    ];
    sets.into_iter().filter(|(_, there)| *there).map(|(set, _)| set).collect()
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn instruction_sets() -> Vec<&'static str> {
    Vec::new()
}

/// The processor's name as Linux reports it, else the architecture.
fn name() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = told.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then(|| value.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    named.filter(|name| !name.is_empty()).unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_has_a_name_and_says_what_it_can() {
        let processor = Processor::here();
        assert!(!processor.name.is_empty() && processor.to_string().starts_with(&processor.name));
        let vnni = processor.instruction_sets.iter().any(|set| set.ends_with("vnni"));
        assert_eq!(Processor::exact_by_itself(), vnni || !cfg!(target_arch = "x86_64"));
        assert_eq!(Int8Arithmetic::Exact.wants_entry(), !Processor::exact_by_itself());
        assert!(
            Int8Arithmetic::Exact.is_exact()
                && Int8Arithmetic::Fast.is_exact() == Processor::exact_by_itself()
        );
        assert!(!Int8Arithmetic::Fast.wants_entry());
    }
}

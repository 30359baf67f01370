//! How sure the model is of an utterance, out of how sure it was of its windows.

use super::interim::InterimMergeMode;

/// See the module's description. Positions are in samples.
#[derive(Debug, Default)]
pub(super) struct Sureness {
    /// The whole windows that stand, in order: where each starts and ends, and how sure the model was of it.
    windows: Vec<(u64, u64, f32)>,
    /// Of the last draft, while there is no whole window.
    draft: Option<f32>,
}

impl Sureness {
    /// Takes a reading of the window between two positions. What was known from its start on is replaced by it, if it
    /// is [`InterimMergeMode::Whole`]; one of which nothing is known says nothing.
    pub(super) fn take(&mut self, (from, to): (u64, u64), weight: InterimMergeMode, sure: Option<f32>) {
        match weight {
            InterimMergeMode::Draft => self.draft = sure,
            InterimMergeMode::Whole => {
                self.windows.retain(|(start, ..)| *start < from);
                self.windows.extend(sure.map(|sure| (from, to, sure)));
            }
        }
    }

    /// The geometric mean of all, by the length of what each reads alone.
    pub(super) fn mean(&self) -> Option<f32> {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (at, (from, to, sure)) in self.windows.iter().enumerate() {
            let next = self.windows.get(at + 1).map_or(*to, |(next, ..)| (*to).min(*next));
            let length = next.saturating_sub(*from).max(1) as f32;
            sum += length * sure.max(f32::MIN_POSITIVE).ln();
            weight += length;
        }
        if weight > 0.0 { Some((sum / weight).exp()) } else { self.draft }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_window_counts_by_what_it_reads_alone() {
        let mut sure = Sureness::default();
        assert_eq!(sure.mean(), None);
        sure.take((0, 100), InterimMergeMode::Draft, Some(0.2));
        assert_eq!(sure.mean(), Some(0.2));
        sure.take((0, 100), InterimMergeMode::Whole, Some(0.9));
        sure.take((0, 200), InterimMergeMode::Whole, Some(0.8));
        let is = |sure: &Sureness, wanted: f32| (sure.mean().unwrap() - wanted).abs() < 1e-4;
        assert!(is(&sure, 0.8), "the same window, read again");
        sure.take((100, 400), InterimMergeMode::Whole, Some(0.4));
        assert!(is(&sure, (0.8_f32.ln() * 0.25 + 0.4_f32.ln() * 0.75).exp()));
        sure.take((400, 500), InterimMergeMode::Whole, None);
        sure.take((450, 500), InterimMergeMode::Draft, Some(0.1));
        assert!(is(&sure, (0.8_f32.ln() * 0.25 + 0.4_f32.ln() * 0.75).exp()), "nothing was read there");
    }
}

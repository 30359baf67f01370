//! What was said before, so that sentences said often are made once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many things asked for once are remembered, by 64 bits each.
const ASKED_ONCE: usize = 512;

/// The words of a piece as they are said, and the speed in thousandths.
pub(super) type SpeechCacheKey = (String, u32);

/// Keeps what is asked for a second time, within so many bytes; what was not asked for the longest goes first.
pub(super) struct Cache<V> {
    kept: Mutex<SpeechCacheState<V>>,
    most: usize,
}

struct SpeechCacheState<V> {
    /// What is kept, its bytes, and when it was last asked for.
    values: BTreeMap<SpeechCacheKey, (Arc<V>, usize, u64)>,
    bytes: usize,
    clock: u64,
    /// Hashes of keys that were asked for once.
    once: VecDeque<u64>,
}

impl<V> Cache<V> {
    /// An empty one that keeps at most so many bytes.
    pub(super) fn new(most: usize) -> Self {
        let kept = SpeechCacheState { values: BTreeMap::new(), bytes: 0, clock: 0, once: VecDeque::new() };
        Self { kept: Mutex::new(kept), most }
    }

    /// What is kept under this key.
    pub(super) fn get(&self, key: &SpeechCacheKey) -> Option<Arc<V>> {
        let mut kept = self.lock();
        kept.clock += 1;
        let clock = kept.clock;
        let (value, _, asked) = kept.values.get_mut(key)?;
        *asked = clock;
        Some(Arc::clone(value))
    }

    /// Offers a value with its size in bytes. It is kept from the second time on.
    pub(super) fn offer(&self, key: &SpeechCacheKey, value: &Arc<V>, bytes: usize) {
        let bytes = bytes + key.0.len();
        let mut kept = self.lock();
        let hash = hash(key);
        let Some(at) = kept.once.iter().position(|known| *known == hash) else {
            kept.once.push_back(hash);
            if kept.once.len() > ASKED_ONCE {
                kept.once.pop_front();
            }
            return;
        };
        if bytes > self.most || kept.values.contains_key(key) {
            return;
        }
        kept.once.remove(at);
        kept.clock += 1;
        let clock = kept.clock;
        kept.bytes += bytes;
        kept.values.insert(key.clone(), (Arc::clone(value), bytes, clock));
        while kept.bytes > self.most {
            let oldest =
                kept.values.iter().min_by_key(|(_, (_, _, asked))| *asked).map(|(key, _)| key.clone());
            let Some((_, gone, _)) = oldest.and_then(|key| kept.values.remove(&key)) else { return };
            kept.bytes -= gone;
        }
    }

    fn lock(&self) -> MutexGuard<'_, SpeechCacheState<V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// FNV-1a. Two texts with one hash cost no more than keeping one of them early.
fn hash((text, speed): &SpeechCacheKey) -> u64 {
    let bytes = text.bytes().chain(speed.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> SpeechCacheKey {
        (text.to_owned(), 1000)
    }

    fn offer(cache: &Cache<u8>, text: &str, bytes: usize) {
        cache.offer(&key(text), &Arc::new(7), bytes);
    }

    #[test]
    fn what_is_said_twice_is_kept_by_text_and_speed() {
        let cache = Cache::new(100);
        offer(&cache, "Hello.", 10);
        assert_eq!(cache.get(&key("Hello.")), None);
        offer(&cache, "Hello.", 10);
        assert_eq!(cache.get(&key("Hello.")).as_deref(), Some(&7));
        assert_eq!(cache.get(&("Hello.".to_owned(), 1100)), None);
    }

    #[test]
    fn what_was_not_asked_for_the_longest_goes_first() {
        let cache = Cache::new(100);
        for text in ["a", "b", "a", "b"] {
            offer(&cache, text, 40);
        }
        assert!(cache.get(&key("a")).is_some());
        for _ in 0..2 {
            offer(&cache, "c", 40);
        }
        let kept = ["a", "b", "c"].map(|text| cache.get(&key(text)).is_some());
        assert_eq!(kept, [true, false, true]);
        assert!(cache.lock().bytes <= 100);
    }

    #[test]
    fn it_is_bounded() {
        let cache = Cache::new(100);
        for number in 0..2000 {
            offer(&cache, &format!("{number}"), 1);
        }
        assert_eq!(cache.lock().once.len(), ASKED_ONCE);
        for _ in 0..2 {
            offer(&cache, "too large", 1000);
        }
        assert!(cache.get(&key("too large")).is_none());
        assert_eq!(cache.lock().bytes, 0);
    }
}

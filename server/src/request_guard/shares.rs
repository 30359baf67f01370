//! How many of something each of many may hold at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use engine::Owner;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::address::ClientAddress;

/// Most interviews that one browser follows at once: as many tabs as anyone has use for.
pub const STREAMS_A_BROWSER: usize = 32;

/// Counts what each holds. Those that hold nothing take no memory.
pub struct Shares<K> {
    most: usize,
    held: Arc<Mutex<HashMap<K, usize>>>,
}

/// One that is held; given back when it is dropped.
pub struct ShareGuard<K: Hash + Eq> {
    key: K,
    held: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Hash + Eq + Clone> Shares<K> {
    /// Each may hold so many.
    pub fn new(most: usize) -> Self {
        Self { most, held: Arc::default() }
    }

    /// One more; `None` if this one holds all that it may.
    pub fn take(&self, key: K) -> Option<ShareGuard<K>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.get(&key).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        held.insert(key.clone(), count + 1);
        Some(ShareGuard { key, held: Arc::clone(&self.held) })
    }
}

impl<K: Hash + Eq> Drop for ShareGuard<K> {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => drop(held.remove(&self.key)),
        }
    }
}

/// Most interviews that one browser holds by voice at a time: one, and the next while the last one ends.
const VOICES_A_BROWSER: usize = 2;

/// The shares of those who talk.
pub struct VoiceShares {
    browsers: Shares<Owner>,
    addresses: Shares<ClientAddress>,
}

/// The share of one who talks; of nobody, if whoever lets people in answers for them.
#[derive(Default)]
pub struct VoiceShare {
    _browser: Option<ShareGuard<Owner>>,
    _address: Option<ShareGuard<ClientAddress>>,
}

impl VoiceShares {
    /// Of so many places; half of them are for one address at most.
    pub fn new(most: usize) -> Self {
        let address = most.div_ceil(2).max(VOICES_A_BROWSER);
        Self { browsers: Shares::new(VOICES_A_BROWSER), addresses: Shares::new(address) }
    }

    /// A share for this browser, at this address if that tells people apart; `None` if either has all that it may.
    pub fn take(&self, browser: Owner, address: Option<ClientAddress>) -> Option<VoiceShare> {
        let address = address.map(|address| self.addresses.take(address).ok_or(())).transpose().ok()?;
        Some(VoiceShare { _browser: Some(self.browsers.take(browser)?), _address: address })
    }
}

/// The places of event streams.
pub struct EventStreamPlaces {
    all: Arc<Semaphore>,
    browsers: Shares<Owner>,
    addresses: Shares<ClientAddress>,
}

/// The place of one event stream.
pub struct StreamPlace {
    _all: OwnedSemaphorePermit,
    _browser: ShareGuard<Owner>,
    _address: ShareGuard<ClientAddress>,
}

impl EventStreamPlaces {
    /// So many places; half of them for one address at most, and [`STREAMS_A_BROWSER`] for one browser.
    pub fn new(most: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            browsers: Shares::new(STREAMS_A_BROWSER),
            addresses: Shares::new(most.div_ceil(2)),
        }
    }

    /// A place, if there is one for this browser at this address.
    pub fn take(&self, browser: Owner, address: ClientAddress) -> Option<StreamPlace> {
        Some(StreamPlace {
            _browser: self.browsers.take(browser)?,
            _address: self.addresses.take(address)?,
            _all: Arc::clone(&self.all).try_acquire_owned().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn owner(n: usize) -> Owner {
        Owner(format!("browser {n}"))
    }

    fn address(n: u32) -> ClientAddress {
        IpAddr::V4(Ipv4Addr::from_bits(n)).into()
    }

    #[test]
    fn one_browser_takes_so_many_places_and_gives_them_back() {
        let streams = EventStreamPlaces::new(1_000);
        let mut held: Vec<_> =
            (0..STREAMS_A_BROWSER).map(|_| streams.take(owner(1), address(1)).unwrap()).collect();
        assert!(streams.take(owner(1), address(2)).is_none());
        assert!(streams.take(owner(2), address(1)).is_some());
        held.pop();
        assert!(streams.take(owner(1), address(1)).is_some());
        drop(held);
        assert!(streams.browsers.held.lock().unwrap().is_empty(), "nothing is kept of those that left");
        assert_eq!(streams.all.available_permits(), 1_000);
    }

    #[test]
    fn one_browser_talks_twice_and_one_address_takes_half_the_voices() {
        let voices = VoiceShares::new(6);
        let held: Vec<_> = (0..12).filter_map(|_| voices.take(owner(1), Some(address(1)))).collect();
        assert_eq!(held.len(), 2, "the refused hold nothing of the address");
        let others: Vec<_> = (2..12).filter_map(|n| voices.take(owner(n), Some(address(1)))).collect();
        assert_eq!(others.len(), 1);
        assert!(voices.take(owner(90), Some(address(2))).is_some());
        assert!(voices.take(owner(91), None).is_some(), "where addresses tell nobody apart");
        drop(held);
        assert!(voices.take(owner(1), Some(address(1))).is_some());
    }

    #[test]
    fn one_address_takes_half_and_all_are_no_more_than_there_are() {
        let streams = EventStreamPlaces::new(10);
        let held: Vec<_> = (0..20).filter_map(|n| streams.take(owner(n), address(1))).collect();
        assert_eq!(held.len(), 5);
        let more: Vec<_> = (0..20).filter_map(|n| streams.take(owner(n), address(2))).collect();
        assert_eq!(more.len(), 5);
        assert!(streams.take(owner(90), address(3)).is_none());
        drop(held);
        assert!(streams.take(owner(90), address(3)).is_some());
        assert_eq!(streams.addresses.held.lock().unwrap().len(), 1, "the refused hold nothing");
    }
}

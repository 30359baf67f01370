//! Ports that a test holds in its hand, on tokio's clock, so that time can stand still: a room, somebody who speaks in
//! it, hearing and speaking that take time and fail when told to, and an interview.

mod hearing;
mod interview;
mod person;
mod room;
mod speaking;

pub use hearing::{FakeHearing, NOISE};
pub use interview::{FakeInterview, Said};
pub use person::Person;
pub use room::{FakeRoom, FakeVoice, SentText};
pub use speaking::FakeTts;

use std::sync::{Mutex, MutexGuard, PoisonError};

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

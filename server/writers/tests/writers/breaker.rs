//! A provider that keeps failing is left alone for a while.

use std::sync::Arc;

use engine::testing::{FakeClock, FakeWriter, NotingObserver, Piece};
use engine::{Clock as _, LineWordStream, Observer, Writer, WriterError};
use futures::{FutureExt as _, StreamExt as _};
use interview::{Brief, LinePurpose};
use writers::WriterBreaker;

use crate::brief::brief;

struct House {
    clock: Arc<FakeClock>,
    fake: Arc<FakeWriter>,
    breaker: WriterBreaker,
}

fn house(scripts: Vec<Vec<Piece>>) -> House {
    let (clock, fake) = (Arc::new(FakeClock::new(1_000_000)), Arc::new(FakeWriter::new(scripts)));
    let breaker = WriterBreaker::new(fake.clone(), clock.clone());
    House { clock, fake, breaker }
}

fn well() -> Vec<Piece> {
    vec![Piece::Words("What did you do?".to_owned())]
}

fn badly() -> Vec<Piece> {
    vec![Piece::Fail]
}

impl House {
    fn brief(&self) -> Brief {
        let mut brief = brief(LinePurpose::Probe);
        (brief.first_words_by, brief.whole_by) = (self.clock.now() + 8_000, self.clock.now() + 20_000);
        brief
    }

    fn words(&self) -> LineWordStream {
        self.breaker.write(self.brief())
    }

    async fn ask(&self) -> Result<String, WriterError> {
        self.words().collect::<Vec<_>>().await.into_iter().collect()
    }

    async fn spared(&self) -> bool {
        let calls = self.fake.calls();
        let spared = self.ask().await == Err(WriterError::Spared);
        assert_eq!(spared, self.fake.calls() == calls);
        spared
    }
}

#[tokio::test(start_paused = true)]
async fn three_failures_in_a_row_open_it() {
    let house = house(vec![badly(), badly(), well(), badly(), badly(), badly(), well()]);
    for _ in 0..6 {
        assert!(!house.spared().await);
    }
    assert!(house.spared().await);
    house.clock.jump(29_999);
    assert!(house.spared().await);
    house.clock.jump(1);
    assert!(house.ask().await.is_ok());
    assert!(!house.spared().await);
}

#[tokio::test(start_paused = true)]
async fn each_failed_try_doubles_the_pause_up_to_five_minutes() {
    let house = house(vec![badly(); 20]);
    for _ in 0..3 {
        assert!(!house.spared().await);
    }
    for pause in [30_000, 60_000, 120_000, 240_000, 300_000, 300_000] {
        house.clock.jump(pause - 1);
        assert!(house.spared().await, "{pause}");
        house.clock.jump(1);
        assert!(!house.spared().await, "{pause}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_tries_while_the_others_are_spared() {
    let slow = vec![Piece::Wait(3_600_000)];
    let house = house(vec![badly(), badly(), badly(), slow, well(), well()]);
    for _ in 0..3 {
        assert!(!house.spared().await);
    }
    house.clock.jump(30_000);
    let mut trying = house.words();
    assert!(trying.next().now_or_never().is_none());
    assert!(house.spared().await);
    // The one who tried went away before anything was due: the next one may try.
    drop(trying);
    assert!(!house.spared().await);
    assert!(!house.spared().await);
}

#[tokio::test(start_paused = true)]
async fn being_late_is_a_failure_and_going_away_is_not() {
    let slow = || vec![Piece::Wait(3_600_000)];
    let house = house(vec![slow(), slow(), slow(), slow(), slow(), slow(), well()]);
    for _ in 0..3 {
        let mut words = house.words();
        assert!(words.next().now_or_never().is_none());
    }
    for _ in 0..3 {
        let mut words = house.words();
        assert!(words.next().now_or_never().is_none());
        house.clock.jump(8_000);
    }
    assert!(house.spared().await);
}

#[tokio::test(start_paused = true)]
async fn it_tells_when_it_opens_and_closes() {
    let house = house(vec![badly(), badly(), badly(), badly(), well(), badly()]);
    let told = Arc::new(NotingObserver::default());
    house.breaker.observed_by(&(told.clone() as Arc<dyn Observer>));
    for _ in 0..2 {
        assert!(!house.spared().await);
    }
    assert!(told.told().is_empty());
    assert!(!house.spared().await);
    assert_eq!(told.told(), ["left alone: true"]);
    for expected in ["left alone: true", "left alone: false"] {
        assert!(house.spared().await && told.told().is_empty());
        house.clock.jump(60_000);
        assert!(!house.spared().await);
        assert_eq!(told.told(), [expected]);
    }
}

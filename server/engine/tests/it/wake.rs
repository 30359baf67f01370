//! What time does to a session: nudge, offer, pause, close; and the end of the engine itself.

use std::sync::Arc;

use engine::testing::Piece;
use engine::{BuiltIn, Engine, EngineError};
use interview::{EndReason, LinePurpose, Speaker, Status};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::house::{ANSWER, House, QUESTIONS, opens_then, pass, said, start};

fn running(engine: &Engine) -> (CancellationToken, JoinHandle<()>) {
    let stop = CancellationToken::new();
    let task = tokio::spawn({
        let (engine, stop) = (engine.clone(), stop.clone());
        async move { engine.run(stop).await }
    });
    (stop, task)
}

fn purposes(snapshot: &engine::Snapshot) -> Vec<LinePurpose> {
    let lines = snapshot.messages.iter().filter(|(m, _)| m.speaker == Speaker::Interviewer);
    lines.filter_map(|(m, _)| m.why.as_ref()).map(|why| why.purpose).collect()
}

#[tokio::test(start_paused = true)]
async fn a_silence_is_answered_then_left_alone_then_closed() {
    let house = House::built_in();
    let id = house.created().await;
    let (stop, task) = running(&house.engine);
    pass(1_000).await;
    house.engine.turn(id, start()).await.unwrap();
    let plan = house.engine.snapshot(id).await.unwrap().plan.clone();
    let silence = plan.silence_text;
    let wait = |millis: i64| pass(u64::try_from(millis).unwrap());
    wait(silence.nudge + 2_000).await;
    assert_eq!(purposes(&house.sound(id).await), [LinePurpose::Opening, LinePurpose::Nudge]);
    wait(silence.offer - silence.nudge).await;
    assert_eq!(
        purposes(&house.sound(id).await),
        [LinePurpose::Opening, LinePurpose::Nudge, LinePurpose::Offer]
    );
    wait(silence.pause - silence.offer).await;
    let paused = house.sound(id).await;
    assert_eq!((paused.status, paused.messages.len()), (Status::Paused, 3), "it keeps everything");
    wait(plan.abandon - silence.pause - 10_000).await;
    assert_eq!(house.sound(id).await.status, Status::Paused);
    wait(20_000).await;
    let closed = house.sound(id).await;
    assert_eq!(closed.status, Status::Completed(EndReason::Abandoned));
    assert_eq!(closed.messages, paused.messages);
    assert_eq!(house.store.next_deadline().await.unwrap(), None);
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn deadlines_outlive_a_restart() {
    let house = House::built_in();
    let id = house.opened().await;
    let next = house.again(Arc::new(BuiltIn));
    let silence = next.engine.snapshot(id).await.unwrap().plan.silence_text;
    pass(u64::try_from(silence.offer).unwrap() - 1_000).await;
    // Nobody was there at the nudge's time.
    let (stop, task) = running(&next.engine);
    pass(500).await;
    assert_eq!(purposes(&next.sound(id).await), [LinePurpose::Opening, LinePurpose::Nudge]);
    pass(2_000).await;
    assert_eq!(
        purposes(&next.sound(id).await),
        [LinePurpose::Opening, LinePurpose::Nudge, LinePurpose::Offer]
    );
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn many_sessions_are_woken_each_at_its_time() {
    let house = House::built_in();
    let (stop, task) = running(&house.engine);
    let mut ids = Vec::new();
    for _ in 0..50 {
        ids.push(house.opened().await);
        pass(100).await;
    }
    let silence = house.engine.snapshot(ids[0]).await.unwrap().plan.silence_text;
    pass(u64::try_from(silence.nudge).unwrap()).await;
    for id in ids {
        assert_eq!(purposes(&house.sound(id).await), [LinePurpose::Opening, LinePurpose::Nudge]);
    }
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_lets_the_turn_finish_and_takes_no_other() {
    let house = House::model(&opens_then(vec![Piece::Wait(5_000), Piece::Words(QUESTIONS[1].to_owned())]));
    let id = house.opened().await;
    let (stop, task) = running(&house.engine);
    let engine = house.engine.clone();
    let asked = tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await.unwrap() });
    pass(1_000).await;
    stop.cancel();
    pass(1_000).await;
    assert!(!task.is_finished(), "it waits");
    assert!(matches!(house.engine.turn(id, said("b", ANSWER)).await, Err(EngineError::ShuttingDown)));
    assert!(matches!(house.engine.ready().await, Err(EngineError::ShuttingDown)));
    task.await.unwrap();
    assert!(asked.is_finished() || house.store.load(id).await.unwrap().unwrap().messages.len() == 3);
    assert_eq!(asked.await.unwrap().text, QUESTIONS[1]);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_harms_nothing() {
    let house = House::built_in();
    let id = house.opened().await;
    let (stop, task) = running(&house.engine);
    pass(1_000).await;
    house.clock.jump(-3_600_000);
    house.say(id, "a", ANSWER).await;
    house.clock.jump(7_200_000);
    pass(61_000).await;
    let snapshot = house.sound(id).await;
    assert_eq!(snapshot.status, Status::Active, "two hours that nobody observed are no silence");
    assert_eq!(snapshot.messages.len(), 3, "and nobody is nudged for them");
    house.say(id, "b", "I am back now.").await;
    assert_eq!(house.sound(id).await.status, Status::Active);
    stop.cancel();
    task.await.unwrap();
}

const HOUR: i64 = 3_600_000;
const TEN_YEARS: i64 = 87_600 * HOUR;

#[tokio::test(start_paused = true)]
async fn no_jump_sleep_or_restart_costs_a_candidate_time() {
    let steady = House::built_in();
    let expected = {
        let id = steady.opened().await;
        pass(20_000).await;
        steady.say(id, "a", ANSWER).await;
        pass(20_000).await;
        steady.sound(id).await.progress
    };
    for jump in [HOUR, 24 * HOUR, TEN_YEARS, -HOUR, -TEN_YEARS] {
        for restart in [false, true] {
            let mut house = House::built_in();
            let id = house.opened().await;
            let (mut stop, mut task) = running(&house.engine);
            pass(20_000).await;
            house.say(id, "a", ANSWER).await;
            if restart {
                stop.cancel();
                task.await.unwrap();
                house.clock.restart();
                house = house.again(Arc::new(BuiltIn));
                (stop, task) = running(&house.engine);
            }
            house.clock.jump(jump);
            pass(20_000).await;
            let shown = house.sound(id).await;
            assert_eq!((shown.progress, shown.status), (expected, Status::Active), "{jump} ms, {restart}");
            // And it cannot stall: silence is answered when it is due, wherever the clock stands.
            pass(u64::try_from(shown.plan.silence_text.nudge).unwrap() + 61_000).await;
            let waited = purposes(&house.sound(id).await);
            assert_eq!(waited.last(), Some(&LinePurpose::Nudge), "{jump} ms, {restart}");
            stop.cancel();
            task.await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_is_waited_for_as_long_as_is_due_whatever_the_clock_does() {
    for jump in [HOUR, -HOUR] {
        let script = vec![Piece::Wait(5_000), Piece::Words(QUESTIONS[1].to_owned())];
        let house = House::model(&opens_then(script));
        let id = house.opened().await;
        let engine = house.engine.clone();
        let asked = tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await.unwrap() });
        pass(1_000).await;
        house.clock.jump(jump);
        assert_eq!(asked.await.unwrap().text, QUESTIONS[1], "a jump of {jump} ms");
    }
}

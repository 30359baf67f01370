//! How long it takes until the end of a turn is known, and what hearing costs, for several sessions at once.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use futures::future::try_join_all;
use tokio::time::{Instant, sleep};

use crate::kit::Kit;
use crate::listen::listen;
use crate::machine;
use crate::plan::SpeechWorkload;
use crate::python::Cost;
use crate::samples::LatencySamples;
use crate::sets::{HearingSet, long};

/// Sessions at once that each hear somebody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns {
    pub(crate) sessions: usize,
    pub(crate) turns: LatencySamples,
    pub(crate) since_speech: LatencySamples,
    pub(crate) judged: LatencySamples,
    pub(crate) gaps: LatencySamples,
    pub(crate) cost: Cost,
    /// Processor seconds a second of audio in the first and in the last quarter.
    pub(crate) quarters: [f64; 2],
}

/// Has so many sessions hear different answers for the same time.
pub(crate) async fn measure(
    kit: &Arc<Kit>,
    set: &HearingSet,
    sessions: usize,
    amounts: SpeechWorkload,
) -> Result<Turns> {
    let seconds = if sessions == 1 { amounts.long } else { amounts.long / 3 };
    let (began, before) = (Instant::now(), machine::cpu()?);
    let listeners = try_join_all((0..sessions).map(|session| {
        let (kit, pcm) = (Arc::clone(kit), long(set, session * 2, seconds));
        async move {
            // Nobody begins at the very same moment as somebody else.
            sleep(Duration::from_millis(session as u64 * 137)).await;
            tokio::spawn(async move { listen(&kit, &pcm, true).await }).await?
        }
    }));
    let quarter = seconds as f64 / 4.0;
    let quarters = async {
        let mut at = [0.0; 5];
        for look in &mut at {
            *look = machine::cpu()?;
            sleep(Duration::from_secs_f64(quarter)).await;
        }
        let all = quarter * sessions as f64;
        anyhow::Ok([(at[1] - at[0]) / all, (at[4] - at[3]) / all])
    };
    let (listened, quarters) = tokio::try_join!(listeners, quarters)?;
    let cost = Cost {
        wall: began.elapsed().as_secs_f64(),
        cpu: machine::cpu()? - before,
        audio: (seconds * sessions) as f64,
    };
    let mut turns = Turns { sessions, cost, quarters, ..Turns::default() };
    for told in listened {
        turns.turns.0.extend(told.turns);
        turns.since_speech.0.extend(told.since_speech);
        turns.judged.0.extend(told.judged);
        turns.gaps.0.extend(told.gaps);
    }
    Ok(turns)
}

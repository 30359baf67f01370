//! A long stay: both SDKs and our participant in one room with cuts and losses, other rooms coming and going, and
//! every minute a line of what the server needs and what is heard; at the end a verdict.

mod churn;
mod report;
mod sdk;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::guest::{Guest, ToneParticipant};
use crate::network::{DatagramImpairment, TcpFaultProxy, relay};
use crate::served::ServerUnderTest;
use churn::{ChurnTally, lane};
use report::{Minute, SoakReport, SoakResourceUsage};
use sdk::{Sdk, SdkPlatform};

/// Rooms that come and go at the same time.
const LANES: u64 = 4;
/// What becomes of all media.
const FATE: DatagramImpairment = DatagramImpairment { loss: 0.01, jitter: Duration::from_millis(10) };
/// How often somebody's signalling is cut in the room that stays, each in turn; and each which of these is held, on our
/// own server for so long that it has to join anew.
const CUT: Duration = Duration::from_secs(40);
const HELD: u32 = 4;
/// For so long at most: after some 18 s LiveKit's SDKs give up. (Ours do not, and in the rooms that come and go they
/// are held for longer than any server waits.)
const HELD_FOR: Duration = Duration::from_secs(12);
/// Before the end nothing is cut, so that all are there.
const CALM: Duration = Duration::from_secs(80);
const ROOM: &str = "stays";
/// Who is in it, with their tones.
const PEOPLE: [(&str, f64); 3] = [("ours", 1_000.0), ("python", 440.0), ("browser", 700.0)];

/// Holds everything up for so long, in the room server alone or in this program; `true` when nothing leaked and
/// everybody was heard.
pub(crate) async fn soak(minutes: u32, program: Option<&Path>) -> Result<bool> {
    let announce = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    let server = Arc::new(match program {
        None => ServerUnderTest::start(Some(announce)).await?,
        Some(program) => ServerUnderTest::program(program, announce).await?,
    });
    let inside = SocketAddr::from((Ipv4Addr::LOCALHOST, server.media.port()));
    let relay = relay(server.media, inside, FATE).await?;
    // In the program the browser is the candidate, who has another name there.
    let [(ours, _), (python, _), (browser, _)] = PEOPLE;
    let hall = server.hall(ROOM, browser).await?;
    let known = |name: &'static str| if name == browser { hall.identity.as_str() } else { name };
    server.warm().await?;
    let empty = figures(&server).await?;
    let mut report = SoakReport::new(empty);
    let all: Vec<(&str, f64)> = PEOPLE.iter().map(|(name, hz)| (known(name), *hz)).collect();
    let [one, two, three] = [0, 1, 2].map(|own| [&all[..own], &all[own + 1..]].concat());
    let token = |name| server.token(name, &hall.room);
    let who = ToneParticipant { token: token(ours)?, hz: PEOPLE[0].1, others: &one };
    let ours = Guest::enter(&server, who, None).await?;
    let who = ToneParticipant { token: token(python)?, hz: PEOPLE[1].1, others: &two };
    let python = Sdk::enter(&server, SdkPlatform::Python, who).await?;
    let who = ToneParticipant { token: hall.token.clone(), hz: PEOPLE[2].1, others: &three };
    let browser = Sdk::enter(&server, SdkPlatform::Browser, who).await?;

    let (stop, tally) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(ChurnTally::default())));
    let mut lanes = JoinSet::new();
    for number in 0..LANES {
        lanes.spawn(lane(Arc::clone(&server), number, Arc::clone(&stop), Arc::clone(&tally)));
    }
    let begin = Instant::now();
    let end = begin + Duration::from_secs(60) * minutes;
    let cuts = cuts([&ours.proxy, &python.proxy, &browser.proxy], server.waits.resume, end);
    let watch = async {
        for number in 1..=minutes {
            tokio::time::sleep_until(begin + Duration::from_secs(60) * number).await;
            let heard = [
                ("ours", std::mem::take(&mut ours.seen().heard)),
                ("python", std::mem::take(&mut python.told().heard)),
                ("browser", std::mem::take(&mut browser.told().heard)),
            ];
            let candidate = &hall.identity;
            let pairs = heard.into_iter().flat_map(|(hearer, heard)| {
                heard.into_iter().map(move |(speaker, heard)| {
                    let speaker = if speaker == *candidate { PEOPLE[2].0.to_owned() } else { speaker };
                    ((hearer.to_owned(), speaker), heard)
                })
            });
            let tally = tally.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let (resumed, rejoined) = {
                let seen = ours.seen();
                (seen.resumed, seen.rejoined)
            };
            let came_back = [resumed, rejoined, python.told().reconnected, browser.told().reconnected];
            let pairs: BTreeMap<_, _> = pairs.collect();
            let minute = Minute { number, figures: figures(&server).await?, pairs, came_back, tally };
            println!("{}", minute.line());
            report.minutes.push(minute);
        }
        anyhow::Ok(())
    };
    let cuts = async {
        cuts.await;
        Ok(())
    };
    tokio::try_join!(watch, cuts)?;

    stop.store(true, Ordering::Relaxed);
    while lanes.join_next().await.is_some() {}
    for (name, sdk) in [("python", &python), ("browser", &browser)] {
        report.faults.extend(sdk.told().faults.iter().map(|fault| format!("{name}: {fault}")));
    }
    if ours.seen().ended {
        report.faults.push("ours was sent away".into());
    }
    report.faults.extend(tally.lock().unwrap_or_else(PoisonError::into_inner).failures.clone());
    ours.leave().await;
    python.leave().await?;
    browser.leave().await?;
    tokio::time::sleep(server.waits.resume + server.waits.departure + Duration::from_secs(4)).await;
    report.left = Some(figures(&server).await?);
    if let Some(program) = &server.program {
        report.faults.extend(program.faults()?);
    }
    print!("{}", report.verdict());
    drop(relay);
    if let Some(server) = Arc::into_inner(server) {
        server.stop().await?;
    }
    Ok(report.good())
}

/// What the server needs at the moment.
async fn figures(server: &ServerUnderTest) -> Result<SoakResourceUsage> {
    Ok(SoakResourceUsage {
        memory: server.memory()?,
        files: server.files()?,
        tasks: server.tasks().await?,
        rooms: server.rooms().await?,
        cpu: server.cpu()?,
        own: crate::served::memory("self")?,
    })
}

/// Cuts one wire after the other.
async fn cuts(wires: [&TcpFaultProxy; 3], resume: Duration, end: Instant) {
    for number in 0.. {
        tokio::time::sleep(CUT).await;
        if Instant::now() + CALM > end {
            break;
        }
        let wire = wires[number as usize % wires.len()];
        if number % HELD == HELD - 1 {
            wire.hold(true);
            tokio::time::sleep(HELD_FOR.min(resume + Duration::from_secs(2))).await;
            wire.hold(false);
        } else {
            wire.cut();
        }
    }
}

//! A server from its start to its end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::context::AppContext;
use app::view::{About, ModelView};
use engine::{
    BuiltIn, Clock as _, Engine, EngineError, Helpers, Judge, Reader, Store, SystemClock, WatchedClock,
    Writer,
};
use rooms::RoomGate;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::data::{DataError, DataFolder};
use crate::livekit::admission::session_of;
use crate::livekit::choice::RoomServer;
use crate::livekit::{self, Livekit};
use crate::local_models;
use crate::metrics::{Metrics, endpoint::MetricsAccess};
use crate::reading::LocalReader;
use crate::request_guard::InboundTransport;
use crate::request_guard::host::Hosts;
use crate::request_guard::rate::RequestLimiter;
use crate::secrets::{self, SecretDigest, SecretError};
use crate::settings::{ServerSettings, SpeechLoad};
use crate::site::{Site, SiteError};
use crate::speech::log_processor;
use crate::storage::{self, FileSounds, StorageError};
use crate::tls::{self, TlsError};
use crate::voice::crew::most_at_once;
use crate::voice::{OpenSpeech, VoiceAgents, admit, open_speech};
use crate::wired::Wired;
use crate::writer::{self, ChosenWriter, WriterEnvironment};
use crate::{listen, open_files, retention, router};

/// How long running requests and turns may take to finish after the stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// Why a server cannot start; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServerStartError {
    /// Nothing to serve.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// No certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Nowhere to keep anything.
    #[error(transparent)]
    Data(#[from] DataError),
    /// No keys.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// No store.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// No writer.
    #[error(transparent)]
    Writer(#[from] writer::WriterChoiceError),
    /// Nowhere to have rooms.
    #[error(transparent)]
    Rooms(#[from] livekit::RoomsChoiceError),
    /// The embedded rooms do not start.
    #[error(transparent)]
    Livekit(#[from] livekit::LivekitStartError),
    /// The agents have no way to the rooms.
    #[error(
        "the loopback cannot be listened on ({0}), by which the interviewer comes into the rooms for voice; bring it up, or do without voice: --rooms off"
    )]
    Loopback(io::Error),
    /// Another program has the port.
    #[error(
        "port {port} of {host} is taken, perhaps by another InterviewOS; stop that program, or name another port with --port"
    )]
    PortTaken {
        /// Where.
        host: String,
        /// Which.
        port: u16,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {host}:{port} ({source}); name another address with --host or --port")]
    Listen {
        /// Where.
        host: String,
        /// Which.
        port: u16,
        /// Why.
        source: io::Error,
    },
}

/// A server that is ready to run.
pub struct Server {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    address: SocketAddr,
    wired: Wired,
    voice: Option<VoiceAgents>,
    clock: Arc<WatchedClock>,
    most: listen::ConnectionLimits,
    keep_days: u32,
    // Held until the end.
    _data: DataFolder,
}

/// The models of a server.
struct ServerModels {
    writer: Arc<dyn Writer>,
    judge: Option<Arc<dyn Judge>>,
    /// The writer's, as pages tell of it.
    view: Option<ModelView>,
}

impl Server {
    /// Opens everything, with the writer and the rooms that settings and environment choose; nothing is answered yet,
    /// but connections are queued.
    pub async fn start(settings: &ServerSettings) -> Result<Self, ServerStartError> {
        let environment =
            local_models::locate_named_model(settings.model.as_deref(), WriterEnvironment::of_the_process())
                .await;
        let chosen = ChosenWriter::new(settings.writer, settings.model.as_deref(), &environment)?;
        let environment = livekit::LivekitEnvironment::of_the_process();
        let place = livekit::ChosenRooms::new(settings.rooms, &environment)?.place;
        if environment.has_half_a_pair() {
            tracing::warn!(
                "LIVEKIT_API_KEY and LIVEKIT_API_SECRET belong together, and one of them is not set"
            );
        }
        chosen.log();
        log_processor(settings);
        let models = ServerModels { writer: chosen.writer(), judge: chosen.judge(), view: chosen.view() };
        let server = Self::open(settings, models, place, None).await?;
        if chosen.view().is_none() {
            let offer = Arc::clone(&server.wired.app.offer);
            tokio::spawn(async move {
                offer.set(local_models::find_first().await.map(local_models::LocalModelServer::offer))
            });
        }
        match (&server.voice, settings.speech_load) {
            (Some(voice), SpeechLoad::Start) => voice.get_ready(),
            (Some(_), SpeechLoad::FirstUse) | (None, _) => {}
        }
        Ok(server)
    }

    /// The same with this writer, whatever the environment says; rooms are embedded or off.
    pub async fn start_with(
        settings: &ServerSettings,
        writer: Arc<dyn Writer>,
    ) -> Result<Self, ServerStartError> {
        Self::start_with_models(settings, writer, None).await
    }

    /// The same with this writer and this judge.
    pub async fn start_with_models(
        settings: &ServerSettings,
        writer: Arc<dyn Writer>,
        judge: Option<Arc<dyn Judge>>,
    ) -> Result<Self, ServerStartError> {
        let name = writer.name().to_owned();
        let view = (name != BuiltIn.name()).then(|| ModelView {
            at: name.clone(),
            name,
            here: false,
            trouble: None,
        });
        let place = livekit::ChosenRooms::new(settings.rooms, &livekit::LivekitEnvironment::default())?.place;
        Self::open(settings, ServerModels { writer, judge, view }, place, None).await
    }

    /// The same with this writer and this speech.
    pub async fn start_with_speech(
        settings: &ServerSettings,
        writer: Arc<dyn Writer>,
        speech: OpenSpeech,
    ) -> Result<Self, ServerStartError> {
        let place = livekit::ChosenRooms::new(settings.rooms, &livekit::LivekitEnvironment::default())?.place;
        Self::open(settings, ServerModels { writer, judge: None, view: None }, place, Some(speech)).await
    }

    async fn open(
        settings: &ServerSettings,
        ServerModels { writer, judge, view: model }: ServerModels,
        place: RoomServer,
        speech: Option<OpenSpeech>,
    ) -> Result<Self, ServerStartError> {
        let site = Site::open(settings.site.as_deref())?;
        let tls = tls::acceptor(settings)?;
        let way = InboundTransport { tls: tls.is_some(), proxy: settings.trusted_proxy };
        let listener = bind(&settings.host, settings.port).await?;
        let address = listener.local_addr().map_err(|source| ServerStartError::Listen {
            host: settings.host.clone(),
            port: settings.port,
            source,
        })?;
        let data = DataFolder::open(&settings.data)?;
        let key = secrets::cookie_key(data.path())?;
        let secret = match &settings.ingest_secret {
            Some(secret) => secret.clone(),
            None => secrets::ingest_secret(data.path())?,
        };
        let least_free = settings.min_free_mb.saturating_mul(1_000_000);
        let store = storage::of(data.path()).open(least_free).await?;
        let sounds = FileSounds::new(data.path(), least_free);
        let clock = Arc::new(WatchedClock::start());
        let started_at = clock.now() as f64 / 1_000.0;
        let metrics = Metrics::new(writer.name(), started_at);
        let reader = LocalReader::start(settings).map(|reader| Arc::new(reader) as Arc<dyn Reader>);
        let engine = Engine::with_models(
            store,
            writer,
            Helpers { reader, judge, sounds: Some(Arc::new(sounds.clone())), seed: settings.seed },
            clock.clone(),
            interview::WriterTimeouts::default(),
            Arc::new(metrics.clone()),
        );
        tidy(&sounds, &engine).await;
        let livekit = Livekit::start(&place, settings, data.path(), Some(gate(&engine))).await?;
        let (limits, stop) = (Arc::new(RequestLimiter::new(settings)), CancellationToken::new());
        let about = About { keep_days: settings.keep_days, model, ..About::default() };
        let mut app =
            AppContext::new(engine.clone(), site.assets, about).with_most(settings.browser_interviews);
        let voice = match &livekit {
            Some(livekit) => {
                let open = speech.unwrap_or_else(|| open_speech(settings));
                let voice =
                    VoiceAgents::start(settings, engine.clone(), livekit, metrics.clone(), open).await;
                Some(voice.map_err(ServerStartError::Loopback)?)
            }
            None => None,
        };
        let door = voice.clone().zip(livekit.clone()).map(|(voice, livekit)| {
            let most = most_at_once(settings);
            admit::RoomGatekeeper::new(
                (engine.clone(), livekit, voice),
                way,
                limits.clone(),
                most,
                stop.clone(),
            )
        });
        if let Some(door) = &door {
            app = app.with_voice(Arc::new(door.clone()));
        }
        let wired = Wired {
            engine,
            app,
            files: site.folder,
            key,
            secret: SecretDigest::new(&secret),
            way,
            hosts: Arc::new(Hosts::new(settings)),
            metrics,
            door: MetricsAccess::new(settings),
            limits,
            livekit,
            voice: door,
            stop,
        };
        let all = open_files::raise_limit_for(settings.max_connections);
        // One address does not keep all others out; a proxy is all the others.
        let each = (!wired.limits.addresses.behind_proxy()).then(|| all.div_ceil(2));
        Ok(Self {
            listener,
            tls,
            address,
            wired,
            voice,
            clock,
            most: listen::ConnectionLimits { all, each },
            keep_days: settings.keep_days,
            _data: data,
        })
    }

    /// Its engine, for those that run a server within their own program.
    pub fn engine(&self) -> Engine {
        self.wired.engine.clone()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The beginning of its address: `http` or, with a certificate, `https`.
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Answers until `stop`, then ends: everybody sent out of the rooms, no new connections, streams closed, then
    /// running requests and turns finished. False if some had to be cut off after [`GRACE`].
    pub async fn run(self, stop: CancellationToken) -> bool {
        let (wired, stop_engine) = (self.wired, CancellationToken::new());
        let engine = tokio::spawn({
            let (engine, stop) = (wired.engine.clone(), stop_engine.clone());
            async move { engine.run(stop).await }
        });
        tokio::spawn({
            let (clock, stop) = (self.clock, stop_engine.clone());
            async move { stop.run_until_cancelled(clock.watch()).await }
        });
        tokio::spawn(retention::run(wired.engine.clone(), self.keep_days, stop.clone()));
        let (streams, metrics) = (wired.stop.clone(), wired.metrics.clone());
        let closing = CancellationToken::new();
        tokio::spawn({
            let (voice, livekit, closing) = (self.voice, wired.livekit.clone(), closing.clone());
            async move {
                stop.cancelled().await;
                if let Some(voice) = voice {
                    voice.stop().await;
                }
                // Whoever is told to leave can still close its connection as is due.
                if let Some(livekit) = livekit {
                    livekit.stop().await;
                }
                closing.cancel();
            }
        });
        let connections =
            listen::serve((self.listener, self.tls), router::router(wired), self.most, &metrics, closing)
                .await;
        streams.cancel();
        tracing::info!(open_requests = connections.len(), "stopping");
        let finished = tokio::time::timeout(GRACE, async {
            connections.wait().await;
            stop_engine.cancel();
            if let Err(error) = engine.await {
                tracing::error!(%error, "the engine did not end well");
            }
        });
        let finished = finished.await.is_ok();
        stop_engine.cancel();
        match finished {
            true => tracing::info!("stopped"),
            false => {
                tracing::warn!(open_requests = connections.len(), "stopped before everything was finished")
            }
        }
        finished
    }
}

/// The engine on this store with this writer, for a command that looks something up.
pub fn engine(store: Arc<dyn Store>, writer: Arc<dyn Writer>) -> Engine {
    Engine::new(store, writer, Arc::new(SystemClock), interview::WriterTimeouts::default())
}

/// Deletes sound that nobody can hear any more: what was being written when the program ended, and what a deletion left that
/// was cut short. Interviews are held all the same if that cannot be done.
async fn tidy(sounds: &FileSounds, engine: &Engine) {
    if let Err(error) = sounds.tidy().await {
        tracing::warn!(%error, "what is left of sound that was being written could not be deleted");
    }
    match engine.sweep_sounds().await {
        Ok(0) => {}
        Ok(swept) => {
            tracing::info!(swept, "sound of interviews that were deleted was left over, and is deleted")
        }
        Err(error) => tracing::warn!(reason = error.code(), "sound of deleted interviews was not looked for"),
    }
}

/// Which rooms may be entered: those of interviews that are there and not over, and all that are no interview's.
fn gate(engine: &Engine) -> RoomGate {
    let engine = engine.clone();
    RoomGate::new(move |room| {
        let engine = engine.clone();
        async move {
            let Some(session) = session_of(&room) else { return true };
            // Where that cannot be told just now, the token counts.
            match engine.snapshot(session).await {
                Ok(snapshot) => !snapshot.status.is_completed(),
                Err(error) => !matches!(error, EngineError::NotFound),
            }
        }
    })
}

async fn bind(host: &str, port: u16) -> Result<TcpListener, ServerStartError> {
    TcpListener::bind((host, port)).await.map_err(|source| {
        let host = host.to_owned();
        if source.kind() == io::ErrorKind::AddrInUse {
            ServerStartError::PortTaken { host, port }
        } else {
            ServerStartError::Listen { host, port, source }
        }
    })
}

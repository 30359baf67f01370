//! What voice workers ask for and tell, and how a client joins.

use serde::{Deserialize, Serialize};
#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// What a client of LiveKit's joins a room with. The names are those of LiveKit's token endpoints.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct VoiceAdmission {
    /// The address of the LiveKit server: `ws://...` or `wss://...`.
    pub server_url: String,
    /// Opens the room to the candidate; good for ten minutes from now, to join with. Secret.
    pub participant_token: String,
    /// The room of the session.
    pub room_name: String,
    /// The candidate in it. Whoever joins with it takes the place of an earlier one.
    pub participant_identity: String,
}

/// Words for whoever hears.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ApiVocabulary {
    /// Names and technologies as the candidate's corrections and papers write them, at most 200.
    pub words: Vec<String>,
}

/// Whether sound is kept.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct SoundKept {
    /// Whether the candidate wants the sound of what they say from now on kept. False until they switch it on, on the page.
    pub kept: bool,
}

/// Something that a voice worker keeps of a session, beside its turns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VoiceNote {
    /// When what happened in a spoken turn: milliseconds from the end of the candidate's speech.
    Turn {
        /// The turn.
        turn_id: String,
        /// How long the candidate spoke.
        spoke_ms: u64,
        /// Until the turn was taken to be over.
        endpoint_ms: u64,
        /// Until its words were known.
        heard_ms: u64,
        /// Until the first words of the reply were there.
        first_words_ms: u64,
        /// Until the first of its audio was there.
        first_audio_ms: u64,
        /// Until the first of its audio was sent to the room.
        played_ms: u64,
        /// How likely the end was held to be, in percent; null where nobody judged.
        finished: Option<u8>,
        /// How many pauses of a second or more the candidate made within the answer.
        #[serde(default)]
        pauses: u32,
        /// The longest of them.
        #[serde(default)]
        longest_pause_ms: u64,
        /// How sure hearing was of the words, in percent; null where it does not tell.
        #[serde(default)]
        sure: Option<u8>,
    },
    /// The agent is in the room.
    Joined,
    /// The interviewer was interrupted.
    Interrupted,
    /// What seemed an interruption was none.
    Resumed,
    /// Hearing failed, and what was said may be lost.
    HearingFailed,
    /// Somebody spoke, and it became no answer, or not all of it.
    NotCaught {
        /// Why: `nothing`, `unsure`, `too_many`, `too_few`, `loop`, `invention`, `language`, `failed` or `part`.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        reason: NotCaught,
    },
    /// Speaking failed: a line was shown and not said.
    SpeakingFailed,
    /// The agent has left.
    Left,
    /// An agent was lost.
    Lost {
        /// Why: a code of at most 32 small letters and underscores.
        reason: String,
        /// Another one comes after so many milliseconds; null: none does.
        again_ms: Option<u64>,
    },
}

/// Why something that was said became no answer, or not all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotCaught {
    /// A voice was heard, and no words in it.
    Nothing,
    /// Hearing itself was not sure of the words.
    Unsure,
    /// More words than anybody says in that time.
    TooMany,
    /// Hardly a word in a long time of speech.
    TooFew,
    /// The same words again and again.
    Loop,
    /// Nothing but what models are known to make up.
    Invention,
    /// The words were of another language than English.
    Language,
    /// Hearing failed before anything was known of it.
    Failed,
    /// What was known of it became the answer; hearing let go of the rest.
    Part,
}

impl NotCaught {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Nothing,
        Self::Unsure,
        Self::TooMany,
        Self::TooFew,
        Self::Loop,
        Self::Invention,
        Self::Language,
        Self::Failed,
        Self::Part,
    ];
}

// Generated from app/protocol by `make protocol`: change it there.

export const TRANSCRIPTION = "lk.transcription";
export const SEGMENT = "lk.segment_id";
export const TRACK = "lk.transcribed_track_id";
export const FINAL = "lk.transcription_final";
export const STATE = "lk.agent.state";
export const TROUBLE = "interviewos.trouble";
export const CONTROL = "interviewos.control";
export const TIMING = "interviewos.timing";
export const KEY_TAIL_MS = 260;

/**
 * What the agent does: LiveKit's own set.
 */
export type AgentState = "initializing" | "idle" | "listening" | "thinking" | "speaking";

/**
 * What does not work.
 */
export type Trouble = "hearing" | "not_caught" | "speaking" | "interview" | "slow";

/**
 * How turns are taken.
 */
export type Mode = "open" | "push";

/**
 * What a candidate's client asks of the agent. Fields that are left out change nothing.
 */
export type Control = { 
/**
 * How turns are taken from now on.
 */
mode?: Mode, 
/**
 * With push to talk: the key is held, or let go.
 */
talk?: boolean, 
/**
 * How fast the interviewer speaks from now on, 0.8 to 1.3.
 */
speed?: number, 
/**
 * How long the candidate is waited for from now on, beside what is usual: 0.7 to 2.
 */
patience?: number, 
/**
 * The candidate is typing: silence counts from now. To be said every few seconds while it lasts.
 */
typing?: boolean, };

/**
 * The times of one turn, in milliseconds from the end of the candidate's speech.
 */
export type Timing = { 
/**
 * Until the turn was taken to be over.
 */
endpoint_ms: number, 
/**
 * Until its words were known.
 */
heard_ms: number, 
/**
 * Until the first words of the reply were there.
 */
first_words_ms: number, 
/**
 * Until the first of its audio was there.
 */
first_audio_ms: number, 
/**
 * Until the first of its audio was sent to the room.
 */
played_ms: number, 
/**
 * How likely the end was held to be, in percent; absent where nobody judged.
 */
finished_percent?: number, 
/**
 * The candidate's own usual pause within an answer; absent until it is known.
 */
pause_ms?: number, };

/**
 * Something happened. As JSON an object of one field, named by what it tells.
 */
export type VoiceEvent = { "microphones": Array<Device> } | { "microphone_in_use": string } | { "microphone_switched": string } | { "microphone_present": boolean } | { "microphone_muted": boolean } | { "microphone_silent": boolean } | { "level": number } | { "level_measurable": boolean } | { "speakers": Array<Device> } | { "playback_blocked": boolean } | { "agent_present": boolean } | { "agent_state": string } | { "agent_trouble": string } | { "line": string } | { "words": Words } | { "replied": Replied } | { "connection_weak": boolean } | { "reconnecting": boolean } | { "room_left": RoomExit };

/**
 * A microphone or a loudspeaker.
 */
export type Device = { 
/**
 * What the browser knows it by.
 */
id: string, 
/**
 * What people know it by; empty where the browser does not tell.
 */
label: string, };

/**
 * Words of the candidate's, as they are understood. A segment's later text takes the place of its earlier one.
 */
export type Words = { 
/**
 * The id of the segment.
 */
segment: string, 
/**
 * All its words so far.
 */
text: string, 
/**
 * Whether they will not change.
 */
is_final: boolean, };

/**
 * When a reply was heard, and how the candidate pauses, in milliseconds.
 */
export type Replied = { 
/**
 * How long after the candidate's last word it was heard.
 */
after: number, 
/**
 * Their usual pause within an answer, once it is known.
 */
pause?: number, };

/**
 * Why the room is left.
 */
export type RoomExit = "elsewhere" | "asleep" | "closed" | "lost";

/**
 * What can go wrong when something is asked of the voice module.
 */
export type VoiceFault = "insecure" | "denied" | "no_microphone" | "taken" | "unreachable" | "blocked" | "refused" | "failed";

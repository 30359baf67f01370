// What the voice module tells the page. app/src/voice/bridge.rs reads the same.

/** A microphone or a loudspeaker. */
export interface Device {
  id: string;
  label: string;
}

export type VoiceEvent =
  /** What there is to speak and listen with, and which microphone is in use. */
  | { kind: "devices"; microphones: Device[]; speakers: Device[]; microphone: string }
  /** How loud the candidate is, in percent; only while the microphone is tried out. */
  | { kind: "level"; level: number }
  /** Whether there is a microphone: it has gone, or one is there again. */
  | { kind: "microphone"; yes: boolean }
  /** Whether the microphone is muted outside the page: by a switch on it, by the system or by the browser. */
  | { kind: "muted"; yes: boolean }
  /** Whether nothing but digital silence comes from the microphone, though it is not muted here. */
  | { kind: "silent"; yes: boolean }
  /** The browser went on to another microphone by itself. */
  | { kind: "switched"; label: string }
  /** This browser does not let the page hear how loud the microphone is. */
  | { kind: "unmeasured" }
  /** Whether the interviewer is in the room, what it does and what does not work, as its attributes say it. */
  | { kind: "agent"; yes: boolean; state: string; trouble: string }
  /** Words as they are said, and whether they will not change; a segment's later text takes the place of its earlier one. */
  | { kind: "caption"; mine: boolean; segment: string; text: string; yes: boolean }
  /** Whether the browser keeps the interviewer's voice from being played. */
  | { kind: "blocked"; yes: boolean }
  /** Whether this browser is connected badly. */
  | { kind: "weak"; yes: boolean }
  /** Whether the connection is being found again. */
  | { kind: "reconnecting"; yes: boolean }
  /** How long after the candidate's last word the reply was heard, in milliseconds. */
  | { kind: "timing"; played_ms: number }
  /** The room is left, and the page did not ask for it. */
  | { kind: "out"; reason: Reason };

/** Why a room is left: another tab came, the tab slept, the room was closed, or the connection was lost. */
export type Reason = "elsewhere" | "asleep" | "closed" | "lost";

/** Told of everything that happens. */
export type Emit = (event: VoiceEvent) => void;

/** What can go wrong when something is asked for; thrown as its name. */
export type Fault = "insecure" | "denied" | "none" | "taken" | "unreachable" | "blocked" | "refused" | "failed";

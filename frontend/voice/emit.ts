import type { VoiceEvent } from "./protocol.ts";

/** Told of everything that happens. */
export type Emit = (event: VoiceEvent) => void;

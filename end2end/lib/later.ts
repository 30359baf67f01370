// A server that is started again much later, for specs of what ends with time.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { Server } from "./server.ts";

/** Whether a server's clock can be set ahead here. */
export const canWait = process.platform === "linux";

/** Starts this server again as if so many seconds had gone by since it was first started. */
export async function later(server: Server, seconds: number): Promise<void> {
  const library = join(server.folder, "later.so");
  const source = fileURLToPath(new URL("later.c", import.meta.url));
  await promisify(execFile)("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
  await server.stop();
  Object.assign(server.environment, { LD_PRELOAD: library, LATER_SECONDS: String(seconds) });
  await server.start();
}

import { existsSync } from "node:fs";
import { addonPath } from "./addon.js";
import { defaultModelFolder } from "./defaultModel.js";
import { findNatsServer } from "./natsServer.js";

/**
 * Looks whether set-up was done, without doing any of it: for programs that must start at once.
 * @throws Error that names what is missing and the command that gets it
 */
export function verifySetup(): void {
  const parts = {
    "the engine": existsSync(addonPath("tfjs_binding")) && existsSync(addonPath("stepwire_kernels")),
    "the pretrained model": existsSync(defaultModelFolder()),
    "nats-server": Boolean(process.env.NATS_URL) || findNatsServer() !== undefined,
  };
  const missing = Object.entries(parts).flatMap(([name, isThere]) => (isThere ? [] : [name]));
  if (missing.length > 0) throw new Error(`set-up is not complete (missing: ${missing.join(", ")}). Run: npm run setup`);
}

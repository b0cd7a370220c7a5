import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where set-up puts MiniLM, or `undefined` when it has not run. */
export function minilmFolder(): string | undefined {
  const { STEPWIRE_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = STEPWIRE_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "stepwire");
  const folder = join(cache, "models", "all-MiniLM-L6-v2");
  return existsSync(join(folder, "model.safetensors")) ? folder : undefined;
}

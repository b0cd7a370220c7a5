import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** What set-up fetches and compiles, one folder per user: `STEPWIRE_CACHE`, or `stepwire` in the user's cache folder. */
export function cacheFolder(): string {
  const { STEPWIRE_CACHE: own, XDG_CACHE_HOME: base } = process.env;
  return own ? resolve(own) : join(base || join(homedir(), ".cache"), "stepwire");
}

/** The folder of the models that jobs may name by a single word. */
export function modelsFolder(): string {
  return join(cacheFolder(), "models");
}

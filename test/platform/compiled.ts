import { join } from "node:path";
import { repositoryRoot } from "#local/repositoryRoot.js";

/** A fixture as a program of its own: what runs is the compiled file (`npx tsc -b`). */
export function compiledFixture(name: string): string {
  return join(repositoryRoot, "dist/test/platform/fixtures", `${name}.js`);
}

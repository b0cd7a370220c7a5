import { openJson } from "./modelFiles.js";
import type { ModelFolder } from "./modelFolder.js";

/** Names of the classes of a checkpoint that this program made, in the order of their ids. @throws FaultError */
export async function checkpointClasses(folder: ModelFolder, field: string): Promise<string[]> {
  const { id2label } = ((await openJson(folder, "config.json", field))?.json ?? {}) as { id2label?: unknown };
  const names = typeof id2label === "object" && id2label !== null ? (id2label as Readonly<Record<string, unknown>>) : {};
  // Keys that are whole numbers are in their order.
  return Object.values(names).map(String);
}

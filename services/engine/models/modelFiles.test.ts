import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FileChanged, readBytes } from "./modelFiles.js";

it("reads more bytes than Node reads at a time, and says where a file ends too early", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stepwire-model-files-"));
  try {
    // A hole: it takes no room on the disk.
    const file = await open(join(folder, "large"), "w+");
    const length = 2 ** 31 + 1;
    await file.truncate(length);
    await file.write(Uint8Array.of(7), 0, 1, length - 1);
    const bytes = await readBytes(file, 0, length);
    expect([bytes.length, bytes[0], bytes[length - 1]]).toEqual([length, 0, 7]);
    await expect(readBytes(file, length - 3, 5)).rejects.toThrow(FileChanged);
    await file.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

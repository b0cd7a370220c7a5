import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureStream } from "#platform/ensureStream.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker.remove());

it("says what to do when NATS has not enough storage for a stream", async () => {
  const manager = await jetstreamManager(await broker.connect());
  const config = { name: "LARGE", subjects: ["large"], max_bytes: 2 ** 50 };
  await expect(ensureStream(manager, config)).rejects.toThrow(
    /not enough storage for the stream LARGE, which may take 1073741824 MiB.*Free disk space/,
  );
});

import { setTimeout as sleep } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { afterEach, expect, it } from "vitest";
import { ask, type Message, startEchoService, stopEchoServices } from "../../test/platform/echoService.js";
import { invalidArgument } from "./statusError.js";

afterEach(stopEchoServices);

it("answers, and maps what handlers throw", async () => {
  const { client } = await startEchoService({
    ask: async ({ text }, { tenant }) => {
      if (text === "bad") throw invalidArgument([{ field: "text", reason: "BAD", description: '"bad" is not allowed' }]);
      if (text === "bug") throw new TypeError("secret");
      return { text: `${text} of ${tenant}` };
    },
  });
  expect(await ask(client, { text: "hello" })).toEqual({ text: "hello of default" });
  const error = await ask(client, { text: "bad" }).catch((error: grpc.ServiceError) => error);
  expect(error).toMatchObject({ code: 3, details: 'text: "bad" is not allowed' });
  expect((error as grpc.ServiceError).metadata.get("grpc-status-details-bin")[0]?.toString()).toContain("google.rpc.BadRequest");
  await expect(ask(client, { text: "bug" })).rejects.toMatchObject({ code: 13, details: expect.not.stringContaining("secret") });
});

it("aborts a handler's signal at the deadline and when the caller cancels", async () => {
  const entered = new Set<string | undefined>();
  const reasons: Record<string, string[]> = { late: [], left: [] };
  const { client } = await startEchoService({
    ask: ({ text = "" }, { signal }) =>
      new Promise((_resolve, reject) => {
        entered.add(text);
        signal.addEventListener("abort", () => {
          reasons[text]?.push((signal.reason as { reason: string }).reason);
          reject(new Error("aborted"));
        });
      }),
  });
  // A call whose deadline passes on its way does not come to the handler, or comes late.
  for (let patienceMs = 100; !entered.has("late"); patienceMs *= 2)
    await expect(ask(client, { text: "late" }, { deadline: Date.now() + patienceMs })).rejects.toMatchObject({
      code: grpc.status.DEADLINE_EXCEEDED,
    });
  await expect.poll(() => reasons["late"]).not.toEqual([]);
  // Which comes first, the server's own timer or the caller's cancellation at its deadline, is chance.
  expect(["DEADLINE_EXCEEDED", "CANCELLED"]).toContain(reasons["late"]?.[0]);
  const call = client.Ask({ text: "left" }, {}, () => undefined);
  await expect.poll(() => entered).toContain("left");
  call.cancel();
  await expect.poll(() => reasons["left"]).toEqual(["CANCELLED"]);
});

it("makes no more responses than a slow caller takes, and closes the handler when it leaves", async () => {
  let made = 0;
  let closed = false;
  const { client } = await startEchoService({
    watch: async function* () {
      try {
        for (;;) yield { n: ++made, text: "x".repeat(10_000) };
      } finally {
        closed = true;
      }
    },
  });
  const stream = client.Watch({});
  stream.on("error", () => undefined);
  await new Promise((resolve) => stream.once("data", resolve));
  stream.pause();
  // What was on its way has come when calls on the same connection go and come and nothing more is made.
  const callAgain = async () => {
    for (let call = 0; call < 20; call++) await ask(client, {});
    return made;
  };
  let sofar = -1;
  while (sofar !== made) {
    sofar = made;
    await callAgain();
    expect(made).toBeLessThan(1000);
  }
  expect(await callAgain()).toBe(sofar);
  stream.cancel();
  await expect.poll(() => closed).toBe(true);
});

it("delivers every response in order to a caller who reads slowly", async () => {
  const { client } = await startEchoService({
    watch: async function* () {
      for (let n = 0; n < 3000; n++) yield { n, text: "x".repeat(200) };
    },
  });
  const seen: number[] = [];
  for await (const { n } of client.Watch({}) as AsyncIterable<Message>) {
    seen.push(n ?? -1);
    if (seen.length % 500 === 0) await sleep(20);
  }
  expect(seen).toEqual(Array.from({ length: 3000 }, (_, n) => n));
});

it("sends an error after responses", async () => {
  const { client } = await startEchoService({
    watch: async function* () {
      yield { n: 1 };
      throw invalidArgument([{ field: "f", reason: "R", description: "d" }]);
    },
  });
  const seen: Message[] = [];
  const reading = (async () => {
    for await (const message of client.Watch({}) as AsyncIterable<Message>) seen.push(message);
  })();
  await expect(reading).rejects.toMatchObject({ code: 3 });
  expect(seen).toEqual([{ n: 1 }]);
});

it("reads a stream of requests, and answers an early error", async () => {
  const { client } = await startEchoService({
    upload: async (requests) => {
      let sum = 0;
      for await (const { n } of requests) {
        if (n === -1) throw invalidArgument([{ field: "n", reason: "NEGATIVE", description: "-1 is below 0" }]);
        sum += n ?? 0;
      }
      return { n: sum };
    },
  });
  const upload = (numbers: number[]) =>
    new Promise<Message | undefined>((resolve, reject) => {
      const call = client.Upload((error, response) => (error ? reject(error) : resolve(response)));
      call.on("error", () => undefined);
      for (const n of numbers) call.write({ n });
      call.end();
    });
  expect(await upload([1, 2, 3])).toEqual({ n: 6 });
  await expect(upload([1, -1, ...Array.from({ length: 1000 }, () => 1)])).rejects.toMatchObject({ code: 3 });
});

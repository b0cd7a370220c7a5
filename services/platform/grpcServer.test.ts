import { setTimeout as sleep } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { service as healthService, protoPath } from "grpc-health-check";
import { loadContract } from "@stepwire/proto";
import { afterEach, expect, it } from "vitest";
import { startGrpcServer, type GrpcServer } from "./grpcServer.js";
import { clientStream, serverStream, unary, type CallContext } from "./handlers.js";
import { createLogger } from "./logger.js";
import { invalidArgument } from "./statusError.js";

/** A service of the three kinds of calls, its messages JSON. */
const json = { requestSerialize: encode, requestDeserialize: decode, responseSerialize: encode, responseDeserialize: decode };
const definition = {
  Ask: { path: "/test.Echo/Ask", requestStream: false, responseStream: false, ...json },
  Watch: { path: "/test.Echo/Watch", requestStream: false, responseStream: true, ...json },
  Upload: { path: "/test.Echo/Upload", requestStream: true, responseStream: false, ...json },
};
function encode(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
function decode(bytes: Buffer): object {
  return JSON.parse(bytes.toString()) as object;
}

interface Message {
  text?: string;
  n?: number;
}
interface Client extends grpc.Client {
  Ask(
    request: Message,
    options: grpc.CallOptions,
    callback: (error: grpc.ServiceError | null, response?: Message) => void,
  ): grpc.ClientUnaryCall;
  Watch(request: Message, options?: grpc.CallOptions): grpc.ClientReadableStream<Message>;
  Upload(callback: (error: grpc.ServiceError | null, response?: Message) => void): grpc.ClientWritableStream<Message>;
}
const EchoClient = grpc.makeGenericClientConstructor(definition, "Echo") as unknown as new (
  address: string,
  credentials: grpc.ChannelCredentials,
) => Client;

const running: { server: GrpcServer; client: Client }[] = [];
afterEach(async () => {
  for (const { server, client } of running.splice(0)) {
    client.close();
    await server.stop(100);
  }
});

interface Handlers {
  ask?(request: Message, call: CallContext): Promise<Message>;
  watch?(request: Message, call: CallContext): AsyncIterable<Message>;
  upload?(requests: AsyncIterable<Message>, call: CallContext): Promise<Message>;
}

async function start({ ask, watch, upload }: Handlers): Promise<{ server: GrpcServer; client: Client }> {
  const nothing = () => Promise.resolve({});
  const implementation = {
    Ask: unary<Message, Message>(ask ?? nothing),
    Watch: serverStream<Message, Message>(watch ?? async function* () {}),
    Upload: clientStream<Message, Message>(upload ?? nothing),
  };
  const server = await startGrpcServer({
    listen: "127.0.0.1:0",
    services: [{ definition, implementation }],
    logger: createLogger("test", "silent"),
  });
  const client = new EchoClient(server.address, grpc.credentials.createInsecure());
  running.push({ server, client });
  return { server, client };
}

function ask(client: Client, request: Message, options: grpc.CallOptions = {}): Promise<Message> {
  return new Promise((resolve, reject) =>
    client.Ask(request, options, (error, response) => (error ? reject(error) : resolve(response ?? {}))),
  );
}

it("answers, and maps what handlers throw", async () => {
  const { client } = await start({
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
  const reasons: unknown[] = [];
  const { client } = await start({
    ask: (_request, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => {
          reasons.push((signal.reason as { reason: string }).reason);
          reject(new Error("aborted"));
        }),
      ),
  });
  await expect(ask(client, {}, { deadline: Date.now() + 100 })).rejects.toMatchObject({ code: grpc.status.DEADLINE_EXCEEDED });
  // Which comes first, the server's own timer or the caller's cancellation at its deadline, is chance.
  await expect.poll(() => reasons).toHaveLength(1);
  expect(["DEADLINE_EXCEEDED", "CANCELLED"]).toContain(reasons[0]);
  const call = client.Ask({}, {}, () => undefined);
  await sleep(100);
  call.cancel();
  await expect.poll(() => reasons[1]).toBe("CANCELLED");
});

it("makes no more responses than a slow caller takes, and closes the handler when it leaves", async () => {
  let made = 0;
  let closed = false;
  const { client } = await start({
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
  await sleep(500);
  const while1 = made;
  await sleep(500);
  expect(made).toBe(while1);
  expect(made).toBeLessThan(1000);
  stream.cancel();
  await expect.poll(() => closed).toBe(true);
});

it("delivers every response in order to a caller who reads slowly", async () => {
  const { client } = await start({
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
  const { client } = await start({
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
  const { client } = await start({
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

it("ends streams with UNAVAILABLE and finishes other calls when it stops", async () => {
  const { server, client } = await start({
    ask: async () => {
      await sleep(300);
      return { text: "finished" };
    },
    watch: async function* (_request, { signal }) {
      yield { n: 1 };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  const stream = client.Watch({});
  const failed = new Promise((resolve) => stream.once("error", resolve));
  await new Promise((resolve) => stream.once("data", resolve));
  const asking = ask(client, {});
  await sleep(100);
  const stopping = server.stop(5000);
  expect(await failed).toMatchObject({ code: grpc.status.UNAVAILABLE });
  expect(await asking).toEqual({ text: "finished" });
  client.close();
  await stopping;
});

it("answers the health service, for each service and as a whole", async () => {
  const { server } = await start({});
  const HealthClient = grpc.makeGenericClientConstructor(healthService, "Health");
  const client = new HealthClient(server.address, grpc.credentials.createInsecure());
  const check = (service: string) =>
    new Promise((resolve, reject) =>
      client["check"]?.({ service }, (error: unknown, response: { status: string }) => (error ? reject(error) : resolve(response.status))),
    );
  expect(protoPath).toContain("health");
  expect([await check(""), await check("test.Echo")]).toEqual(["SERVING", "SERVING"]);
  server.setServing(false);
  expect([await check(""), await check("test.Echo")]).toEqual(["NOT_SERVING", "NOT_SERVING"]);
  await expect(check("test.Other")).rejects.toMatchObject({ code: grpc.status.NOT_FOUND });
  client.close();
});

it("tells its services through reflection", async () => {
  const { server } = await start({});
  const path = new URL("../../node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto", import.meta.url).pathname;
  const types = grpc.loadPackageDefinition(loadSync(path, { keepCase: true })) as unknown as {
    grpc: { reflection: { v1: { ServerReflection: grpc.ServiceClientConstructor } } };
  };
  const client = new types.grpc.reflection.v1.ServerReflection(server.address, grpc.credentials.createInsecure());
  const call = client["ServerReflectionInfo"]?.() as unknown as grpc.ClientDuplexStream<
    object,
    { list_services_response: { service: { name: string }[] } }
  >;
  call.write({ list_services: "" });
  const answer = await new Promise<{ list_services_response: { service: { name: string }[] } }>((resolve, reject) => {
    call.once("data", resolve);
    call.once("error", reject);
  });
  call.end();
  client.close();
  const names = answer.list_services_response.service.map(({ name }) => name);
  const expected = Object.keys(loadContract().packageDefinition).filter((name) => /^stepwire\.v1\..*Service$/.test(name));
  expect(expected.length).toBeGreaterThan(0);
  expect(names).toEqual(expect.arrayContaining(expected));
});

it("refuses an address that is taken, and a service without handlers", async () => {
  const { server } = await start({});
  const logger = createLogger("test", "silent");
  await expect(startGrpcServer({ listen: server.address, services: [], logger })).rejects.toThrow(server.address);
  await expect(startGrpcServer({ listen: "127.0.0.1:0", services: [{ definition, implementation: {} }], logger })).rejects.toThrow(
    "Ask, Watch, Upload",
  );
});

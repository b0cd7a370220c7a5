import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { service as healthService, protoPath } from "grpc-health-check";
import { loadContract } from "@stepwire/proto";
import { afterEach, expect, it } from "vitest";
import { ask, definition, startEchoService, stopEchoServices } from "../../test/platform/echoService.js";
import { gate } from "../../test/support/gate.js";
import { startGrpcServer } from "./grpcServer.js";
import { createLogger } from "./logger.js";

afterEach(stopEchoServices);

it("ends streams with UNAVAILABLE and finishes other calls when it stops", async () => {
  const [entered, draining] = [gate(), gate()];
  const { server, client } = await startEchoService({
    ask: async () => {
      entered.open();
      await draining.opened;
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
  await entered.opened;
  const stopping = server.stop(600_000);
  expect(await failed).toMatchObject({ code: grpc.status.UNAVAILABLE });
  draining.open();
  expect(await asking).toEqual({ text: "finished" });
  client.close();
  await stopping;
});

it("answers the health service, for each service and as a whole", async () => {
  const { server } = await startEchoService({});
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
  const { server } = await startEchoService({});
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
  const { server } = await startEchoService({});
  const logger = createLogger("test", "silent");
  await expect(startGrpcServer({ listen: server.address, services: [], logger })).rejects.toThrow(server.address);
  await expect(startGrpcServer({ listen: "127.0.0.1:0", services: [{ definition, implementation: {} }], logger })).rejects.toThrow(
    "Ask, Watch, Upload",
  );
});

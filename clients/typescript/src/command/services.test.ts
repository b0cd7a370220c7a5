import { createServer } from "node:net";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { type ContractServer, startContractServer } from "../testing/contractServer.js";
import { runStepwire } from "../testing/runStepwire.js";
import { type ServiceServer, startServiceServer } from "../testing/serviceServer.js";

const closing: { close(): void }[] = [];
afterEach(() => {
  for (const server of closing.splice(0)) server.close();
});

async function services(): Promise<ServiceServer> {
  const server = await startServiceServer();
  closing.push(server);
  return server;
}

const howToStart = /Start Stepwire with `npm start`/;

describe("the addresses of the services", () => {
  for (const [flag, variable] of [
    ["--trainer-address", "STEPWIRE_TRAINER_ADDRESS"],
    ["--evaluator-address", "STEPWIRE_EVALUATOR_ADDRESS"],
  ] as const)
    it(`are refused with the name of ${flag} or ${variable}, the value and what is allowed`, async () => {
      const said = '"localhost:99999" has the port 99999, which is not from 1 to 65535; allowed: host:port, for example 127.0.0.1:50051';
      const byFlag = await runStepwire([flag, "localhost:99999", "jobs"]);
      expect(byFlag).toMatchObject({ code: 2, stderr: expect.stringContaining(`stepwire: ${flag}: ${said}`) as string });
      const byVariable = await runStepwire(["jobs"], { [variable]: "localhost:99999" });
      expect(byVariable).toMatchObject({ code: 2, stderr: expect.stringContaining(`stepwire: ${variable}: ${said}`) as string });
    });

  it("are refused when a flag is empty; an empty variable is like none", async () => {
    const { address } = await services();
    expect(await runStepwire(["--trainer-address", "", "jobs"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--trainer-address: "" is empty') as string,
    });
    expect(await runStepwire(["--trainer-address", address, "jobs"], { STEPWIRE_EVALUATOR_ADDRESS: "" })).toMatchObject({ code: 0 });
  });

  it("may stand before and after the command's name", async () => {
    const { address } = await services();
    expect(await runStepwire(["jobs", "--trainer-address", address])).toMatchObject({ code: 0 });
  });
});

describe("a service that cannot be used", () => {
  it("that nothing answers for is named with its address, why, and how to start one", async () => {
    const server = await startServiceServer();
    server.close();
    const { code, stderr, lines } = await runStepwire(["--trainer-address", server.address, "jobs", "--json"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`No service answers at ${server.address} (trainer): nothing listens there.`);
    expect(stderr).toMatch(howToStart);
    expect(lines).toMatchObject([{ type: "error", code: "UNAVAILABLE", reason: "NO_SERVICE" }]);
    const byDns = await runStepwire(["--trainer-address", `dns:///${server.address}`, "jobs"]);
    expect(byDns.stderr).toContain(`No service answers at dns:///${server.address} (trainer): No connection established.`);
    expect(byDns.stderr).toMatch(howToStart);
  });

  it("that is another program is said to be none", async () => {
    const server = createServer((socket) => socket.on("error", () => undefined).end("INFO {}\r\n")).listen(0, "127.0.0.1");
    closing.push(server);
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { code, stderr } = await runStepwire(["--trainer-address", `127.0.0.1:${port}`, "jobs"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`No service answers at 127.0.0.1:${port} (trainer)`);
    expect(stderr).toMatch(howToStart);
  });

  it("that is the other service is named, with what may be wrong", async () => {
    const other: ContractServer = await startContractServer({});
    closing.push(other);
    const { code, stderr } = await runStepwire(["--trainer-address", other.address, "jobs"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`What answers at ${other.address} (trainer) does not know this call`);
    expect(stderr).toContain("the right way round");
  });
});

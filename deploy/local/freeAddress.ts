import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Checks that addresses can be listened at, before anything is started.
 * @param addresses the option's name and its host:port
 * @throws one Error that lists all that cannot
 */
export async function requireFreeAddresses(addresses: Record<string, string>): Promise<void> {
  const faults = await Promise.all(Object.entries(addresses).map(([option, address]) => fault(option, address)));
  const found = faults.filter((text) => text !== undefined);
  if (found.length > 0) throw new Error(found.join("\n"));
}

async function fault(option: string, address: string): Promise<string | undefined> {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined || Number(port) > 65_535) return `${option} is "${address}": it must be host:port, for example 127.0.0.1:50051`;
  const error = await listenError(host, Number(port));
  if (error === undefined) return undefined;
  return error.code === "EADDRINUSE"
    ? `${address} is taken by another program (perhaps another Stepwire): stop it, or choose another address with ${option}`
    : `${option} is "${address}": ${error.message}`;
}

/** Why nobody can listen there; undefined: somebody can. */
async function listenError(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, host), "listening");
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    server.close();
  }
}

/** Below the ports that systems give to outgoing connections, which would take one between its choice and its use. */
const lowestPort = 20_000;
const highestPort = 32_000;

/**
 * The address with a free port in the place of port 0: for whoever has to know it before somebody listens there.
 * @throws Error when nobody can listen at that host
 */
export async function withFreePort(address: string): Promise<string> {
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (Number(port) !== 0) return address;
  for (;;) {
    // At random: stacks that start at the same moment look at different ports.
    const candidate = randomInt(lowestPort, highestPort);
    const error = await listenError(host.replaceAll(/^\[|\]$/g, ""), candidate);
    if (error === undefined) return `${host}:${candidate}`;
    if (error.code !== "EADDRINUSE") throw error;
  }
}

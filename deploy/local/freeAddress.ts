import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
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

/**
 * The lowest and the highest port to choose from: none that the system gives to outgoing connections, which would take one between its choice
 * and its use; any where too few others are left.
 * @param outgoing the lowest and the highest port of outgoing connections
 */
export function portsToChooseFrom([lowest, highest]: readonly [number, number]): readonly [number, number] {
  const others = [[10_000, lowest - 1] as const, [highest + 1, 65_535] as const];
  return others.find(([from, to]) => to - from >= 1000) ?? [10_000, 65_535];
}

/** The ports that this system gives to outgoing connections: Linux says it, others keep to the dynamic ports of RFC 6335. */
async function outgoingPorts(): Promise<readonly [number, number]> {
  const said = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8").catch(() => "");
  const [, lowest, highest] = /^(\d+)\s+(\d+)/.exec(said) ?? [];
  return [Number(lowest ?? 49_152), Number(highest ?? 65_535)];
}

/**
 * The address with a free port in the place of port 0: for whoever has to know it before somebody listens there.
 * @throws Error when nobody can listen at that host
 */
export async function withFreePort(address: string): Promise<string> {
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (Number(port) !== 0) return address;
  const [from, to] = portsToChooseFrom(await outgoingPorts());
  for (;;) {
    // At random: stacks that start at the same moment look at different ports.
    const candidate = randomInt(from, to + 1);
    const error = await listenError(host.replaceAll(/^\[|\]$/g, ""), candidate);
    if (error === undefined) return `${host}:${candidate}`;
    if (error.code !== "EADDRINUSE") throw error;
  }
}

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

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
  const server = createServer();
  try {
    await once(server.listen(Number(port), host), "listening");
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EADDRINUSE"
      ? `${address} is taken by another program (perhaps another Stepwire): stop it, or choose another address with ${option}`
      : `${option} is "${address}": ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    server.close();
  }
}

/** The address with a free port in the place of port 0: for whoever has to know it before somebody listens there. */
export async function withFreePort(address: string): Promise<string> {
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (Number(port) !== 0) return address;
  const server = createServer();
  await once(server.listen(0, host.replace(/^\[|\]$/g, "")), "listening");
  const free = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  return `${host}:${free}`;
}

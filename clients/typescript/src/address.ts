import { quote } from "./mapping/quote.js";

const allowed = "allowed: host:port, for example 127.0.0.1:50051, [IPv6]:port, dns:///host:port or unix:/path";

/** What is wrong with an address of a service, with what is allowed; `undefined` when gRPC can use it. */
export function addressProblem(address: unknown): string | undefined {
  const problem = typeof address === "string" ? textProblem(address) : "is not a string";
  return problem === undefined ? undefined : `${quote(address)} ${problem}; ${allowed}`;
}

function textProblem(address: string): string | undefined {
  if (address.trim() === "") return "is empty";
  if (address.startsWith("unix:")) return /^unix:\S+$/.test(address) ? undefined : "is not an address";
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address) ?? [];
  if (scheme !== undefined && scheme !== "dns") return `is a URL: leave out "${scheme}://"`;
  const [, host = "", port] = /^(?:dns:(?:\/\/[^/]*\/)?)?(\[[0-9a-f:.]+(?:%[^\s\]]+)?\]|[^\s/:@[\]]+)(?::(.*))?$/i.exec(address) ?? [];
  if (host === "") return "is not an address";
  if (port === undefined) return "has no port";
  if (!/^\d+$/.test(port)) return `has the port ${quote(port)}, which is not a number`;
  return Number(port) >= 1 && Number(port) <= 65_535 ? undefined : `has the port ${port}, which is not from 1 to 65535`;
}

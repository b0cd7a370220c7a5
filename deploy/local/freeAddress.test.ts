import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { portsToChooseFrom, requireFreeAddresses, withFreePort } from "./freeAddress.js";

describe("addresses to listen at", () => {
  it("are accepted when free", async () => {
    await expect(requireFreeAddresses({ "--a": "127.0.0.1:0", "--b": "127.0.0.1:0" })).resolves.toBeUndefined();
  });

  it("are refused all at once, each with its option and the reason", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const taken = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const asked = requireFreeAddresses({ "--a": taken, "--b": "nowhere", "--c": "127.0.0.1:70000" });
    await expect(asked).rejects.toThrow(new RegExp(`${taken} is taken.*--a\\n--b is "nowhere".*\\n--c is "127.0.0.1:70000"`));
    server.close();
  });
});

describe("a free port", () => {
  it("is one that no outgoing connection is given meanwhile", async () => {
    const [lowest = 0, highest = 0] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s/).map(Number);
    // Containers often have no IPv6.
    const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));
    for (const host of hasIpv6 ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"]) {
      const address = await withFreePort(`${host}:0`);
      expect(address.startsWith(`${host}:`)).toBe(true);
      const port = Number(address.slice(host.length + 1));
      const [from, to] = portsToChooseFrom([lowest, highest]);
      expect(port).toBeGreaterThanOrEqual(from);
      expect(port).toBeLessThanOrEqual(to);
      await expect(requireFreeAddresses({ "--a": address })).resolves.toBeUndefined();
    }
  });

  it.each([
    ["below them", [32_768, 60_999], [10_000, 32_767]],
    ["above them, where few are left below", [1024, 60_999], [61_000, 65_535]],
    ["anywhere, where few are left at all", [1024, 65_535], [10_000, 65_535]],
  ] as const)("is chosen %s", (_where, outgoing, chosen) => {
    expect(portsToChooseFrom(outgoing)).toEqual(chosen);
  });

  it("is not looked for where one is named, nor for ever at a host that is not here", async () => {
    expect(await withFreePort("127.0.0.1:50051")).toBe("127.0.0.1:50051");
    await expect(withFreePort("203.0.113.1:0")).rejects.toThrow("EADDRNOTAVAIL");
  });
});

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { requireFreeAddresses } from "./freeAddress.js";

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

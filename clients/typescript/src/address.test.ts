import { describe, expect, it } from "vitest";
import { addressProblem } from "./address.js";

describe("addressProblem", () => {
  for (const good of [
    ...["127.0.0.1:50051", "localhost:1", "trainer:65535", "trainer_1.example.org:443", "xn--bcher-kva.example:80", "[::1]:50051"],
    ...[
      "[fe80::1%eth0]:50051",
      "dns:///trainer:50051",
      "dns://8.8.8.8/trainer:50051",
      "dns:trainer:50051",
      "unix:/run/s.sock",
      "unix:///run/s",
    ],
  ])
    it(`allows ${good}`, () => expect(addressProblem(good)).toBeUndefined());

  const refusals: [address: unknown, problem: string][] = [
    ["", "is empty"],
    ["  ", "is empty"],
    ["localhost", "has no port"],
    ["[::1]", "has no port"],
    ["localhost:", 'has the port "", which is not a number'],
    ["localhost:grpc", 'has the port "grpc", which is not a number'],
    ["localhost:1e3", 'has the port "1e3", which is not a number'],
    ["localhost:-1", 'has the port "-1", which is not a number'],
    ["localhost:0", "has the port 0, which is not from 1 to 65535"],
    ["localhost:99999", "has the port 99999, which is not from 1 to 65535"],
    ["http://localhost:50051", 'is a URL: leave out "http://"'],
    ["grpcs://localhost:50051", 'is a URL: leave out "grpcs://"'],
    ["localhost:50051/", 'has the port "50051/", which is not a number'],
    ["::1:50051", "is not an address"],
    ["user@host:1", "is not an address"],
    ["a host:1", "is not an address"],
    ["unix:", "is not an address"],
    [5, "is not a string"],
    [null, "is not a string"],
  ];
  for (const [address, problem] of refusals)
    it(`refuses ${JSON.stringify(address)}`, () => {
      const said = addressProblem(address);
      expect(said).toContain(`${JSON.stringify(address)} ${problem}; allowed: host:port, for example 127.0.0.1:50051`);
    });
});

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A connection to NATS that can be cut at a place where only a network cuts it. */
export interface NatsProxy {
  url: string;
  /** From now on what the server answers is lost, while what it is sent arrives. */
  dropAnswers(): void;
  /** Ends every connection; new ones work. */
  cut(): void;
  close(): Promise<void>;
}

/** Listens on a free port and forwards to the broker at `url`. */
export async function startNatsProxy(url: string): Promise<NatsProxy> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<{ near: Socket; far: Socket; isDeaf: boolean }>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair = { near, far, isDeaf: false };
    pairs.add(pair);
    near.pipe(far);
    far.on("data", (data) => {
      if (!pair.isDeaf) near.write(data);
    });
    for (const socket of [near, far]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        near.destroy();
        far.destroy();
        pairs.delete(pair);
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const { near } of pairs) near.destroy();
  };
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dropAnswers: () => {
      for (const pair of pairs) pair.isDeaf = true;
    },
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

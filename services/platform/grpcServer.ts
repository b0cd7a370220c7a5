import * as grpc from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { HealthImplementation } from "grpc-health-check";
import { loadContract } from "@stepwire/proto";
import { serverScope } from "./callContext.js";
import type { Logger } from "./logger.js";

/** A service and what answers its calls (made with `unary`, `serverStream` and `clientStream`). */
export interface ServedService {
  definition: grpc.ServiceDefinition;
  implementation: grpc.UntypedServiceImplementation;
}

/** What a server is made of. */
export interface GrpcServerOptions {
  /** host:port; port 0 takes a free one. */
  listen: string;
  services: readonly ServedService[];
  logger: Logger;
  /** Bytes of one request; 4 MiB when not set. */
  maxRequestBytes?: number;
}

/** A server that listens. */
export interface GrpcServer {
  /** host:port, with the port that was taken. */
  address: string;
  server: grpc.Server;
  /** What the health service answers, for the whole server and for each service. */
  setServing(serving: boolean): void;
  /** Takes no new calls, ends streams with UNAVAILABLE, waits for the other calls up to `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a gRPC server with health and reflection beside its services. @throws Error when the address is taken or unusable. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { listen, services, logger } = options;
  const draining = new AbortController();
  const server = new grpc.Server({
    "grpc.max_receive_message_length": options.maxRequestBytes ?? 4 * 1024 * 1024,
    // Callers behind proxies that drop quiet connections keep their watches.
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
  });
  for (const { definition, implementation } of services) {
    server.addService(definition, inScope(definition, implementation, { logger, draining: draining.signal }));
  }
  const names = ["", ...services.map(({ definition }) => serviceName(definition))];
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, "SERVING" as const])));
  health.addToServer(server);
  new ReflectionService(loadContract().packageDefinition).addToServer(server);
  const setServing = (serving: boolean) => names.forEach((name) => health.setStatus(name, serving ? "SERVING" : "NOT_SERVING"));

  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(listen, grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(new Error(`The server cannot listen on ${listen}: ${error.message}`, { cause: error })) : resolve(port),
    );
  });
  return {
    address: `${listen.slice(0, listen.lastIndexOf(":"))}:${port}`,
    server,
    setServing,
    stop: (graceMs) => {
      setServing(false);
      draining.abort();
      return shutDown(server, graceMs);
    },
  };
}

function shutDown(server: grpc.Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function serviceName(definition: grpc.ServiceDefinition): string {
  return Object.values(definition)[0]?.path.split("/")[1] ?? "";
}

/** The same handlers, run where they find the server's logger and shutdown signal. */
function inScope(
  definition: grpc.ServiceDefinition,
  implementation: grpc.UntypedServiceImplementation,
  scope: { logger: Logger; draining: AbortSignal },
): grpc.UntypedServiceImplementation {
  const missing = Object.keys(definition).filter((name) => !implementation[name]);
  if (missing.length > 0) throw new Error(`${serviceName(definition)} has no handler for ${missing.join(", ")}.`);
  return Object.fromEntries(
    Object.entries(implementation).map(([name, handler]) => [
      name,
      (...call: Parameters<typeof handler>) => serverScope.run(scope, () => (handler as (...call: unknown[]) => void)(...call)),
    ]),
  );
}

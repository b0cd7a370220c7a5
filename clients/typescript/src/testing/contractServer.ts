import * as grpc from "@grpc/grpc-js";
import {
  type CatalogServiceHandlers,
  encodeStatusDetails,
  type ErrorDetails,
  type EvaluatorServiceHandlers,
  loadContract,
  type StudyServiceHandlers,
  type TrainerServiceHandlers,
} from "@stepwire/proto";
import { Stepwire } from "../stepwire.js";
import type { StepwireOptions } from "../options.js";

/** What a test's server answers; other calls are UNIMPLEMENTED. */
export interface ContractHandlers {
  trainer?: Partial<TrainerServiceHandlers>;
  catalog?: Partial<CatalogServiceHandlers>;
  evaluator?: Partial<EvaluatorServiceHandlers>;
  study?: Partial<StudyServiceHandlers>;
}

/** A real gRPC server on the loopback interface, and a client of it. */
export interface ContractServer {
  address: string;
  stepwire: Stepwire;
  close(): void;
}

/** @param port 0: any free one */
export async function startContractServer(handlers: ContractHandlers, options: StepwireOptions = {}, port = 0): Promise<ContractServer> {
  const { CatalogService, EvaluatorService, StudyService, TrainerService } = loadContract().grpc.stepwire.v1;
  const server = new grpc.Server();
  server.addService(TrainerService.service, { ...handlers.trainer } as grpc.UntypedServiceImplementation);
  server.addService(CatalogService.service, { ...handlers.catalog } as grpc.UntypedServiceImplementation);
  server.addService(EvaluatorService.service, { ...handlers.evaluator } as grpc.UntypedServiceImplementation);
  server.addService(StudyService.service, { ...handlers.study } as grpc.UntypedServiceImplementation);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, found) =>
      error ? reject(error) : resolve(found),
    );
  });
  const address = `127.0.0.1:${bound}`;
  const stepwire = new Stepwire({ trainerAddress: address, evaluatorAddress: address, deadlineMs: 240_000, ...options });
  const close = (): void => {
    stepwire.close();
    server.forceShutdown();
  };
  return { address, stepwire, close };
}

/** An error as the services send it. */
export function detailedError(details: ErrorDetails & { code: grpc.status }): grpc.ServiceError {
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(encodeStatusDetails(details)));
  return Object.assign(new Error(details.message), { code: details.code, details: details.message, metadata });
}

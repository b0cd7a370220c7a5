import type { ClientOptions } from "@grpc/grpc-js";
import {
  type CatalogServiceClient,
  type EvaluatorServiceClient,
  loadContract,
  type StudyServiceClient,
  type TrainerServiceClient,
} from "@stepwire/proto";
import type { CompiledOptions } from "./options.js";
import { StepwireError } from "./stepwireError.js";

/** The generated clients, one channel for each address. */
export interface Connection {
  trainer: TrainerServiceClient;
  catalog: CatalogServiceClient;
  evaluator: EvaluatorServiceClient;
  study: StudyServiceClient;
  /** Of calls with one answer that name none, in milliseconds. */
  deadlineMs: number;
  /**
   * Holds the connections open for a call; the caller runs what is returned when the call has ended.
   * @throws StepwireError FAILED_PRECONDITION after `close`
   */
  holdOpen(method: string): () => void;
  /** Refuses new calls at once and ends the connections when those that are running have ended. */
  close(): void;
}

/**
 * Calls with one answer are made again when a service is unreachable for a moment: reading is harmless, creating carries a request id,
 * cancelling twice is cancelling once, predicting twice gives the same. Streams are left out: uploads are too large to keep, watches go on by their resume token.
 */
const retried = {
  TrainerService: ["CreateTrainingJob", "GetTrainingJob", "ListTrainingJobs", "CancelTrainingJob"],
  CatalogService: ["ListOptimizers", "GetDataset"],
  EvaluatorService: ["CreateEvaluation", "GetEvaluation", "ListEvaluations", "CancelEvaluation", "Predict"],
  StudyService: ["CreateStudy", "GetStudy", "ListStudies", "CancelStudy", "GetStudyReport"],
};

const clientOptions: ClientOptions = {
  "grpc.service_config": JSON.stringify({
    methodConfig: [
      {
        name: Object.entries(retried).flatMap(([service, methods]) =>
          methods.map((method) => ({ service: `stepwire.v1.${service}`, method })),
        ),
        retryPolicy: {
          maxAttempts: 4,
          initialBackoff: "0.1s",
          maxBackoff: "1s",
          backoffMultiplier: 3,
          retryableStatusCodes: ["UNAVAILABLE"],
        },
      },
    ],
  }),
  "grpc.service_config_disable_resolution": 1,
  // A page of a thousand jobs is larger than gRPC's 4 MiB.
  "grpc.max_receive_message_length": 64 * 2 ** 20,
};

/** A proxy for the network leads nowhere from here: programs that honour one leave out this machine. */
function optionsFor(address: string): ClientOptions {
  const isHere = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]):\d+$/.test(address);
  return isHere ? { ...clientOptions, "grpc.enable_http_proxy": 0 } : clientOptions;
}

/** Connects when the first call is made. */
export function openConnection(options: CompiledOptions): Connection {
  const { TrainerService, CatalogService, EvaluatorService, StudyService } = loadContract().grpc.stepwire.v1;
  const { trainerAddress, evaluatorAddress, credentials } = options;
  const trainer = new TrainerService(trainerAddress, credentials, optionsFor(trainerAddress));
  const catalog = new CatalogService(trainerAddress, credentials, optionsFor(trainerAddress));
  const evaluator = new EvaluatorService(evaluatorAddress, credentials, optionsFor(evaluatorAddress));
  const study = new StudyService(evaluatorAddress, credentials, optionsFor(evaluatorAddress));
  const clients = [trainer, catalog, evaluator, study];
  let closed = false;
  let running = 0;
  // A channel that is closed fails the calls that still wait for it to connect, so it must not be closed before they have ended.
  const closeWhenIdle = (): void => {
    if (closed && running === 0) for (const client of clients) client.close();
  };
  return {
    ...{ trainer, catalog, evaluator, study, deadlineMs: options.deadlineMs },
    holdOpen: (method) => {
      if (closed)
        throw new StepwireError("FAILED_PRECONDITION", `${method} was called after close(); make a new Stepwire.`, {
          reason: "CLIENT_CLOSED",
        });
      running++;
      return () => {
        running--;
        closeWhenIdle();
      };
    },
    close: () => {
      closed = true;
      closeWhenIdle();
    },
  };
}

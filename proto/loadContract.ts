import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import protobuf from "protobufjs";
import { loaderOptions } from "./loaderOptions.js";
import type { ProtoGrpcType as CatalogTypes } from "./generated/catalog_service.js";
import type { ProtoGrpcType as EvaluatorTypes } from "./generated/evaluator_service.js";
import type { ProtoGrpcType as StudyTypes } from "./generated/study_service.js";
import type { ProtoGrpcType as TrainerTypes } from "./generated/trainer_service.js";

/** The files of the contract, relative to `protoRoot`. */
export const protoFiles = [
  "catalog_service",
  "common",
  "dataset",
  "evaluation",
  "evaluator_service",
  "optimizer",
  "prediction",
  "study",
  "study_service",
  "trainer_service",
  "training_job",
].map((name) => `stepwire/v1/${name}.proto`);

/** The folder that the contract's imports are relative to. */
export const protoRoot = fileURLToPath(new URL("..", import.meta.url));

/** What a loaded contract offers. */
export interface Contract {
  /** Reflection over every message, for proto3 JSON. */
  root: protobuf.Root;
  packageDefinition: PackageDefinition;
  /** The clients and service definitions, typed. */
  grpc: CatalogTypes & EvaluatorTypes & StudyTypes & TrainerTypes;
}

let loaded: Contract | undefined;

/** Loads the proto files once per process. */
export function loadContract(): Contract {
  if (!loaded) {
    const root = new protobuf.Root();
    root.resolvePath = (_origin, target) => (protobuf.common.get(target) ? target : `${protoRoot}${target}`);
    root.loadSync(protoFiles, { keepCase: true });
    root.resolveAll();
    const packageDefinition = loadSync(protoFiles, { ...loaderOptions, includeDirs: [protoRoot] });
    loaded = { root, packageDefinition, grpc: grpc.loadPackageDefinition(packageDefinition) as unknown as Contract["grpc"] };
  }
  return loaded;
}

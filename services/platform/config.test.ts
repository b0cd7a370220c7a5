import { resolve } from "node:path";
import { expect, it } from "vitest";
import { loadConfig } from "./config.js";

const required = { NATS_URL: "nats://127.0.0.1:4222", STEPWIRE_DATA: "/data" };

it("fills in every default", () => {
  expect(loadConfig(required)).toEqual({
    natsUrl: "nats://127.0.0.1:4222",
    dataFolder: resolve("/data"),
    modelRoots: [],
    defaultModels: resolve("/data/models"),
    listen: "127.0.0.1:0",
    logLevel: "info",
    leaseSeconds: 15,
    stopSeconds: 10,
    stallSeconds: 600,
    predictorModels: 2,
    predictorIdleSeconds: 120,
  });
});

it("reads every variable", () => {
  const config = loadConfig({
    ...required,
    NATS_USER: "me",
    NATS_PASSWORD: "secret",
    STEPWIRE_MODEL_ROOTS: "/models:/more",
    STEPWIRE_DEFAULT_MODELS: "/shipped",
    STEPWIRE_LISTEN: "[::1]:50051",
    STEPWIRE_LOG_LEVEL: "debug",
    STEPWIRE_LEASE_SECONDS: "3",
    STEPWIRE_STOP_SECONDS: "40",
    STEPWIRE_STALL_SECONDS: "60",
    STEPWIRE_PREDICTOR_MODELS: "5",
    STEPWIRE_PREDICTOR_IDLE_SECONDS: "7",
  });
  expect(config).toMatchObject({ predictorModels: 5, predictorIdleSeconds: 7 });
  expect(config).toMatchObject({ natsUser: "me", natsPassword: "secret", modelRoots: ["/models", "/more"], defaultModels: "/shipped" });
  expect(config).toMatchObject({ listen: "[::1]:50051", logLevel: "debug", leaseSeconds: 3, stopSeconds: 40, stallSeconds: 60 });
});

it("names everything that is wrong at once, but never the password", () => {
  const wrong = {
    NATS_PASSWORD: "secret",
    STEPWIRE_LISTEN: "localhost",
    STEPWIRE_LOG_LEVEL: "loud",
    STEPWIRE_LEASE_SECONDS: "0",
    STEPWIRE_STOP_SECONDS: "soon",
    STEPWIRE_STALL_SECONDS: "99999",
    STEPWIRE_PREDICTOR_MODELS: "1.5",
  };
  let message = "";
  try {
    loadConfig(wrong);
  } catch (error) {
    message = String(error);
  }
  for (const part of [
    "NATS_URL is not set",
    "NATS_USER and",
    "STEPWIRE_DATA is not set",
    '"localhost"',
    '"loud"',
    '"0"',
    '"soon"',
    '"99999"',
    '"1.5"',
  ])
    expect(message).toContain(part);
  expect(message).not.toContain("secret");
});

/**
 * How every part of Stepwire reads the proto files: server, client and type generation (`deploy/local/generateProtoTypes.ts` passes the
 * same values as flags). One constant, because a server and a client that disagree here disagree silently.
 */
export const loaderOptions = {
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
  arrays: true,
  objects: true,
} as const;

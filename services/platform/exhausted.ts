import { status } from "@grpc/grpc-js";
import { StatusError } from "./statusError.js";

/** RESOURCE_EXHAUSTED, with a reason of its own. */
export function exhausted(reason: string, message: string): StatusError {
  return new StatusError(status.RESOURCE_EXHAUSTED, reason, message);
}

/** RESOURCE_EXHAUSTED for a disk that is full; undefined for another error. @param what has no room, as "the data set" */
export function diskFault(error: unknown, what: string): StatusError | undefined {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EDQUOT") return undefined;
  return exhausted("DISK_FULL", `the server's disk has no room for ${what}`);
}

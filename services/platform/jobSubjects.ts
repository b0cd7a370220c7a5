/** The stream that keeps what jobs report. */
export const jobStreamName = "STEPWIRE_JOBS";

/** `stepwire.v1.<tenant>.jobs.<job id>.metrics` or `.events`. */
export function jobSubject(tenant: string, jobId: string, suffix: "metrics" | "events"): string {
  return `stepwire.v1.${token(tenant)}.jobs.${token(jobId)}.${suffix}`;
}

/** A part of a subject. @throws Error when a name from outside would change the subject's meaning. */
export function token(name: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) throw new Error(`"${name}" cannot be part of a subject: letters, digits, "_" and "-" are allowed.`);
  return name;
}

import type { ArtifactStore } from "#platform/artifactStore.js";

/** Where an attempt puts its checkpoint: a superseded attempt that is still running cannot touch another's. */
export const attemptFolder = ({ attempt }: { attempt: number }): string => `attempt-${attempt}`;

/** The path of the checkpoint that an attempt makes, or has made. */
export function checkpointFolder(artifacts: ArtifactStore, tenant: string, job: { uid: string; attempt: number }): string {
  return artifacts.path(tenant, "jobs", job.uid, attemptFolder(job), "checkpoint");
}

/** What errors call a job's checkpoint. */
export function checkpointName(jobId: string): string {
  return `the checkpoint of ${jobId}`;
}

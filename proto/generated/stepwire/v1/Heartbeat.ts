// Original file: stepwire/v1/training_job.proto


/**
 * Nothing new, but the stream is alive.
 */
export interface HeartbeatInput {
}

/**
 * Nothing new, but the stream is alive.
 */
export interface Heartbeat {
}

import { JetStreamApiError, type ConsumerConfig, type JetStreamManager, type StreamConfig } from "@nats-io/jetstream";

const streamNameInUse = 10058;
const consumerExists = [10013, 10148];

/** Makes a stream, or brings the one that is there to these settings. */
export async function ensureStream(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== streamNameInUse) throw error;
    await manager.streams.update(config.name, config);
  }
}

/** Makes a durable consumer, or brings the one that is there to these settings. */
export async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  config: Partial<ConsumerConfig> & { durable_name: string },
): Promise<void> {
  try {
    await manager.consumers.add(stream, config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || !consumerExists.includes(error.code)) throw error;
    await manager.consumers.update(stream, config.durable_name, config);
  }
}

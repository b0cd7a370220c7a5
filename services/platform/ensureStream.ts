import { JetStreamApiError, type ConsumerConfig, type JetStreamManager, type StreamConfig } from "@nats-io/jetstream";

const streamNameInUse = 10058;
const storageExceeded = 10047;
const consumerExists = [10013, 10148];

/** Makes a stream, or brings the one that is there to these settings. */
export async function ensureStream(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    if (error.code === storageExceeded) throw new Error(tooLittleStorage(config), { cause: error });
    if (error.code !== streamNameInUse) throw error;
    await manager.streams.update(config.name, config);
  }
}

function tooLittleStorage({ name, max_bytes: bytes = 0 }: Partial<StreamConfig> & { name: string }): string {
  const wanted = bytes > 0 ? `${Math.ceil(bytes / 1024 ** 2)} MiB` : "more";
  return (
    `NATS has not enough storage for the stream ${name}, which may take ${wanted}: by itself nats-server takes at most three quarters of the ` +
    "free disk. Free disk space where NATS keeps its data (of a local stack: the data folder), or raise its max_file_store."
  );
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

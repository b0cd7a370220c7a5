import * as grpc from "@grpc/grpc-js";
import { startGrpcServer, type GrpcServer } from "#platform/grpcServer.js";
import { clientStream, serverStream, unary, type CallContext } from "#platform/handlers.js";
import { createLogger } from "#platform/logger.js";

/** A service of the three kinds of calls, its messages JSON. */
const json = { requestSerialize: encode, requestDeserialize: decode, responseSerialize: encode, responseDeserialize: decode };
export const definition = {
  Ask: { path: "/test.Echo/Ask", requestStream: false, responseStream: false, ...json },
  Watch: { path: "/test.Echo/Watch", requestStream: false, responseStream: true, ...json },
  Upload: { path: "/test.Echo/Upload", requestStream: true, responseStream: false, ...json },
};
function encode(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
function decode(bytes: Buffer): object {
  return JSON.parse(bytes.toString()) as object;
}

export interface Message {
  text?: string;
  n?: number;
}
interface Client extends grpc.Client {
  Ask(
    request: Message,
    options: grpc.CallOptions,
    callback: (error: grpc.ServiceError | null, response?: Message) => void,
  ): grpc.ClientUnaryCall;
  Watch(request: Message, options?: grpc.CallOptions): grpc.ClientReadableStream<Message>;
  Upload(callback: (error: grpc.ServiceError | null, response?: Message) => void): grpc.ClientWritableStream<Message>;
}
const EchoClient = grpc.makeGenericClientConstructor(definition, "Echo") as unknown as new (
  address: string,
  credentials: grpc.ChannelCredentials,
) => Client;

const running: { server: GrpcServer; client: Client }[] = [];

/** For `afterEach`: ends what the test has started. */
export async function stopEchoServices(): Promise<void> {
  for (const { server, client } of running.splice(0)) {
    client.close();
    await server.stop(100);
  }
}

export interface Handlers {
  ask?(request: Message, call: CallContext): Promise<Message>;
  watch?(request: Message, call: CallContext): AsyncIterable<Message>;
  upload?(requests: AsyncIterable<Message>, call: CallContext): Promise<Message>;
}

/** Serves an echo service with these handlers on a free port. */
export async function startEchoService({ ask, watch, upload }: Handlers): Promise<{ server: GrpcServer; client: Client }> {
  const nothing = () => Promise.resolve({});
  const implementation = {
    Ask: unary<Message, Message>(ask ?? nothing),
    Watch: serverStream<Message, Message>(watch ?? async function* () {}),
    Upload: clientStream<Message, Message>(upload ?? nothing),
  };
  const server = await startGrpcServer({
    listen: "127.0.0.1:0",
    services: [{ definition, implementation }],
    logger: createLogger("test", "silent"),
  });
  const client = new EchoClient(server.address, grpc.credentials.createInsecure());
  running.push({ server, client });
  return { server, client };
}

export function ask(client: Client, request: Message, options: grpc.CallOptions = {}): Promise<Message> {
  return new Promise((resolve, reject) =>
    client.Ask(request, options, (error, response) => (error ? reject(error) : resolve(response ?? {}))),
  );
}

import * as grpc from '@grpc/grpc-js';
import pluginMessages from '@pulumi/pulumi/proto/plugin_pb.js';
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import statusMessages from '@pulumi/pulumi/proto/status_pb.js';
import anyMessages from 'google-protobuf/google/protobuf/any_pb.js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import structs from 'google-protobuf/google/protobuf/struct_pb.js';
import { type ChangeKind, HalfCreated, type Properties, type Provider } from './provider.ts';
import { unwrap, wrap } from './values.ts';

type Struct = InstanceType<typeof structs.Struct>;
type Secrets = ReturnType<typeof unwrap>['secrets'];

const kinds = messages.PropertyDiff.Kind;
const kindOf: Record<ChangeKind, [inPlace: number, replacing: number]> = {
  add: [kinds.ADD, kinds.ADD_REPLACE],
  update: [kinds.UPDATE, kinds.UPDATE_REPLACE],
  delete: [kinds.DELETE, kinds.DELETE_REPLACE],
};

/** Serves a provider to the engine: gRPC on a free port, whose number is the only thing ever printed. */
export async function serve(provider: Provider): Promise<void> {
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(services.ResourceProviderService as unknown as grpc.ServiceDefinition, methods(provider));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  process.stdout.write(`${port}\n`);
}

/** `ResourceProvider` of pulumi/pulumi, `proto/pulumi/provider.proto`; what is not here is answered UNIMPLEMENTED. */
function methods(provider: Provider): grpc.UntypedServiceImplementation {
  return {
    getPluginInfo: answer(async () => {
      const info = new pluginMessages.PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    getSchema: answer(async () => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: provider.name, version: provider.version }));
      return response;
    }),
    attach: answer(async () => new emptyMessages.Empty()),
    cancel: answer(async () => new emptyMessages.Empty()),

    checkConfig: answer(async (request: CheckRequest) => {
      return checked(request.getNews(), await provider.checkConfig(read(request.getNews()).plain));
    }),
    diffConfig: answer(async (request: DiffRequest) => {
      const { changed, replaces } = provider.diffConfig(
        read(request.getOldInputs() ?? request.getOlds()).plain,
        read(request.getNews()).plain,
      );
      const response = new messages.DiffResponse();
      response.setChanges(
        changed.length > 0 ? messages.DiffResponse.DiffChanges.DIFF_SOME : messages.DiffResponse.DiffChanges.DIFF_NONE,
      );
      response.setDiffsList(changed);
      response.setReplacesList(replaces);
      return response;
    }),
    configure: answer(async (request: ConfigureRequest) => {
      provider.configure(read(request.getArgs()).plain);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),

    check: answer(async (request: CheckRequest) => {
      const { plain: news, secrets } = read(request.getNews());
      const seed = request.getRandomseed_asU8();
      const { inputs, failures } = await provider.check({
        ...asked(request),
        news,
        olds: read(request.getOlds()).plain,
        seed,
      });
      return checked(write(inputs, secrets), failures);
    }),
    diff: answer(async (request: DiffRequest) => {
      const olds = read(request.getOldInputs() ?? request.getOlds()).plain;
      const { changes, deleteBeforeReplace } = await provider.diff({
        ...asked(request),
        olds,
        news: read(request.getNews()).plain,
      });
      return difference(changes, deleteBeforeReplace);
    }),
    create: answer(async (request: CreateRequest) => {
      const { plain: inputs, secrets } = read(request.getProperties());
      const { id, outputs } = await marked(
        secrets,
        provider.create({ ...asked(request), inputs, preview: request.getPreview() }),
      );
      const response = new messages.CreateResponse();
      response.setId(id);
      response.setProperties(write(outputs, secrets));
      return response;
    }),
    read: answer(async (request: ReadRequest) => {
      const { plain: inputs, secrets } = read(request.getInputs());
      const shown = read(request.getProperties()).secrets;
      const found = await provider.read({ ...asked(request), id: request.getId(), inputs });
      const response = new messages.ReadResponse();
      if (!found) return response;
      response.setId(found.id);
      response.setInputs(write(found.inputs, secrets));
      response.setProperties(write(found.outputs, [...secrets, ...shown]));
      return response;
    }),
    update: answer(async (request: UpdateRequest) => {
      const { plain: inputs, secrets } = read(request.getNews());
      const olds = read(request.getOldInputs() ?? request.getOlds()).plain;
      const state = read(request.getOlds()).plain;
      const about = { ...asked(request), id: request.getId(), olds, state, inputs, preview: request.getPreview() };
      const { outputs } = await marked(secrets, provider.update(about));
      const response = new messages.UpdateResponse();
      response.setProperties(write(outputs, secrets));
      return response;
    }),
    delete: answer(async (request: DeleteRequest) => {
      await provider.delete({ ...asked(request), id: request.getId() });
      return new emptyMessages.Empty();
    }),
    invoke: answer(async (request: InvokeRequest) => {
      const response = new messages.InvokeResponse();
      response.setReturn(write(await provider.invoke(request.getTok(), read(request.getArgs()).plain), []));
      return response;
    }),
  };
}

type CheckRequest = InstanceType<typeof messages.CheckRequest>;
type ConfigureRequest = InstanceType<typeof messages.ConfigureRequest>;
type CreateRequest = InstanceType<typeof messages.CreateRequest>;
type DeleteRequest = InstanceType<typeof messages.DeleteRequest>;
type DiffRequest = InstanceType<typeof messages.DiffRequest>;
type InvokeRequest = InstanceType<typeof messages.InvokeRequest>;
type ReadRequest = InstanceType<typeof messages.ReadRequest>;
type UpdateRequest = InstanceType<typeof messages.UpdateRequest>;

/** A unary method; whatever it throws is the engine's answer, never the end of the process. */
function answer<Request, Response>(
  work: (request: Request) => Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    work(call.request).then(
      (response) => callback(null, response),
      (error: Error) =>
        callback(
          error instanceof HalfCreated ? halfCreated(error) : { code: grpc.status.UNKNOWN, details: error.message },
        ),
    );
  };
}

const secretsOfHalf = new WeakMap<HalfCreated, Secrets>();

/** Remembers which inputs were secret for the case that the resource comes into being only half. */
async function marked<T>(secrets: Secrets, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HalfCreated) secretsOfHalf.set(error, secrets);
    throw error;
  }
}

/** The engine learns of a half-created resource from the details of the error, as `google.rpc.Status`. */
function halfCreated(error: HalfCreated): Partial<grpc.StatusObject> {
  const secrets = secretsOfHalf.get(error) ?? [];
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(write(error.outputs, secrets));
  detail.setInputs(write(error.inputs, secrets));
  detail.setReasonsList([...error.reasons]);
  const any = new anyMessages.Any();
  any.pack(detail.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const status = new statusMessages.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(error.message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.add('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}

/** `urn:pulumi:stack::project::parents$type::name` */
function asked(request: { getUrn(): string }): { type: string; name: string } {
  const [, , types = '', ...name] = request.getUrn().split('::');
  return { type: types.slice(types.lastIndexOf('$') + 1), name: name.join('::') };
}

const read = (struct: Struct | undefined) => unwrap(struct?.toJavaScript());

function write(properties: Properties, secrets: Secrets): Struct {
  // Through JSON, so that `undefined` is left out: Struct would throw.
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(wrap(properties, secrets))));
}

function checked(inputs: Struct | undefined, failures: readonly { property: string; reason: string }[]) {
  const response = new messages.CheckResponse();
  response.setInputs(inputs);
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new messages.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

function difference(changes: Record<string, { kind: ChangeKind; replaces: boolean }>, deleteBeforeReplace: boolean) {
  const response = new messages.DiffResponse();
  const topLevel = (path: string): string => /^[^.[]+/.exec(path)?.[0] ?? path;
  const paths = Object.keys(changes);
  response.setChanges(
    paths.length > 0 ? messages.DiffResponse.DiffChanges.DIFF_SOME : messages.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList([...new Set(paths.map(topLevel))]);
  response.setReplacesList([...new Set(paths.filter((path) => changes[path]?.replaces).map(topLevel))]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const [path, { kind, replaces }] of Object.entries(changes)) {
    const change = new messages.PropertyDiff();
    change.setKind(kindOf[kind][replaces ? 1 : 0] as (typeof kinds)[keyof typeof kinds]);
    change.setInputdiff(true);
    response.getDetaileddiffMap().set(path, change);
  }
  return response;
}

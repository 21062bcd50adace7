import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const grpc = require('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
const resourceMessages = require('@pulumi/pulumi/proto/resource_pb.js');
const resourceServices = require('@pulumi/pulumi/proto/resource_grpc_pb.js');
const engineMessages = require('@pulumi/pulumi/proto/engine_pb.js');
const engineServices = require('@pulumi/pulumi/proto/engine_grpc_pb.js');
const { Struct } = require('google-protobuf/google/protobuf/struct_pb.js');
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js');

type Json = Record<string, unknown>;

/** What a program tells the engine about a resource, and what the engine answers; what a pack is asked, and what it says. */
export type Conversation = {
  invoked: { request: Json; response: Json }[];
  registered: { request: Json; response: Json }[];
  analyzed: { request: Json; response: Json }[];
  analyzedStack: { request: Json; response: Json };
};

type Line = { method: string; progress: string; request: Json; response: Json };

/** Reads the engine's own log of a preview (`PULUMI_DEBUG_GRPC`) into what must stay as it is. */
export function readConversation(log: string): Conversation {
  const lines = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const completed = (method: string) =>
    lines.filter((line) => line.method === `/pulumirpc.${method}` && line.progress === 'response_completed');
  const byUrn = (a: { request: Json }, b: { request: Json }): number =>
    nameOf(a.request).localeCompare(nameOf(b.request));
  const [stack] = completed('Analyzer/AnalyzeStack');
  return {
    invoked: completed('ResourceMonitor/Invoke').map(({ request, response }) => ({
      request: only(request, ['tok', 'args']),
      response: only(response, ['return']),
    })),
    registered: completed('ResourceMonitor/RegisterResource')
      .map(({ request, response }) => ({ request: stable(request), response: only(response, ['urn', 'id', 'object']) }))
      .sort(byUrn),
    analyzed: completed('Analyzer/Analyze')
      .map(({ request, response }) => ({
        request: only(request, ['type', 'name', 'urn', 'properties']),
        response: only(response, ['diagnostics']),
      }))
      .sort(byUrn),
    analyzedStack: {
      request: {
        resources: ((stack?.request.resources ?? []) as Json[])
          .map((each) => only(each, ['type', 'name', 'urn', 'properties', 'propertyDependencies']))
          .sort((a, b) => nameOf(a).localeCompare(nameOf(b))),
      },
      response: only(stack?.response ?? {}, ['diagnostics']),
    },
  };
}

const nameOf = ({ type, name }: Json): string => `${type} ${name}`;
const only = (from: Json, keys: readonly string[]): Json =>
  Object.fromEntries(keys.flatMap((key) => (key in from ? [[key, sorted(from[key])]] : [])));

/** A registration without what the SDK adds for its own sake: hundreds of old type names, versions, source positions, empty fields. */
function stable(request: Json): Json {
  const {
    aliases: _,
    sourcePosition: __,
    packageRef: ___,
    version: ____,
    stackTrace: _____,
    pluginDownloadURL: ______,
    ...rest
  } = request;
  return sorted({
    ...rest,
    ...(Array.isArray(rest.dependencies) && { dependencies: [...rest.dependencies].sort() }),
  }) as Json;
}

/** In a fixed order, and without the one name that is drawn by chance: a role assignment's GUID. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [
        key,
        key === 'urns' && Array.isArray(each)
          ? [...each].sort()
          : key === 'roleAssignmentName'
            ? '<random>'
            : sorted(each),
      ]),
  );
}

/** Runs a program, by default the built one, against the engine's recorded answers, and gives back what it registers. */
export async function replayProgram(
  project: string,
  stack: string,
  recorded: Conversation,
  env: Record<string, string>,
  program = join(project, 'dist', 'program.js'),
): Promise<{ registered: Json[]; startedAfterMs: number; code: number | null; output: string }> {
  const registered: Json[] = [];
  const begun = performance.now();
  let startedAfterMs = Number.NaN;
  const log: string[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: the generated protocol classes have no types of their own.
  type Call = { request: any };
  // biome-ignore lint/suspicious/noExplicitAny: the generated protocol classes have no types of their own.
  type Answer = (error: Error | null, message?: any) => void;
  const nothing = (_: Call, answer: Answer): void => answer(null, new Empty());
  const monitor = {
    supportsFeature: (_: Call, answer: Answer) => {
      const response = new resourceMessages.SupportsFeatureResponse();
      response.setHassupport(true);
      answer(null, response);
    },
    registerResource: ({ request }: Call, answer: Answer) => {
      const told = registrationOf(request);
      registered.push(told);
      // The first is the stack itself, which the SDK registers before it loads the program.
      if (registered.length === 2) startedAfterMs = performance.now() - begun;
      const known = recorded.registered.find((each) => nameOf(each.request) === nameOf(told));
      const response = new resourceMessages.RegisterResourceResponse();
      response.setUrn(String(known?.response.urn ?? ''));
      response.setId(String(known?.response.id ?? ''));
      response.setObject(Struct.fromJavaScript((known?.response.object ?? {}) as Record<string, never>));
      answer(null, response);
    },
    invoke: ({ request }: Call, answer: Answer) => {
      const known = recorded.invoked.find((each) => each.request.tok === request.getTok());
      const response = new resourceMessages.ResourceInvokeResponse();
      response.setReturn(Struct.fromJavaScript((known?.response.return ?? {}) as Record<string, never>));
      answer(null, response);
    },
    registerResourceOutputs: nothing,
    signalAndWaitForShutdown: nothing,
    registerStackTransform: nothing,
    registerStackInvokeTransform: nothing,
  };
  const engine = {
    log: ({ request }: Call, answer: Answer) => {
      if (request.getSeverity() >= engineMessages.LogSeverity.WARNING) log.push(request.getMessage());
      answer(null, new Empty());
    },
    getRootResource: (_: Call, answer: Answer) => answer(null, new engineMessages.GetRootResourceResponse()),
    setRootResource: (_: Call, answer: Answer) => answer(null, new engineMessages.SetRootResourceResponse()),
  };
  const server = new grpc.Server();
  server.addService(resourceServices.ResourceMonitorService, monitor as never);
  server.addService(engineServices.EngineService, engine as never);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const pipes = mkdtempSync(join(tmpdir(), 'perpetual-replay-'));
  try {
    const address = `127.0.0.1:${port}`;
    const { FORCE_COLOR: _, NODE_OPTIONS: __, ...inherited } = process.env;
    const child = spawn(
      process.execPath,
      [
        require.resolve('@pulumi/pulumi/cmd/run'),
        '--monitor',
        address,
        '--engine',
        address,
        '--project',
        'perpetual',
        '--stack',
        stack,
        '--organization',
        'organization',
        '--pwd',
        dirname(program),
        '--root-directory',
        project,
        '--dry-run',
        '--parallel',
        '8',
        basename(program),
      ],
      {
        cwd: project,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...inherited,
          PULUMI_NODEJS_ROOT_DIRECTORY: project,
          PULUMI_CONFIG: '{}',
          PULUMI_CONFIG_SECRET_KEYS: '[]',
          ...env,
        },
      },
    );
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return {
      registered: registered.sort((a, b) => nameOf(a).localeCompare(nameOf(b))),
      startedAfterMs,
      code,
      output: [...log, stdout, stderr].join('\n'),
    };
  } finally {
    server.forceShutdown();
    rmSync(pipes, { recursive: true, force: true });
  }
}

/** The same fields as in the engine's log, where empty ones are left out. */
// biome-ignore lint/suspicious/noExplicitAny: the generated protocol classes have no types of their own.
function registrationOf(request: any): Json {
  const dependencies: Json = {};
  request.getPropertydependenciesMap().forEach((value: { getUrnsList(): string[] }, key: string) => {
    const urns = value.getUrnsList();
    dependencies[key] = urns.length > 0 ? { urns } : {};
  });
  const fields: Json = {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    object: request.getObject()?.toJavaScript() ?? {},
    protect: request.getProtect?.() || undefined,
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
    propertyDependencies: Object.keys(dependencies).length > 0 ? dependencies : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace() || undefined,
    retainOnDelete: request.getRetainondelete() || undefined,
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
  return stable(
    Object.fromEntries(
      Object.entries(fields).filter(
        ([, value]) =>
          value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0),
      ),
    ),
  );
}
export const comparable = (request: Json): Json =>
  only(request, [
    'type',
    'name',
    'parent',
    'custom',
    'object',
    'protect',
    'dependencies',
    'provider',
    'propertyDependencies',
    'ignoreChanges',
    'deleteBeforeReplace',
    'retainOnDelete',
    'additionalSecretOutputs',
  ]);

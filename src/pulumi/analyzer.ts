import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expressionsIn, isExpr } from '../expr.ts';
import { UsageError } from '../files.ts';
import { type Resource, UNKNOWN } from '../plan.ts';
import type { Level } from '../policy/policy.ts';

/** The SDK, and what the SDK itself speaks the protocol with: both ends must use the same. */
const [grpc, messages, services, { Struct }, { Empty }, runPack] = sdk();

function sdk() {
  try {
    const require = createRequire(import.meta.url);
    require.resolve('@pulumi/policy');
    const ofSdk = createRequire(require.resolve('@pulumi/pulumi/package.json'));
    return [
      ofSdk('@grpc/grpc-js') as typeof import('@grpc/grpc-js'),
      ofSdk('./proto/analyzer_pb.js'),
      ofSdk('./proto/analyzer_grpc_pb.js'),
      ofSdk('google-protobuf/google/protobuf/struct_pb.js'),
      ofSdk('google-protobuf/google/protobuf/empty_pb.js'),
      ofSdk.resolve('./cmd/run-policy-pack'),
    ] as const;
  } catch {
    const names = '@pulumi/pulumi @pulumi/policy';
    throw new UsageError(`asking the pack needs what is not installed here: npm install ${names}`);
  }
}

// What the engine sends for a string it does not know yet: sdk/nodejs/runtime/rpc.ts.
const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export type Violation = {
  policy: string;
  level: Level;
  resource: string | undefined;
  message: string;
};

/** A resource as the engine tells of it; with a parent its URN has the parent's type. */
export type Sent = Pick<Resource, 'type' | 'name' | 'inputs' | 'options'> & { parent?: { type: string; name: string } };

/** What the engine is told on its command line: the stack, and settings by policy. */
export type Asked = { stack?: string; config?: Record<string, Record<string, unknown>> };

/** A pack's process, started and spoken to as the engine does. */
export type Pack = {
  analyze(resources: readonly Sent[], asked?: Asked): Promise<Violation[]>;
  info(): Promise<{ name: string; policies: PolicyInfo[] }>;
  close(): void;
};

export type PolicyInfo = { name: string; level: number; schema: Record<string, unknown> | undefined };

export type PackOptions = {
  /** The built pack. */
  file: string;
  /** The stack it is started for; of another one it can be asked all the same. */
  stack?: string;
  /** The texts of specs, by stack. */
  specs?: Readonly<Record<string, string>>;
  /** A folder with policies of the user's own. */
  policies?: string | undefined;
  /** The text of policies/config.yaml. */
  config?: string;
  /** The day to judge by. */
  asOf?: string;
};

/** Starts the built pack in a project of its own. */
export async function startPack(options: PackOptions): Promise<Pack> {
  const { file, stack: started = 'none', specs = {}, policies, config, asOf } = options;
  const root = mkdtempSync(join(tmpdir(), 'perpetual-pack-test-'));
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('Pulumi.yaml', 'name: test\nruntime: nodejs\n');
  write('package.json', JSON.stringify({ private: true, perpetual: policies && { policies } }));
  write('policies/PulumiPolicy.yaml', 'runtime: nodejs\n');
  write('policies/package.json', JSON.stringify({ name: 'test', version: '1.0.0', type: 'module', main: file }));
  if (config !== undefined) write('policies/config.yaml', config);
  for (const [stack, text] of Object.entries(specs)) write(`specs/${stack}/perpetual-node.yaml`, text);
  const child = spawn(process.execPath, [runPack, '127.0.0.1:1', join(root, 'policies')], {
    cwd: join(root, 'policies'),
    env: {
      ...process.env,
      PULUMI_NODEJS_STACK: started,
      PULUMI_NODEJS_PROJECT: 'perpetual',
      PULUMI_NODEJS_DRY_RUN: 'true',
      ...(asOf !== undefined && { PERPETUAL_AS_OF: asOf }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (data: Buffer) => errors.push(String(data)));
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the pack ended with ${code}: ${errors.join('')}`)));
  });
  const client = new services.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  // biome-ignore lint/suspicious/noExplicitAny: the generated protocol classes have no types of their own.
  const call = (method: string, request: unknown): Promise<any> =>
    new Promise((resolve, reject) =>
      client[method](request, (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer))),
    );

  const info = async () => {
    const answer = await call('getAnalyzerInfo', new Empty());
    return {
      name: answer.getName(),
      // biome-ignore lint/suspicious/noExplicitAny: the generated protocol classes have no types of their own.
      policies: answer.getPoliciesList().map((policy: any) => ({
        name: policy.getName(),
        level: policy.getEnforcementlevel(),
        schema: policy.getConfigschema()?.getProperties()?.toJavaScript(),
      })),
    };
  };
  // What the engine fills in for settings that its user leaves out.
  const defaultsOf = ({ schema = {} }: PolicyInfo): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(schema as Record<string, { default?: unknown }>).flatMap(([key, { default: value }]) =>
        value === undefined ? [] : [[key, value]],
      ),
    );

  return {
    info,
    async analyze(resources, { stack = started, config = {} } = {}) {
      const urnOf = ({ type, name, parent }: Pick<Sent, 'name' | 'parent'> & { type: string }): string =>
        `urn:pulumi:${stack}::perpetual::${parent ? `${parent.type}$` : ''}${type}::${name}`;
      const options = ({ parent }: Sent) => {
        const given = new messages.AnalyzerResourceOptions();
        given.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
        if (parent) given.setParent(urnOf(parent));
        return given;
      };
      // The engine sends every policy its own level back, with the settings of the user.
      const configure = new messages.ConfigureAnalyzerRequest();
      for (const policy of (await info()).policies) {
        const { name, level } = policy;
        const policyConfig = new messages.PolicyConfig();
        policyConfig.setEnforcementlevel(level);
        policyConfig.setProperties(Struct.fromJavaScript({ ...defaultsOf(policy), ...config[name] }));
        configure.getPolicyconfigMap().set(name, policyConfig);
      }
      await call('configure', configure);
      const violations: Violation[] = [];
      const collect = (
        answer: {
          getDiagnosticsList(): {
            getPolicyname(): string;
            getEnforcementlevel(): number;
            getMessage(): string;
            getUrn(): string;
          }[];
        },
        resource?: string,
      ): void => {
        for (const diagnostic of answer.getDiagnosticsList()) {
          const level =
            (['advisory', 'mandatory', 'disabled'] as const)[diagnostic.getEnforcementlevel()] ?? 'advisory';
          violations.push({
            policy: diagnostic.getPolicyname(),
            level,
            message: diagnostic.getMessage(),
            resource: resource ?? (diagnostic.getUrn().split('::').at(-1) || undefined),
          });
        }
      };
      for (const resource of resources) {
        const request = new messages.AnalyzeRequest();
        request.setType(resource.type);
        request.setName(resource.name);
        request.setUrn(urnOf(resource));
        request.setOptions(options(resource));
        request.setProperties(Struct.fromJavaScript(asSent(resource.inputs)));
        // First it asks for remedies, then for violations.
        await call('remediate', request);
        collect(await call('analyze', request), resource.name);
      }
      const stackRequest = new messages.AnalyzeStackRequest();
      stackRequest.setResourcesList(
        resources.map((resource) => {
          const sent = new messages.AnalyzerResource();
          sent.setType(resource.type);
          sent.setName(resource.name);
          sent.setUrn(urnOf(resource));
          sent.setOptions(options(resource));
          if (resource.parent) sent.setParent(urnOf(resource.parent));
          sent.setProperties(Struct.fromJavaScript(asSent(resource.inputs)));
          const { dependsOn = [] } = resource.options;
          sent.setDependenciesList(resources.filter(({ name }) => dependsOn.includes(name)).map(urnOf));
          for (const [key, value] of Object.entries(resource.inputs)) {
            const names = [...expressionsIn(value)].flatMap(({ $: body }) => ('ref' in body ? [body.ref] : []));
            const targets = resources.filter(({ name }) => names.includes(name));
            if (targets.length === 0) continue;
            const dependencies = new messages.AnalyzerPropertyDependencies();
            for (const target of targets) dependencies.addUrns(urnOf(target));
            sent.getPropertydependenciesMap().set(key, dependencies);
          }
          return sent;
        }),
      );
      collect(await call('analyzeStack', stackRequest));
      return violations;
    },
    close() {
      client.close();
      child.kill();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Inputs as they are in a preview: whatever another resource gives is not known yet. */
function asSent(value: unknown): Record<string, never> {
  const sent = (each: unknown): unknown => {
    if (isExpr(each) || each === UNKNOWN) return unknown;
    if (Array.isArray(each)) return each.map(sent);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, part]) => [key, sent(part)]));
  };
  return sent(value) as Record<string, never>;
}

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expressionsIn, isExpr } from '../../src/expr.ts';
import { type Resource, UNKNOWN } from '../../src/plan.ts';

const require = createRequire(import.meta.url);
const grpc = require('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
const messages = require('@pulumi/pulumi/proto/analyzer_pb.js');
const services = require('@pulumi/pulumi/proto/analyzer_grpc_pb.js');
const { Struct } = require('google-protobuf/google/protobuf/struct_pb.js');
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js');

// What the engine sends for a string it does not know yet: sdk/nodejs/runtime/rpc.ts.
const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export type Violation = {
  policy: string;
  level: 'advisory' | 'mandatory' | 'disabled';
  resource: string | undefined;
  message: string;
};

/** A pack's process, started and spoken to as the engine does. */
export type Pack = {
  analyze(resources: readonly Resource[], config?: Record<string, Record<string, unknown>>): Promise<Violation[]>;
  info(): Promise<{ name: string; policies: { name: string; level: number }[] }>;
  close(): void;
};

/** Starts the built pack in a project of its own; with a spec the stack is deployed from it. */
export async function startPack(spec?: { stack: string; text: string; config?: string }): Promise<Pack> {
  const root = mkdtempSync(join(tmpdir(), 'perpetual-pack-test-'));
  mkdirSync(join(root, 'policies'));
  writeFileSync(join(root, 'Pulumi.yaml'), 'name: test\nruntime: nodejs\n');
  writeFileSync(join(root, 'policies', 'PulumiPolicy.yaml'), 'runtime: nodejs\n');
  writeFileSync(
    join(root, 'policies', 'package.json'),
    JSON.stringify({ name: 'test', version: '1.0.0', type: 'module', main: join(process.cwd(), 'dist', 'pack.js') }),
  );
  if (spec) {
    mkdirSync(join(root, 'specs', spec.stack), { recursive: true });
    writeFileSync(join(root, 'specs', spec.stack, 'perpetual-node.yaml'), spec.text);
    if (spec.config !== undefined) writeFileSync(join(root, 'policies', 'config.yaml'), spec.config);
  }
  const stack = spec?.stack ?? 'none';
  const child = spawn(
    process.execPath,
    [require.resolve('@pulumi/pulumi/cmd/run-policy-pack'), '127.0.0.1:1', join(root, 'policies')],
    {
      cwd: join(root, 'policies'),
      env: {
        ...process.env,
        PULUMI_NODEJS_STACK: stack,
        PULUMI_NODEJS_PROJECT: 'perpetual',
        PULUMI_NODEJS_DRY_RUN: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
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
      policies: answer.getPoliciesList().map((policy: { getName(): string; getEnforcementlevel(): number }) => ({
        name: policy.getName(),
        level: policy.getEnforcementlevel(),
      })),
    };
  };
  const options = () => {
    const empty = new messages.AnalyzerResourceOptions();
    empty.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
    return empty;
  };
  const urnOf = ({ type, name }: Resource): string => `urn:pulumi:${stack}::perpetual::${type}::${name}`;

  return {
    info,
    async analyze(resources, config = {}) {
      // The engine sends every policy its own level back, with the settings of the user.
      const configure = new messages.ConfigureAnalyzerRequest();
      for (const { name, level } of (await info()).policies) {
        const policyConfig = new messages.PolicyConfig();
        policyConfig.setEnforcementlevel(level);
        policyConfig.setProperties(Struct.fromJavaScript(config[name] ?? {}));
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
        request.setOptions(options());
        request.setProperties(Struct.fromJavaScript(asSent(resource.inputs)));
        collect(await call('analyze', request), resource.name);
      }
      const stackRequest = new messages.AnalyzeStackRequest();
      stackRequest.setResourcesList(
        resources.map((resource) => {
          const sent = new messages.AnalyzerResource();
          sent.setType(resource.type);
          sent.setName(resource.name);
          sent.setUrn(urnOf(resource));
          sent.setOptions(options());
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

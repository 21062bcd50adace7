import * as pulumi from '@pulumi/pulumi';
import { counts } from '../diagnostic.ts';
import { find } from '../spec/node.ts';
import { deploy } from './deploy.ts';
import { isPackRunning } from './pack-marker.ts';
import { resolveSecrets } from './secrets.ts';
import { compileStack, oneLine, position, projectRoot } from './stack-spec.ts';

/** What `pulumi up` runs: the stack's spec, judged first, then registered resource by resource. */
const root = projectRoot(process.env.PULUMI_NODEJS_ROOT_DIRECTORY ?? process.cwd());
const stack = pulumi.getStack();
const today = process.env.PERPETUAL_AS_OF ?? new Date().toISOString().slice(0, 10);
const { compiled, configDiagnostics } = compileStack(root, stack, today);
const { plan, complete, loaded, environment } = compiled;

const errors = [...configDiagnostics, ...compiled.diagnostics].filter(
  (diagnostic) => diagnostic.severity === 'error' && counts(diagnostic),
);
const faults = errors.filter(({ level }) => level === undefined).map((diagnostic) => oneLine(compiled, diagnostic));
const violations = errors.filter(({ level }) => level !== undefined).map((diagnostic) => oneLine(compiled, diagnostic));

if (faults.length > 0 || !plan || !complete) refuse('the spec has errors', faults);
if (environment !== stack) refuse(`the stack is "${stack}" and the spec is for "${environment}"`, []);
// Nothing may exist before it is judged: outside of a preview a violation ends it here, whoever else judges.
if (violations.length > 0 && !pulumi.runtime.isDryRun()) refuse('a policy is violated', violations);

const { values, problems } = resolveSecrets(plan as NonNullable<typeof plan>, process.env, root);
if (problems.length > 0) {
  refuse(
    'a secret is missing',
    problems.map(
      ({ path, message }) =>
        `${position(compiled, find(loaded.root, path)?.node.range.start ?? 0)}: ${path}: ${message}`,
    ),
  );
}

const created = await deploy(plan as NonNullable<typeof plan>, values);
// In a preview the plan is shown even so. With the pack beside it the pack names the violation; alone the program does.
if (violations.length > 0 && !isPackRunning()) refuse('a policy is violated', violations);

function refuse(reason: string, details: readonly string[]): never {
  throw new pulumi.RunError(
    [`perpetual refuses to deploy: ${reason}`, ...details.map((detail) => `  ${detail}`)].join('\n'),
  );
}

const outputOf = (name: string, output: string): pulumi.Output<unknown> | undefined => {
  const resource = created.get(name) as unknown as Record<string, pulumi.Output<unknown>> | undefined;
  return resource?.[output];
};

/** What the stack gives to others. */
export const outputs = {
  resourceGroupName: outputOf('resource-group', 'name'),
  clusterName: outputOf('cluster', 'name'),
  publicAddress: outputOf('public-ip', 'ipAddress'),
};

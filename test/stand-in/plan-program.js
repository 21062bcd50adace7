// A Pulumi program that registers the resources of a plan as they are: for tests, of the stand-ins and with them.
// The plan is the JSON file PERPETUAL_PLAN names; `env:` secrets come from the environment.
import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';

const plan = JSON.parse(readFileSync(process.env.PERPETUAL_PLAN, 'utf8'));
const registered = new Map();

/** Any resource: the outputs that the plan refers to must be asked for by name. */
class Any extends pulumi.CustomResource {
  constructor(type, name, inputs, outputs, options) {
    super(type, name, { ...Object.fromEntries(outputs.map((output) => [output, undefined])), ...inputs }, options);
  }
}

class AnyProvider extends pulumi.ProviderResource {
  constructor(type, name, inputs, options) {
    super(type.split(':').at(-1), name, inputs, options);
  }
}

const expressions = (value) => {
  if (typeof value !== 'object' || value === null) return [];
  return ['$' in value ? value.$ : undefined, ...Object.values(value).flatMap(expressions)].filter(Boolean);
};
const references = plan.resources
  .flatMap(({ inputs }) => expressions(inputs))
  .filter((expression) => 'ref' in expression);

function resolve(value) {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  return '$' in value
    ? evaluate(value.$)
    : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]));
}

/** Questions go to the provider of the resources too, not to one with settings of its own. */
function ask(token, args) {
  const own = plan.resources.find(({ type }) => type === 'pulumi:providers:azure-native');
  return pulumi.runtime.invoke(token, args, { async: true, ...(own && { provider: registered.get(own.name) }) });
}

function evaluate({ ref, output, secret, invoke, args, concat, json, base64 }) {
  if (ref) {
    const [first, ...rest] = output.split('.');
    return registered.get(ref)[first].apply((value) => rest.reduce((part, key) => part?.[key], value));
  }
  if (secret) return pulumi.secret(process.env[secret.replace(/^env:/, '')] ?? '');
  if (concat) return pulumi.all(concat.map(resolve)).apply((parts) => parts.join(''));
  if (json) return pulumi.jsonStringify(resolve(json));
  if (base64) return pulumi.output(resolve(base64)).apply((text) => Buffer.from(text).toString('base64'));
  const answer = pulumi.output(resolve(args ?? {})).apply((known) => ask(invoke, known));
  if (output !== 'kubeconfig') return answer.apply((result) => result[output]);
  return pulumi.secret(answer.apply(({ kubeconfigs }) => Buffer.from(kubeconfigs[0].value, 'base64').toString()));
}

for (const { type, name, inputs, options } of plan.resources) {
  const { dependsOn = [], provider, protect, ...others } = options;
  const settings = {
    ...others,
    dependsOn: dependsOn.map((other) => registered.get(other)),
    ...(protect && !process.env.PERPETUAL_UNPROTECTED && { protect }),
    ...(provider && { provider: registered.get(provider) }),
  };
  const outputs = references.filter(({ ref }) => ref === name).map(({ output }) => output.split('.')[0]);
  const isProvider = type.startsWith('pulumi:providers:');
  const given = resolve(inputs);
  registered.set(
    name,
    isProvider
      ? new AnyProvider(type, name, given, settings)
      : new Any(
          type,
          name,
          given,
          outputs.filter((output) => output !== 'id'),
          settings,
        ),
  );
}

import type { WorkflowArgs } from '@pulumi/azure-native/logic/index.js';
import type { Properties } from '../provider.ts';
import { isObject } from '../values.ts';
import { badRequest } from './error.ts';
import { checkIdentities, identityShown } from './identity.ts';
import { names } from './names.ts';
import { recurrenceFault } from './recurrence.ts';
import { define, type Write } from './resource-type.ts';
import { guid } from './world.ts';

const schema =
  /^https:\/\/schema\.management\.azure\.com\/(providers\/Microsoft\.Logic\/)?schemas\/\d{4}-\d\d-\d\d(-preview)?\/workflowdefinition\.json#?$/i;

/** https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language and `…/logic-apps-limits-and-configuration` */
export const workflow = define<WorkflowArgs>({
  path: '{group}/Microsoft.Logic/workflows/{workflowName}',
  name: names.workflow,
  check(write) {
    const { world, id, inputs } = write;
    const { type, userAssignedIdentities: given = [] } = inputs.identity ?? {};
    if (given.length > 0 !== (type === 'UserAssigned'))
      throw badRequest(
        'InvalidManagedServiceIdentity',
        `User assigned identities go with the type UserAssigned, not '${type}'.`,
      );
    checkIdentities(world, id, inputs.identity);
    const { definition } = inputs;
    if (!isObject(definition))
      throw badRequest('InvalidRequestContent', "The property 'definition' of the workflow must be an object.");
    if (!schema.test(String(definition.$schema)))
      throw invalidTemplate(
        `The template language schema '${definition.$schema}' is not that of a workflow definition.`,
      );
    for (const part of ['triggers', 'actions'])
      if (!isObject(definition[part])) throw invalidTemplate(`The required property '${part}' was not found.`);
    const strange = Object.keys(definition).find((key) => !parts.includes(key));
    if (strange) throw invalidTemplate(`Could not find member '${strange}' on object of type 'FlowTemplate'.`);
    checkTriggers(definition.triggers as Properties);
    checkActions(write, definition.actions as Properties);
    checkParameters(write, definition);
  },
  outputs: ({ world, id, inputs }) => ({
    provisioningState: 'Succeeded',
    state: inputs.state ?? 'Enabled',
    identity: identityShown(world, id, inputs.identity),
    accessEndpoint: `https://prod-00.${inputs.location}.logic.azure.com:443/workflows/${guid('workflow', id).replaceAll('-', '')}`,
    createdTime: `${world.account.today}T00:00:00Z`,
    changedTime: `${world.account.today}T00:00:00Z`,
    version: guid('version', id, JSON.stringify(inputs.definition)),
  }),
});

const parts = [
  '$schema',
  'contentVersion',
  'parameters',
  'staticResults',
  'triggers',
  'actions',
  'outputs',
  'metadata',
];

/** The message as in https://github.com/MicrosoftDocs/azure-docs/issues/53192. */
const invalidTemplate = (why: string) => badRequest('InvalidTemplate', `The template validation failed: '${why}'`);

const isName = (name: string): boolean => /^[^<>%&\\?/]{1,80}$/.test(name);

function checkTriggers(triggers: Properties): void {
  if (Object.keys(triggers).length > 10) throw invalidTemplate('A workflow has at most 10 triggers.');
  for (const [name, trigger] of Object.entries(triggers)) {
    if (!isName(name)) throw invalidTemplate(`The trigger name '${name}' is not valid.`);
    if (!isObject(trigger) || typeof trigger.type !== 'string')
      throw invalidTemplate(`The template trigger '${name}' has no type.`);
    const isTimed = ['recurrence', 'slidingwindow'].includes(trigger.type.toLowerCase());
    const fault = isTimed || trigger.recurrence !== undefined ? recurrenceFault(trigger.recurrence) : undefined;
    if (fault) throw invalidTemplate(`The template trigger '${name}' is not valid: "${fault}"`);
  }
}

type Action = { type?: unknown; runAfter?: Record<string, string[]>; inputs?: unknown };

const outcomes = ['Succeeded', 'Failed', 'Skipped', 'TimedOut'];

/** An action waits for others of its own block, and none for itself in a circle. */
function checkActions(write: Write<WorkflowArgs>, actions: Properties): void {
  const waits = new Map<string, string[]>();
  for (const [name, action] of Object.entries(actions) as [string, Action][]) {
    if (!isName(name)) throw invalidTemplate(`The action name '${name}' is not valid.`);
    if (!isObject(action) || typeof action.type !== 'string')
      throw invalidTemplate(`The template action '${name}' has no type.`);
    for (const [other, states] of Object.entries(action.runAfter ?? {})) {
      if (!Object.hasOwn(actions, other))
        throw invalidTemplate(
          `The 'runAfter' property of template action '${name}' contains non-existent action: '${other}'.`,
        );
      const wrong = states.find((state) => !outcomes.some((known) => known.toLowerCase() === state.toLowerCase()));
      if (wrong)
        throw invalidTemplate(`The 'runAfter' property of template action '${name}' has no status '${wrong}'.`);
    }
    waits.set(name, Object.keys(action.runAfter ?? {}));
    checkAuthentication(write, name, action.inputs);
    for (const block of blocksOf(action as Properties)) checkActions(write, block);
  }
  for (const name of waits.keys())
    if (reaches(waits, name, name)) throw invalidTemplate(`The template action '${name}' waits for itself.`);
}

/** The lists of actions inside one: of a scope or a loop, of the branches of a condition or a switch. */
function blocksOf({ actions, else: otherwise, default: fallback, cases }: Properties): Properties[] {
  const branches = [{ actions }, otherwise, fallback, ...(isObject(cases) ? Object.values(cases) : [])];
  return branches.flatMap((branch) => (isObject(branch) && isObject(branch.actions) ? [branch.actions] : []));
}

function reaches(waits: ReadonlyMap<string, string[]>, from: string, to: string, seen = new Set<string>()): boolean {
  return (waits.get(from) ?? []).some((next) => {
    if (next === to) return true;
    if (seen.has(next)) return false;
    return reaches(waits, next, to, seen.add(next));
  });
}

/** An action that signs in as a managed identity needs one: https://learn.microsoft.com/azure/logic-apps/authenticate-with-managed-identity */
function checkAuthentication({ inputs: { identity } }: Write<WorkflowArgs>, name: string, inputs: unknown): void {
  const { authentication } = (isObject(inputs) ? inputs : {}) as {
    authentication?: { type?: string; identity?: string };
  };
  if (authentication?.type !== 'ManagedServiceIdentity') return;
  const wanted = authentication.identity;
  const given = identity?.userAssignedIdentities ?? [];
  const has =
    wanted === undefined || wanted.toLowerCase() === 'systemassigned'
      ? identity?.type === 'SystemAssigned'
      : given.some((id) => id.toLowerCase() === wanted.toLowerCase());
  if (has) return;
  throw badRequest(
    'WorkflowManagedIdentityConfigurationInvalid',
    `The action '${name}' signs in with the managed identity '${wanted ?? 'SystemAssigned'}', which the workflow does not have.`,
  );
}

function checkParameters({ inputs }: Write<WorkflowArgs>, definition: Properties): void {
  const declared = (isObject(definition.parameters) ? definition.parameters : {}) as Record<
    string,
    { defaultValue?: unknown }
  >;
  const given = Object.keys(inputs.parameters ?? {});
  const strange = given.find((name) => !Object.hasOwn(declared, name));
  if (strange) throw invalidTemplate(`The workflow parameter '${strange}' is not declared in the definition.`);
  const missing = Object.keys(declared).find(
    (name) => declared[name]?.defaultValue === undefined && !given.includes(name),
  );
  if (missing) throw invalidTemplate(`The workflow parameter '${missing}' has neither a value nor a default.`);
  const used = [...JSON.stringify(definition).matchAll(/parameters\('([^']+)'\)/g)].map(([, name = '']) => name);
  const unknown = used.find((name) => !Object.hasOwn(declared, name));
  if (unknown) throw invalidTemplate(`The template parameter '${unknown}' is not found.`);
}

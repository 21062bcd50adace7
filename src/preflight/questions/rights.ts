import type { RoleActions } from '../../catalog/roles.ts';
import type { Resource } from '../../plan.ts';
import { allows } from '../../policy/role-rights.ts';
import { deployActions, providersOf } from '../../setup/role.ts';
import { type Found, type Question, same, whenAnswered } from '../question.ts';

type Provider = { namespace: string; registrationState: string };

/** Are the providers that the plan needs known to the subscription? */
export const providersRegistered: Question = async ({ arm, scope, resources }) => {
  const needed = providersOf(resources);
  // https://learn.microsoft.com/rest/api/resources/providers/list
  const answer = await arm.list<Provider>(`${scope}/providers`, '2021-04-01');
  return whenAnswered('which providers are registered', { resource: 'azure' }, answer, function* (known = []) {
    for (const namespace of needed) {
      const state = known.find((each) => same(each.namespace, namespace))?.registrationState ?? 'NotRegistered';
      if (state === 'Registered') continue;
      const isUnderWay = state === 'Registering';
      const first = resources.find((each) => providersOf([each]).includes(namespace));
      yield {
        code: 'preflight/provider-unregistered',
        severity: isUnderWay ? 'warning' : 'error',
        place: { resource: first?.name ?? 'azure' },
        message: isUnderWay
          ? `${namespace} is still being registered in the subscription`
          : `${namespace} is not registered in the subscription`,
        help: isUnderWay ? 'wait some minutes' : `az provider register --namespace ${namespace} --wait`,
      };
    }
  });
};

/** May whoever is logged in do what the deployment does? */
export const callersRights: Question = async ({ arm, scope, resources, existing }) => {
  const group = resources.find(({ type }) => type === 'azure-native:resources:ResourceGroup');
  // A role on the group alone does where the group is there; deployments make it otherwise.
  const where = existing.group.is === 'there' ? `${scope}/resourceGroups/${group?.inputs.resourceGroupName}` : scope;
  const needsGroup = existing.group.is === 'there' ? resources.filter((each) => each !== group) : resources;
  // https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group
  const answer = await arm.list<RoleActions>(`${where}/providers/Microsoft.Authorization/permissions`, '2022-04-01');
  return whenAnswered('what whoever is logged in may do', { resource: 'azure' }, answer, (permissions = []) =>
    missingRights(needsGroup, permissions),
  );
};

/** One finding for each place, whatever number of rights is missing there. */
function* missingRights(resources: readonly Resource[], permissions: readonly RoleActions[]): Generator<Found> {
  const told = new Set<string>();
  const byPlace = new Map<string, { resource: string; actions: string[] }>();
  const groups = resources.map((resource) => ({ resource, actions: [...deployActions([resource])] }));
  for (const { resource, actions } of groups)
    for (const action of actions) {
      if (told.has(action) || allows(permissions, action)) continue;
      told.add(action);
      const known = byPlace.get(resource.origin) ?? { resource: resource.name, actions: [] };
      byPlace.set(resource.origin, { ...known, actions: [...known.actions, action] });
    }
  for (const { resource, actions } of byPlace.values()) {
    const [first, ...more] = actions;
    yield {
      code: 'preflight/right-missing',
      severity: 'error',
      place: { resource },
      message: `whoever is logged in may not ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`,
      ...(more.length > 0 && { note: more.join(', ') }),
      help: '"perpetual preflight --role" prints the role that deploying takes, "perpetual setup azure" gives it to the workflows',
    };
  }
}

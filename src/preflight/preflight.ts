import type { Arm } from '../azure/arm.ts';
import type { Compiled } from '../compile.ts';
import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts';
import { labelAt, specPathIn } from '../locate.ts';
import { ofType } from '../policy/references.ts';
import { text } from '../views.ts';
import { lookAt } from './existing.ts';
import type { Found, Question } from './question.ts';
import { kubernetesOffered } from './questions/kubernetes.ts';
import { machines } from './questions/machines.ts';
import { groupsOurs, namesFree } from './questions/names.ts';
import { addresses, dataDisks } from './questions/network.ts';
import { callersRights, providersRegistered } from './questions/rights.ts';
import { regionOpen, subscriptionState } from './questions/subscription.ts';

const questions: readonly Question[] = [
  subscriptionState,
  regionOpen,
  providersRegistered,
  callersRights,
  groupsOurs,
  namesFree,
  kubernetesOffered,
  machines,
  addresses,
  dataDisks,
];

/** The subscription of a plan that can be deployed. */
export const subscriptionOf = ({ plan }: Compiled): string | undefined =>
  text(plan?.resources.find(({ type }) => type === 'pulumi:providers:azure-native')?.inputs.subscriptionId);

/** Asks Azure what only Azure knows of a plan, and says what will keep it from being deployed, at its lines. */
export async function preflight({ plan, loaded }: Compiled, arm: Arm, subscription: string): Promise<Diagnostic[]> {
  const resources = plan?.resources ?? [];
  const scope = `/subscriptions/${subscription}`;
  const region = text(ofType(resources, 'azure-native:resources:ResourceGroup')[0]?.inputs.location) ?? '';
  const existing = await lookAt(arm, scope, resources);
  const found = await Promise.all(questions.map((ask) => ask({ arm, resources, scope, region, existing })));
  const diagnosticOf = ({ place, note, help, ...rest }: Found): Diagnostic => {
    const path = specPathIn(loaded, resources, { input: '', ...place });
    const resource = resources.find(({ name }) => name === place.resource);
    return {
      ...rest,
      path,
      labels: [labelAt(loaded, path, note)],
      ...(help !== undefined && { help }),
      ...(resource && { resource: { type: resource.type, name: resource.name, path: place.input ?? '' } }),
    };
  };
  return sortDiagnostics(found.flat().map(diagnosticOf));
}

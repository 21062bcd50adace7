import type { Handle } from '../builder.ts';
import { type Context, tags } from './context.ts';

/** Pulumi's way to Azure: bound to the spec's subscription, so that whoever is logged in elsewhere can't deploy there. */
export const azureProvider = ({ spec, plan }: Context): Handle =>
  plan.resource('pulumi:providers:azure-native', 'azure', 'azure.subscription', () => ({
    environment: 'public',
    subscriptionId: () => spec.azure.subscription,
  }));

/** The group that holds everything but the cluster's own parts. */
export const resourceGroup = (context: Context): Handle =>
  context.plan.resource('azure-native:resources:ResourceGroup', 'resource-group', 'azure', () => ({
    resourceGroupName: context.names.resourceGroup,
    location: () => context.spec.azure.region,
    tags: () => tags(context),
  }));

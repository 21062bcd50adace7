import { keepsBackups } from './backups.ts';
import type { Context } from './context.ts';

/**
 * Azure's own watch over the bill, by mail. On the subscription, filtered by the groups of the environment: almost everything that costs
 * money is in the node resource group, which a budget of ours would not see (https://learn.microsoft.com/azure/aks/faq).
 */
export function budget({ spec, plan, names }: Context): void {
  plan.when(
    () => spec.budget?.start !== undefined,
    () => {
      const declared = () => spec.budget as NonNullable<typeof spec.budget>;
      plan.resource(
        'azure-native:consumption:Budget',
        'budget',
        'budget',
        () => ({
          scope: () => `/subscriptions/${spec.azure.subscription}`,
          budgetName: names.budget,
          category: 'Cost',
          timeGrain: 'Monthly',
          amount: () => declared().monthlyUsd,
          timePeriod: { startDate: () => `${declared().start}T00:00:00Z` },
          filter: {
            dimensions: {
              name: 'ResourceGroupName',
              operator: 'In',
              values: () => [
                names.resourceGroup,
                names.nodeResourceGroup,
                ...(keepsBackups(spec) ? [names.snapshotGroup] : []),
              ],
            },
          },
          notifications: () =>
            Object.fromEntries(
              Array.from({ length: declared().alerts.length }, (_, index) => [
                `alert-${index + 1}`,
                {
                  enabled: true,
                  operator: 'GreaterThanOrEqualTo',
                  threshold: () => declared().alerts[index]?.atPercent as number,
                  thresholdType: 'Actual',
                  contactEmails: () => declared().alerts[index]?.emails as string[],
                },
              ]),
            ),
        }),
        // Azure refuses another start for the same budget; one of the same name can take its place only when it is gone.
        () => ({ replaceOnChanges: ['timePeriod'], deleteBeforeReplace: true }),
      );
    },
  );
}

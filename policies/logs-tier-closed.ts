import { definePolicy } from '../src/policy/policy.ts';
import { object, text } from '../src/views.ts';

/** Since when Azure makes no new workspace of a tier. */
const closed: Readonly<Record<string, string>> = { free: '2022-07-01', standard: '2016-10-01', premium: '2016-10-01' };
/** Only subscriptions that had a workspace before there were others still get these. */
const inherited: readonly string[] = ['pernode', 'standalone'];

export default definePolicy({
  id: 'logs-tier-closed',
  title: 'a Log Analytics workspace must have a tier that Azure still sells',
  why: 'Azure refuses a new workspace: "pricing tier doesn\'t match the subscription\'s billing model"; only one from before the day keeps it',
  fix: 'use PerGB2018 with a daily cap (workspaceCapping.dailyQuotaGb)',
  source: 'https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs#legacy-pricing-tiers',
  example: { wrong: 'sku: { name: Free }', right: 'sku: { name: PerGB2018 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:operationalinsights:Workspace'({ inputs }) {
      const tier = text(object(inputs.sku).name) ?? '';
      const since = closed[tier.toLowerCase()];
      if (since !== undefined) yield { input: 'sku.name', message: `the tier "${tier}" is closed since ${since}` };
      else if (inherited.includes(tier.toLowerCase()))
        yield { input: 'sku.name', message: `the tier "${tier}" is left to subscriptions that have had it all along` };
    },
  },
});

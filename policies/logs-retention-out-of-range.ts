import { definePolicy } from '../src/policy/policy.ts';
import { number } from '../src/views.ts';

const [least, most] = [30, 730];

export default definePolicy({
  id: 'logs-retention-out-of-range',
  title: 'a Log Analytics workspace keeps its logs from 30 to 730 days',
  why: 'Azure refuses any other value: "the value provided for retention is invalid"; only an old workspace of the tier Free keeps 7',
  fix: 'write 30: the first 31 days are included in the price',
  source: 'https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure',
  example: { wrong: 'retentionInDays: 7', right: 'retentionInDays: 30' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:operationalinsights:Workspace'({ inputs }) {
      const days = number(inputs.retentionInDays);
      // 0 and less stand for the default of the tier.
      if (days === undefined || days < 1 || (days >= least && days <= most)) return;
      yield {
        input: 'retentionInDays',
        message: `${days} days are too ${days < least ? 'few' : 'many'}: from ${least} to ${most}`,
      };
    },
  },
});

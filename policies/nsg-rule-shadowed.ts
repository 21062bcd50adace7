import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { securityGroups } from '../src/policy/reach/groups.ts';
import type { Rule } from '../src/policy/reach/rules.ts';
import { type Shadow, shadowsIn } from '../src/policy/reach/shadows.ts';

export default definePolicy({
  id: 'nsg-rule-shadowed',
  title: 'a rule should have something left to decide when its turn comes',
  why: 'Azure takes the first rule that fits: what an earlier one decides a later one cannot, so it neither opens nor closes anything',
  fix: 'remove the rule, or give it a lower priority number than the rules that come before it',
  source: 'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#how-traffic-is-evaluated',
  example: { wrong: 'a Deny at 200 behind an Allow of the same at 100', right: 'the Deny at 90' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    for (const group of securityGroups(resources)) {
      if (group.attached === 'nowhere') continue;
      for (const dead of Map.groupBy(shadowsIn(group), ({ by }) => by.map(({ name }) => name).join()).values())
        yield finding(dead);
    }
  },
});

/** On the rule that has nothing to decide; one that leaves nothing to several is itself the cause. */
function finding(dead: readonly Shadow[]): Finding {
  const [{ rule, by }] = dead as [Shadow];
  const first = by.at(-1) as Rule;
  if (dead.length === 1)
    return {
      resource: rule.resource,
      input: rule.sources.input,
      message: `"${rule.name}" ${rule.access === 'Allow' ? 'opens' : 'closes'} nothing: ${named(by)} ${by.length > 1 ? 'come' : 'comes'} first`,
    };
  return {
    resource: first.resource,
    input: first.input === '' ? 'priority' : `${first.input}.priority`,
    message: `${named(by)} ${by.length > 1 ? 'leave' : 'leaves'} nothing to decide for ${named(dead.map((each) => each.rule))}`,
  };
}

const named = (rules: readonly Rule[]): string => {
  const names = rules.slice(0, 3).map(({ name }) => `"${name}"`);
  return rules.length > 3 ? `${names.join(', ')} and ${rules.length - 3} more` : names.join(' and ');
};

import { choice, date, email, list, optional, section, table, text, withDefault } from '../field.ts';

const policyId = { expects: 'the id of a policy such as cost-over-budget', example: 'cost-over-budget' };

export const policies = section(
  { description: 'How this environment is judged, beyond what policies/config.yaml sets for its stage.' },
  {
    levels: withDefault(
      table(
        {
          description: 'Stricter levels, by policy. A policy is loosened by a waiver only.',
          expects: 'ids of policies',
          example: { 'cost-over-budget': 'mandatory' },
        },
        /^[a-z0-9]+(-[a-z0-9]+)*$/,
        choice(['mandatory', 'advisory', 'disabled'], {
          description: 'The level of the policy; it may only be stricter than policies/config.yaml says.',
          example: 'mandatory',
        }),
      ),
      {},
    ),
    waivers: withDefault(
      list(
        { description: 'Violations that are accepted for a while. Up to 100.', example: [] },
        section(
          { description: 'An accepted violation.' },
          {
            policy: text({ description: 'The id of the policy.', ...policyId }, /^[a-z0-9]+(-[a-z0-9]+)*$/),
            path: optional(
              text(
                {
                  description: 'Only for findings at or below this key of the spec.',
                  expects: 'a key of the spec such as cluster.nodePool.vmSize',
                  example: 'cluster.nodePool.vmSize',
                },
                /^\S+$/,
              ),
            ),
            reason: text(
              {
                description: 'Why it is accepted.',
                expects: 'a reason of at most 500 characters',
                example: 'trial until the larger size is approved',
              },
              /^(?=[\s\S]*\S)[\s\S]{1,500}$/,
            ),
            owner: email({ description: 'Who answers for it.', example: 'ada@example.org' }),
            expires: date({ description: 'The last day on which it counts.', example: '2027-01-31' }),
          },
        ),
        100,
      ),
      [],
    ),
  },
);

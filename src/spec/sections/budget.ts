import * as z from 'zod/mini';
import { amount, date, email, list, optional, section, whole, withDefault } from '../field.ts';

export const budget = section(
  {
    description:
      'What the environment may cost. The compiler refuses a spec that costs more, and Azure warns when the real bill comes near it.',
  },
  {
    monthlyUsd: amount(1, 1_000_000, {
      description: 'The limit of the monthly bill.',
      unit: 'USD/month',
      example: 140,
    }),
    start: optional(
      date(
        {
          description:
            'The first day of the month from which Azure counts; needed for alerts. Another start makes another budget, so it is written down once.',
          example: '2026-11-01',
        },
        z.refine((day) => day.endsWith('-01'), { error: ({ input }) => `"${input}" is not the first day of a month` }),
      ),
    ),
    alerts: withDefault(
      list(
        {
          description: 'When Azure warns, and whom. Up to 5.',
          example: [{ atPercent: 80, emails: ['admin@example.org'] }],
        },
        section(
          { description: 'A warning.' },
          {
            atPercent: whole(1, 1000, { description: 'At which part of the budget.', unit: 'percent', example: 80 }),
            emails: list(
              { description: 'Who is told. Up to 50.', example: ['admin@example.org'] },
              email({ description: 'An e-mail address.', example: 'admin@example.org' }),
              50,
              1,
            ),
          },
        ),
        5,
      ),
      [],
    ),
  },
);

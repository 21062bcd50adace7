import { guid, optional, section, text } from '../field.ts';

export const azure = section(
  { description: 'Where in Azure the environment lives.' },
  {
    subscription: guid({
      description:
        'The subscription it is deployed to; deploying anywhere else is refused. It also seeds the names that must be unique in all of Azure.',
      example: '11111111-2222-3333-4444-555555555555',
    }),
    region: text(
      {
        description:
          'The Azure region by its short name. Everything but the global services lives there; fixed once deployed.',
        expects: 'the short name of an Azure region, such as eastus',
        example: 'eastus',
      },
      /^[a-zA-Z][a-zA-Z0-9 ]*$/,
    ),
    resourceGroup: optional(
      text(
        {
          description:
            'The resource group that holds everything but the cluster\'s own parts, which Azure keeps in a second one with "-nodes" at the end. Default: <name>-<environment>-rg.',
          expects: 'letters, digits, "_", "-", "." and brackets, not ending in ".", at most 74 characters',
          example: 'perpetual-prod-rg',
        },
        /^[\w().-]{0,73}[\w()-]$/,
      ),
    ),
  },
);

import { choice, email, optional, section, table, text, withDefault } from '../field.ts';

export const metadata = section(
  { description: 'Names the environment and says how strictly it is judged.' },
  {
    name: text(
      {
        description:
          'The name of the service; every resource is called after it. Up to 24 characters; fixed once deployed.',
        expects: 'lower-case letters, digits and single hyphens, starting with a letter, 2 to 24 characters',
        example: 'perpetual',
      },
      /^(?=.{2,24}$)[a-z](-?[a-z0-9])+$/,
    ),
    environment: text(
      {
        description:
          'The environment, also the name of its folder under specs/ and of its Pulumi stack. Up to 12 characters; fixed once deployed.',
        expects: 'lower-case letters, digits and single hyphens, starting with a letter, 1 to 12 characters',
        example: 'prod',
      },
      /^(?=.{1,12}$)[a-z](-?[a-z0-9])*$/,
    ),
    stage: withDefault(
      choice(['production', 'development'], {
        description: 'How strict the gates are, and whether data, vault and address are protected from deletion.',
        example: 'production',
      }),
      'production',
    ),
    owner: optional(
      email({
        description: 'Who answers for the environment; written on every resource as the tag "owner".',
        example: 'platform@example.org',
      }),
    ),
    tags: withDefault(
      table(
        {
          description:
            "Azure tags written on every resource. Up to 40, so that the compiler's own fit below Azure's limit of 50.",
          expects: 'tag names of 1 to 128 characters without < > % & \\ ? /',
          example: { costCentre: 'storage' },
        },
        /^[^<>%&\\?/]{1,128}$/,
        text(
          {
            description: "The tag's value, up to 256 characters.",
            expects: 'text of at most 256 characters',
            example: 'storage',
          },
          /^[\s\S]{0,256}$/,
        ),
      ),
      {},
    ),
  },
);

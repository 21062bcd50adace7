import { choice, flag, optional, secretReference, section, text } from '../field.ts';

export const registry = section(
  { description: 'The private registry the image is pulled from; without it the image must be public.' },
  {
    kind: choice(['ghcr', 'dockerhub', 'acr'], {
      description: 'GitHub Container Registry, Docker Hub or Azure Container Registry.',
      example: 'ghcr',
    }),
    username: optional(
      text(
        {
          description: 'The user the token belongs to, as a reference or by name; not for acr.',
          expects: 'a user name, or a reference such as env:GHCR_USERNAME',
          example: 'env:GHCR_USERNAME',
        },
        /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|[A-Za-z0-9][\w.-]{0,63})$/,
      ),
    ),
    password: optional(
      secretReference({
        description:
          'A token that may read packages and nothing else; not for acr. A job token of CI dies with its job.',
        example: 'env:GHCR_READ_TOKEN',
      }),
    ),
    name: optional(
      text(
        {
          description:
            "The name of the Azure Container Registry; for acr only. Default: the one in the image's own name.",
          expects: 'letters and digits, 5 to 50 characters',
          example: 'perpetualregistry',
        },
        /^[A-Za-z0-9]{5,50}$/,
      ),
    ),
    sku: optional(
      choice(['Basic', 'Standard', 'Premium'], {
        description: 'The tier of the Azure Container Registry; for acr only.',
        example: 'Basic',
      }),
    ),
    create: optional(
      flag({
        description:
          'Make the registry too, which is the default: the node waits until its image is there. False refers to one that exists. For acr only.',
        example: false,
      }),
    ),
    resourceGroup: optional(
      text(
        {
          description: "The resource group of a registry that exists; for acr only. Default: the environment's own.",
          expects: 'letters, digits, "_", "-", "(", ")" and ".", at most 90 characters, without a dot at the end',
          example: 'registry-rg',
        },
        /^[\w().-]{0,89}[\w()-]$/,
      ),
    ),
  },
);

import { definePolicy } from '../src/policy/policy.ts';
import { object, text } from '../src/views.ts';

export default definePolicy({
  id: 'pull-secret-empty',
  title: 'the secret for pulling images must hold a user and a token',
  why: 'an environment variable that is not set becomes the word "undefined", and no registry knows such a user: the image is never pulled',
  fix: 'set the variables before deploying, and refuse to deploy without them',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/',
  example: { wrong: 'auth: dW5kZWZpbmVkOnVuZGVmaW5lZA==', right: 'password: env:GHCR_READ_TOKEN' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'kubernetes:core/v1:Secret'({ inputs }) {
      if (inputs.type !== 'kubernetes.io/dockerconfigjson') return;
      const key = '.dockerconfigjson';
      const encoded = text(object(inputs.data)[key]);
      const plain = text(object(inputs.stringData)[key]);
      const auths = registriesOf(plain ?? (encoded === undefined ? undefined : decode(encoded)));
      for (const [registry, login] of Object.entries(auths)) {
        // What it holds is never said.
        if (isEmpty(object(login)))
          yield {
            input: `${plain === undefined ? 'data' : 'stringData'}["${key}"]`,
            message: `the login of "${registry}" is without a user or a token`,
          };
      }
    },
  },
});

function isEmpty({ auth, username, password }: Record<string, unknown>): boolean {
  const [user, token] =
    text(auth) === undefined ? [text(username), text(password)] : (decode(auth as string) ?? 'x:x').split(':');
  return [user, token].some((part) => part === undefined || part === '' || part === 'undefined');
}

function decode(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}

function registriesOf(json: string | undefined): Record<string, unknown> {
  try {
    return object(object(JSON.parse(json ?? '{}')).auths);
  } catch {
    return {};
  }
}

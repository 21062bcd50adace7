import { type Check, each } from './check.ts';

const jobToken = 'env:GITHUB_TOKEN';

/**
 * https://docs.github.com/actions/concepts/security/github_token: the token of a job dies with it, so what is deployed
 * with it works until the pod is first moved. Who runs the deployment by hand may mean another token: a warning.
 */
export const longLivedTokens: Check = function* ({ registry, secrets }) {
  const finding = (path: string, consequence: string) => ({
    code: 'spec/job-token',
    severity: 'warning' as const,
    path,
    message: `${jobToken} is the token of a job of GitHub Actions and ends with the job: ${consequence}`,
    help: 'use a token of a machine account that may read packages, under another name such as env:GHCR_READ_TOKEN',
  });
  if (registry?.password === jobToken)
    yield finding('registry.password', 'the image can not be pulled again when the pod moves');
  for (const [{ from }, index] of each(secrets.items))
    if (from === jobToken) yield finding(`secrets.items[${index}].from`, 'what the node gets is worth nothing by then');
};

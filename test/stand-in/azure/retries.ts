import type { AzureError } from './error.ts';

/** Of https://pkg.go.dev/github.com/Azure/azure-sdk-for-go/sdk/azcore/policy#RetryOptions, which azure-native leaves as they are. */
const statuses = [408, 429, 500, 502, 503, 504];
const mostRetries = 3;
/** Conflicts that end by themselves: https://github.com/pulumi/pulumi-azure-native/pull/3653 and 4497, 4765. */
const passing = [
  'AnotherOperationInProgress',
  'StorageAccountOperationInProgress',
  'ConflictingConcurrentWriteNotAllowed',
];
/** `provider/pkg/azure/client_azcore.go`: 20 seconds, then 60, then 120. */
const delays = [20, 60, 120];
const longest = 120;

/** How long azure-native waits before it asks again after this answer, or undefined where it gives up. */
export function secondsUntilNextTry(
  { status, code }: Pick<AzureError, 'status' | 'code'>,
  attempt: number,
  retryAfter?: number,
): number | undefined {
  const isPassing = statuses.includes(status) || (status === 409 && passing.includes(code));
  if (!isPassing || attempt >= mostRetries) return undefined;
  // Who is to wait longer than the client ever does is not waited for at all.
  if (retryAfter !== undefined && retryAfter > longest) return undefined;
  return retryAfter || delays[attempt];
}

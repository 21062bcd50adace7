import { UsageError } from '../files.ts';
import type { EngineError } from './command.ts';

function locked(environment: string): string {
  return `"${environment}" is being updated; if that run is gone, "perpetual cancel ${environment}" frees the stack`;
}

/** Where it is not the engine that says so. */
export const heldByAnother = (environment: string): UsageError => new UsageError(locked(environment), 4);

const cutOff = /failed to load checkpoint/;

export const isCutOff = ({ message }: EngineError): boolean => cutOff.test(message);

/** What the engine says when it can't even begin, the exit code it means, and the one line an operator needs. */
const troubles: readonly [RegExp, number, (environment: string, line: string) => string][] = [
  [
    /passphrase must be set/,
    3,
    () => 'the state is encrypted: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE',
  ],
  [
    /incorrect passphrase/,
    3,
    (environment) =>
      `the passphrase is not the one that "${environment}" and Pulumi.${environment}.yaml are encrypted with`,
  ],
  [
    /message authentication failed/,
    3,
    (environment) => `Pulumi.${environment}.yaml is not the one that this was encrypted with: bring it back`,
  ],
  [
    /PULUMI_ACCESS_TOKEN must be set|invalid access token|not logged in|401 Unauthorized|\b401\b.*pulumi/i,
    3,
    () => 'not logged in: "pulumi login", or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL',
  ],
  [/currently locked by|Another update is currently in progress/, 4, locked],
  [
    /failed to load checkpoint: EOF/,
    4,
    (environment) =>
      `the state of "${environment}" can't be read, as when a run is killed while it writes: delete ${environment}.json.attrs, which lies empty beside it`,
  ],
  [
    cutOff,
    4,
    (environment) =>
      `the state of "${environment}" was cut off, as when a run is killed while it writes: the one before may lie beside it, as ${environment}.json.bak; else bring back a copy`,
  ],
  [/^unknown (shorthand )?flag|^invalid argument|^flag needs/, 2, (_, line) => `the engine says: ${line}`],
];

/** What it was doing may be done or not: the next run looks. */
const killed = (environment: string): string =>
  `the engine was killed, as when memory runs out; "perpetual cancel ${environment}" frees the stack, and "perpetual up ${environment}" goes on from there`;

/** The engine's own words end where its advice for its own command line begins. */
export function troubleOf(
  { message, isKilled }: Pick<EngineError, 'message' | 'isKilled'>,
  environment: string,
): UsageError {
  if (isKilled) return new UsageError(killed(environment), 4);
  const lines = message.split('\n').map((line) => line.trim());
  const line = (lines.find((each) => each.startsWith('error: ')) ?? lines.find(Boolean) ?? 'nothing').replace(
    /^error: /,
    '',
  );
  const known = troubles.find(([pattern]) => pattern.test(line));
  return known ? new UsageError(known[2](environment, line), known[1]) : new UsageError(`the engine says: ${line}`, 4);
}

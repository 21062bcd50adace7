import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/engine/ask.ts';
import { EngineError } from '../../src/engine/command.ts';
import { Cancelled, Interrupt } from '../../src/engine/interrupt.ts';
import { Progress, type View } from '../../src/engine/progress.ts';
import { secretsOf } from '../../src/engine/redact.ts';
import { bounded, follow, guarded } from '../../src/engine/result.ts';
import { targetOf } from '../../src/engine/target.ts';
import { troubleOf } from '../../src/engine/trouble.ts';
import { elapsed, viewFor } from '../../src/engine/views.ts';
import { usersOf, waitingFor } from '../../src/engine/waiting.ts';
import { compileText, leastSpec } from '../support/specs.ts';

const { plan } = compileText(`${leastSpec}secrets: { items: [{ name: a, from: env:A_SECRET }] }\n`);

/** A stream with what was written to it, as a terminal or not. */
function sink(isTTY: boolean) {
  let written = '';
  const stream = new PassThrough().on('data', (chunk) => {
    written += chunk;
  });
  return { stream: Object.assign(stream, { isTTY, columns: 60 }), text: () => written };
}

describe('what waits', () => {
  it('is everything further down that is not done yet', () => {
    const users = usersOf(plan);
    const all = waitingFor('azure', users, new Set());
    expect(all).toBe((plan?.resources.length ?? 0) - 1);
    expect(waitingFor('cluster', users, new Set())).toBeLessThan(all);
    expect(waitingFor('node', users, new Set())).toBe(0);
    expect(waitingFor('cluster', users, new Set(plan?.resources.map(({ name }) => name)))).toBe(0);
  });
});

describe('secrets', () => {
  it('are taken out as they are, in base64 and in JSON', () => {
    const value = 'marker "of" a secret';
    const { redact, problems } = secretsOf(plan, { A_SECRET: value, PULUMI_ACCESS_TOKEN: 'pul-token' }, '.');
    expect(problems).toEqual([]);
    const text = `${value} ${Buffer.from(value).toString('base64')} ${JSON.stringify(value)} pul-token`;
    expect(redact(text)).toBe('[secret] [secret] "[secret]" [secret]');
  });

  it('go line by line, too, where a log ends in the middle of one', () => {
    const key = '-----BEGIN KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+a\nlast\n-----END KEY-----';
    const { redact } = secretsOf(plan, { A_SECRET: key }, '.');
    expect(redact('MC4CAQAwBQYDK2VwBCIEIJ+a\nlast and not least')).toBe('[secret]\nlast and not least');
  });

  it('are missed before anything is started', () => {
    expect(secretsOf(plan, {}, '.').problems).toEqual([
      { path: 'secrets.items[0].from', message: 'the environment variable A_SECRET is not set' },
    ]);
  });
});

describe('a login', () => {
  const targetFor = (subscription?: string) =>
    targetOf('.', 'dev', subscription === undefined ? {} : { ARM_SUBSCRIPTION_ID: subscription });

  it('into another subscription is refused at its line', () => {
    const { exitCode, problems } = targetFor('99999999-2222-3333-4444-555555555555');
    expect({ exitCode, problems }).toEqual({
      exitCode: 3,
      problems: [
        expect.stringMatching(/^specs\/dev\/perpetual-node\.yaml:10:17: the login is for the subscription "9{8}-/),
      ],
    });
  });

  it('into the same one, or one that the environment does not name, is not', () => {
    for (const login of [undefined, '', '11111111-2222-3333-4444-555555555555'])
      expect(targetFor(login)).toMatchObject({ exitCode: 0, problems: [] });
  });
});

describe('what the engine says before it begins', () => {
  it.each([
    [
      'error: getting stack configuration: get stack secrets manager: incorrect passphrase',
      3,
      'Pulumi.dev.yaml are encrypted with',
    ],
    [
      'error: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or …',
      3,
      'set PULUMI_CONFIG_PASSPHRASE',
    ],
    ['error: decrypting secret value: cipher: message authentication failed', 3, 'Pulumi.dev.yaml is not the one'],
    ['error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions', 3, '"pulumi login"'],
    ['warning: x\nerror: the stack is currently locked by 1 lock(s).', 4, '"perpetual cancel dev"'],
    ['error: failed to load checkpoint: EOF', 4, 'delete dev.json.attrs, which lies empty beside it'],
    [
      'error: failed to load checkpoint: unexpected end of JSON input',
      4,
      'may lie beside it, as dev.json.bak; else bring back a copy',
    ],
    ['error: unknown flag: --nope', 2, 'the engine says: unknown flag: --nope'],
    ['error: something new\n  at length', 4, 'the engine says: something new'],
    ['', 4, 'the engine says: nothing'],
  ])('is one line and an exit code: %s', (said, code, expected) => {
    const trouble = troubleOf({ message: said, isKilled: false }, 'dev');
    expect(trouble.exitCode).toBe(code);
    expect(trouble.message).toContain(expected);
    expect(trouble.message).not.toMatch(/\n|\.$/);
  });
});

describe('a run of the engine', () => {
  const verdict = async (error: EngineError, ...said: string[]) => {
    const track = { take: () => undefined, end: () => undefined };
    const work = { progress: { begin: () => track }, interrupt: { signal: new AbortController().signal } };
    const about = { environment: 'dev', verb: 'up', users: new Map(), redact: (text: string) => text, done: true };
    const { exitCode, problems } = await follow(work as never, about as never, async (onEvent) => {
      for (const message of said) onEvent({ diagnosticEvent: { severity: 'error', message } } as never);
      throw error;
    });
    return { exitCode, problems };
  };
  const failed = new EngineError('', 1);
  const spared = 'expected resource operations for urn:pulumi:dev::p::a:b:C::grant but none were seen';

  it('has not failed where it only did less than was foreseen', async () => {
    expect(await verdict(failed, spared, 'update failed')).toEqual({ exitCode: 0, problems: [] });
    expect(await verdict(failed, spared, 'Status=500')).toEqual({ exitCode: 4, problems: [] });
  });

  it('says how to go on where it was killed, whatever it had said before', async () => {
    const killed = new EngineError('', -1, true);
    expect(await verdict(killed, 'Status=500')).toEqual({
      exitCode: 4,
      problems: [expect.stringMatching(/^the engine was killed, .* "perpetual cancel dev" frees the stack/)],
    });
  });
});

describe('several at a time', () => {
  it('are never more than allowed, and come back in their order', async () => {
    let running = 0;
    let most = 0;
    const results = await bounded([1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return item * 10;
    });
    expect({ results, most }).toEqual({ results: [10, 20, 30, 40, 50], most: 2 });
  });

  it('fail each for itself, and a bug is no failure', async () => {
    const session = { ready: async () => '3.256.0' };
    expect(await guarded(session, 'dev', 'up', () => Promise.reject(new Cancelled('x')))).toMatchObject({
      exitCode: 8,
    });
    const mute = new EngineError('error: no route to host', 1);
    expect(await guarded(session, 'dev', 'up', () => Promise.reject(mute))).toMatchObject({
      exitCode: 4,
      problems: ['the engine says: no route to host'],
    });
    await expect(guarded(session, 'dev', 'up', () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
  });
});

describe('progress', () => {
  const urn = (type: string, name: string): string => `urn:pulumi:dev::perpetual::${type}::${name}`;
  const step = (
    kind: 'resourcePreEvent' | 'resOutputsEvent' | 'resOpFailedEvent',
    op: string,
    type: string,
    name: string,
  ) =>
    ({
      sequence: 0,
      timestamp: 0,
      [kind]: { metadata: { op, type, urn: urn(type, name), provider: '' }, status: 0, steps: 0 },
    }) as never;
  const cluster = 'azure-native:containerservice:ManagedCluster';

  const play = (view: View): void => {
    const progress = new Progress(view, undefined);
    const run = progress.begin({ environment: 'dev', verb: 'up', users: usersOf(plan), redact: (text) => text });
    run.take(step('resourcePreEvent', 'create', 'pulumi:pulumi:Stack', 'perpetual-dev'));
    run.take(step('resourcePreEvent', 'create', cluster, 'cluster'));
    run.take(step('resOutputsEvent', 'create', cluster, 'cluster'));
    run.take(step('resourcePreEvent', 'update', 'kubernetes:core/v1:Service', 'service-swarm'));
    run.take(step('resOpFailedEvent', 'update', 'kubernetes:core/v1:Service', 'service-swarm'));
    run.take(step('resOutputsEvent', 'same', 'kubernetes:core/v1:ConfigMap', 'node-settings'));
    run.end(4);
    view.close();
  };

  it('is a line for each thing where nobody looks on', () => {
    const { stream, text } = sink(false);
    play(viewFor(stream, {}));
    expect(text()).toBe('dev: deploying\ndev: created cluster (0s)\ndev: service-swarm failed after 0s of updating\n');
  });

  it('stands below what is done on a terminal, with who waits', () => {
    const { stream, text } = sink(true);
    play(viewFor(stream, { TERM: 'xterm' }));
    expect(text()).toMatch(/dev: deploying, 0 done\n {2}creating cluster 0s, \d+ wait for it\n/);
    expect(text()).toContain('\x1b[2A\x1b[Jdev: created cluster (0s)\ndev: deploying, 1 done\n');
    // In the end nothing is left of it but what was done.
    expect(text().endsWith('\x1b[1A\x1b[J')).toBe(true);
  });

  it('is plain on a terminal that can do no more, and in CI', () => {
    for (const env of [{ TERM: 'dumb' }, { TERM: 'xterm', CI: 'true' }]) {
      const { stream, text } = sink(true);
      play(viewFor(stream, env));
      expect(text()).not.toContain('\x1b');
    }
  });

  it('says how long as people do', () => {
    expect([0, 59, 60, 605].map(elapsed)).toEqual(['0s', '59s', '1m00s', '10m05s']);
  });
});

describe('a question', () => {
  const asked = (answer: (stdin: PassThrough, interrupt: Interrupt) => void): Promise<string> => {
    const stdin = new PassThrough();
    const interrupt = new Interrupt(() => {});
    const answering = ask({ stdin, stderr: sink(true).stream }, interrupt, 'sure? ').finally(() => interrupt.close());
    answer(stdin, interrupt);
    return answering;
  };

  it('takes a line', async () => {
    expect(await asked((stdin) => stdin.write(' yes \n'))).toBe('yes');
  });

  it('is over when nobody answers, or with Ctrl-C', async () => {
    await expect(asked((stdin) => stdin.end())).rejects.toThrow(Cancelled);
    await expect(asked(() => process.emit('SIGINT'))).rejects.toThrow(Cancelled);
  });
});

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folder } from '../support/specs.ts';

type Started = {
  id: string;
  server: { command: string; args: string[] };
  options: { documentSelector: unknown[] };
  states: string[];
};
const started: Started[] = [];

// What the editor itself provides, as far as the client asks for it.
let settings: Record<string, string> = {};
let folders: { uri: { fsPath: string } }[] = [];
const provided: Record<string, unknown> = {
  vscode: {
    workspace: {
      getConfiguration: () => ({ get: (key: string) => settings[key] }),
      get workspaceFolders() {
        return folders;
      },
    },
  },
  'vscode-languageclient/node': {
    LanguageClient: class {
      readonly #started: Started;
      constructor(id: string, _: string, server: Started['server'], options: Started['options']) {
        this.#started = { id, server, options, states: [] };
        started.push(this.#started);
      }
      start = () => void this.#started.states.push('started');
      stop = () => void this.#started.states.push('stopped');
    },
  },
};
const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load;
loader._load = (request, ...rest) => provided[request] ?? load(request, ...rest);
afterAll(() => {
  loader._load = load;
});

const extension = createRequire(import.meta.url)(resolve('editors/vscode/extension.js')) as {
  activate(context: { subscriptions: unknown[] }): void;
  deactivate(): void;
};

describe('the client for Visual Studio Code', () => {
  it.each([
    ['the command of the settings', { command: '/opt/perpetual' }, false, () => '/opt/perpetual'],
    ['what npm installed in the folder', {}, true, (root: string) => join(root, 'node_modules/.bin/perpetual')],
    ['what is on PATH', {}, false, () => 'perpetual'],
  ])('starts %s', (_, given, isInstalled, expected) => {
    const root = folder({});
    if (isInstalled) {
      mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
      writeFileSync(join(root, 'node_modules/.bin/perpetual'), '');
      chmodSync(join(root, 'node_modules/.bin/perpetual'), 0o755);
    }
    settings = given;
    folders = [{ uri: { fsPath: root } }];
    const subscriptions: unknown[] = [];
    extension.activate({ subscriptions });
    expect(started.at(-1)).toMatchObject({
      server: { command: expected(root), args: ['lsp', '--stdio'] },
      options: { documentSelector: [{ language: 'yaml', pattern: '**/perpetual-node.yaml' }] },
      states: ['started'],
    });
    expect(subscriptions).toHaveLength(1);
    extension.deactivate();
    expect(started.at(-1)?.states).toEqual(['started', 'stopped']);
  });

  it('declares the setting it reads', () => {
    const { contributes, main } = JSON.parse(readFileSync('editors/vscode/package.json', 'utf8'));
    expect(Object.keys(contributes.configuration.properties)).toEqual(['perpetual.command']);
    expect(main).toBe('./extension.js');
  });
});

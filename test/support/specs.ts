import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { type Compiled, compile } from '../../src/compile.ts';

export const today = '2026-11-22';

/** The least a spec must say; everything else is a default. */
export const leastSpec = `apiVersion: perpetual.dev/v1
kind: PerpetualNode
metadata:
  name: perpetual
  environment: prod
azure:
  subscription: 11111111-2222-3333-4444-555555555555
  region: eastus
cluster:
  kubernetesVersion: "1.35"
node:
  image: docker.io/ipfs/kubo:v0.42.0
`;

export const compileText = (text: string, file = 'specs/prod/perpetual-node.yaml'): Compiled =>
  compile(file, text, { today });

/** A spec with one value set (or, with undefined, removed), comments and order kept. */
export function withValue(text: string, path: readonly (string | number)[], value: unknown): string {
  const document = parseDocument(text);
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, value);
  return document.toString();
}

/** A folder with these files in it. */
export function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'perpetual-cli-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** The file of an environment, where tools look for it. */
export const specIn = (environment: string, text = leastSpec): Record<string, string> => ({
  [`specs/${environment}/perpetual-node.yaml`]: text.replace('environment: prod', `environment: ${environment}`),
});

/** The environments' own, and every whole spec among the fixtures, right and wrong. */
export const allSpecs = [
  'specs/dev/perpetual-node.yaml',
  'specs/prod/perpetual-node.yaml',
  ...readdirSync('test/fixtures', { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(policies\/[^/]+\/(in)?valid|specs\/[^/]+)\.yaml$/.test(file))
    .sort()
    .map((file) => `test/fixtures/${file}`),
];

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { perpetual } from '../support/cli.ts';
import { folder, leastSpec, specIn } from '../support/specs.ts';

const spec = 'specs/prod/perpetual-node.yaml';
const slips = leastSpec
  .replace('"1.35"', '1.35 # ours\n  nodePool: { cout: 1, vmSize: Standard_B2ms }')
  .replace('region: eastus', 'region: East US');
const env = { PERPETUAL_AS_OF: '2026-11-22' };

describe('fix', () => {
  it('writes what is safe, says what waits for its name, and does nothing the second time', async () => {
    const cwd = folder(specIn('prod', slips));
    const first = await perpetual(['fix'], { cwd, env });
    expect(first.code).toBe(5);
    expect(first.stdout).toContain(`${spec}:10: write 1.35 (spec/unquoted)`);
    expect(first.stdout).toContain('"perpetual fix sku-burstable-system-pool" does it');
    const text = readFileSync(join(cwd, spec), 'utf8');
    expect(text).toContain('kubernetesVersion: "1.35" # ours\n  nodePool: { count: 1, vmSize: Standard_B2ms }');
    const second = await perpetual(['fix'], { cwd, env });
    expect(readFileSync(join(cwd, spec), 'utf8')).toBe(text);
    expect(second.code).toBe(5);
    const named = await perpetual(['fix', 'sku-burstable-system-pool', spec], { cwd, env });
    expect(named.code).toBe(0);
    expect(readFileSync(join(cwd, spec), 'utf8')).toContain('vmSize: Standard_D2as_v5');
  });

  it('shows a difference that git applies, and writes nothing', async () => {
    const cwd = folder(specIn('prod', slips));
    const { stdout, code } = await perpetual(['fix', '--dry-run', '--unsafe'], { cwd, env });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, spec), 'utf8')).toBe(slips);
    expect(stdout).toMatch(/^--- a\/specs\/prod\/perpetual-node\.yaml\n\+\+\+ b\/specs/);
    const patched = spawnSync('git', ['apply', '-'], { cwd, input: stdout, encoding: 'utf8' });
    expect(patched.stderr).toBe('');
    await perpetual(['fix', '--unsafe'], { cwd: folder(specIn('prod', slips)), env });
    expect((await perpetual(['check'], { cwd, env })).code).toBe(0);
  });

  it('goes from standard input to standard output', async () => {
    const { stdout, stderr, code } = await perpetual(['fix', '-', '--fail-on', 'never'], { input: slips, env });
    expect(stdout).toContain('region: eastus\n');
    expect(stderr).toContain('<stdin>:8: write eastus (spec/unknown-region)');
    expect(code).toBe(0);
  });

  it('does not show what may be a secret', async () => {
    const secret = `${slips}registry: { kind: ghcr, username: a, password: Hunter2 }\n`;
    const { stdout, stderr } = await perpetual(['fix', '--dry-run', '-'], { input: secret, env });
    expect(stdout + stderr).not.toContain('Hunter2');
  });

  it('knows its codes and environments', async () => {
    const cwd = folder(specIn('prod', slips));
    expect((await perpetual(['fix', '-e', 'other'], { cwd, env })).code).toBe(6);
    expect((await perpetual(['fix', 'sku-no-such'], { cwd, env })).code).toBe(2);
  });
});

describe('fmt', () => {
  const wild = 'kind: PerpetualNode\n# the version\napiVersion: perpetual.dev/v1\n';

  it('writes files in order, or says that they are not', async () => {
    const cwd = folder({ [spec]: wild });
    const check = await perpetual(['fmt', '--check'], { cwd });
    expect(check).toMatchObject({ code: 7, stdout: `${spec}\n` });
    expect(readFileSync(join(cwd, spec), 'utf8')).toBe(wild);
    expect(await perpetual(['fmt'], { cwd })).toMatchObject({ code: 0, stdout: `${spec}\n` });
    expect(readFileSync(join(cwd, spec), 'utf8')).toBe(
      '# the version\napiVersion: perpetual.dev/v1\nkind: PerpetualNode\n',
    );
    expect(await perpetual(['fmt', '--check'], { cwd })).toMatchObject({ code: 0, stdout: '' });
  });

  it('goes from standard input to standard output, and leaves alone what is not YAML', async () => {
    expect((await perpetual(['fmt', '-'], { input: 'node: {}\nazure: {}\n' })).stdout).toBe('azure: {}\nnode: {}\n');
    expect(await perpetual(['fmt', '-'], { input: 'a: [1\n' })).toMatchObject({ code: 1, stdout: 'a: [1\n' });
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policies } from '../policies/index.ts';
import { keyFacts } from '../scripts/key-facts.ts';
import { providerInputs } from '../scripts/provider-inputs.ts';
import { troubleshooting } from '../scripts/troubleshooting.ts';
import { costers, free } from '../src/cost/bill.ts';
import { classes } from '../src/pulumi/classes.ts';
import { jsonSchema } from '../src/spec/json-schema.ts';
import { specSchema } from '../src/spec/schema.ts';
import { allFields, expectation, keysOf, limitsOf } from '../src/spec/shape.ts';
import { editorSchema } from '../src/suggest/editor-schema.ts';
import { perpetual } from './support/cli.ts';
import { recordOf, stories } from './support/faults.ts';

const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
    .sort();
const sources = [...filesBelow('src', '.ts'), ...filesBelow('policies', '.ts')];

describe('policies', () => {
  const onDisk = readdirSync('policies')
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -3))
    .sort();

  it("are the same on disk, in the index, in the owners' settings and in the fixtures", () => {
    expect(policies.map(({ id }) => id).sort()).toEqual(onDisk);
    expect(readdirSync('test/fixtures/policies').sort()).toEqual(onDisk);
    expect(Object.keys(parse(readFileSync('policies/config.yaml', 'utf8')).policies).sort()).toEqual(onDisk);
    // A fault that our own plan can't have needs no specs.
    for (const id of onDisk)
      expect([['program.yaml'], ['invalid.yaml', 'program.yaml', 'valid.yaml']]).toContainEqual(
        readdirSync(`test/fixtures/policies/${id}`)
          .filter((name) => !/^program-[\w-]+\.yaml$/.test(name))
          .sort(),
      );
  });

  it("say what, why and how to mend it, and can't be lowered where Azure refuses", () => {
    const settings = parse(readFileSync('policies/config.yaml', 'utf8')).policies;
    for (const { id, title, why, fix, example, source, waivable, levels } of policies) {
      for (const line of [example?.wrong, example?.right]) expect(line, id).toMatch(/^\S.{5,}\S$/);
      for (const text of [title, why, fix]) expect(text).toMatch(/^.{20,}[^.]$/);
      expect(source).toMatch(/^https:\/\//);
      expect(settings[id]).toMatchObject({ ...levels, waivable });
      if (!waivable) expect(Object.values(levels)).toEqual(['mandatory', 'mandatory']);
    }
  });

  it('have the version of the package', () => {
    const version = JSON.parse(readFileSync('package.json', 'utf8')).version;
    expect(JSON.parse(readFileSync('policies/package.json', 'utf8')).version).toBe(version);
    expect(parse(readFileSync('policies/PulumiPolicy.yaml', 'utf8')).version).toBe(version);
  });
});

describe('resource types', () => {
  it('each have a class of the SDK, and a price or a reason to be free, not both', () => {
    const priced = Object.keys(costers);
    expect([...priced, ...Object.keys(free)].sort()).toEqual(Object.keys(classes).sort());
    expect(priced.filter((type) => type in free)).toEqual([]);
  });
});

describe('the page for the night', () => {
  it('has the tables of the advice and of the stories that are told on the real engine', () => {
    expect(readFileSync('docs/troubleshooting.md', 'utf8')).toBe(troubleshooting());
  });

  it.each(stories().map((story) => [story.id, story] as const))('shows a way out that was gone: %s', (id, story) => {
    const [failed = '', ...steps] = readFileSync(recordOf(id), 'utf8')
      .split(/^\$ perpetual /m)
      .slice(1);
    const { code, says = [] } = story.seen;
    for (const words of [...says, `\nexit code: ${code}\n`]) expect(failed).toContain(words);
    const gone = steps.map((step) => [step.split('\n')[0], /\nexit code: (\S+)\n/.exec(step)?.[1]]);
    expect(gone).toEqual(story.way.filter((each) => !each.startsWith('$ ')).map((command) => [command, '0']));
    // What mends itself needs none.
    expect([code, story.way.at(-1)?.split(' ')[0]]).toEqual(code === 0 ? [0, undefined] : [code, 'up']);
  });
});

describe('what types of the SDK take', () => {
  it('is what its declarations say', () => {
    expect(readFileSync('src/catalog/data/provider-inputs.json', 'utf8')).toBe(providerInputs());
  });
});

describe('what keys of the spec do', () => {
  it('is what compiling specs with other values shows', () => {
    const known = JSON.parse(readFileSync('src/explain/key-facts.json', 'utf8')) as Record<string, unknown>;
    const leaves = [...allFields(specSchema)].filter(({ schema }) => !keysOf(schema)).map(({ path }) => path);
    expect(Object.keys(known)).toEqual(leaves);
    // One in nine is enough to notice that all have to be made anew.
    const some = leaves.filter((_, index) => index % 9 === 4);
    expect(keyFacts(some)).toEqual(Object.fromEntries(some.map((path) => [path, known[path]])));
  }, 120_000);
});

describe('the schema', () => {
  it('is the one that was generated', () => {
    expect(JSON.parse(readFileSync('schema/perpetual-node.schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(editorSchema())),
    );
  });

  it('is what the command prints', async () => {
    expect((await perpetual(['schema'])).stdout).toBe(readFileSync('schema/perpetual-node.schema.json', 'utf8'));
  });

  it('describes every key: what it is, what it takes, an example, and the unit of every number with one', () => {
    const silent: string[] = [];
    for (const { path, schema, field } of allFields(specSchema)) {
      const { description, example } = field.about;
      if (!/^[A-Z0-9].{8,}\.$/s.test(description)) silent.push(`${path}: description`);
      if (example === undefined && !keysOf(schema)) silent.push(`${path}: example`);
      if (expectation(schema) === 'text') silent.push(`${path}: expects`);
      if (/number/.test(expectation(schema)) && !/zone$|priority$|severity$|above$/.test(path) && !field.about.unit)
        silent.push(`${path}: unit`);
      const { minimum, maximum } = limitsOf(schema);
      if (
        /number/.test(expectation(schema)) &&
        !/everyHours$/.test(path) &&
        (minimum === undefined || maximum === undefined)
      )
        silent.push(`${path}: limits`);
    }
    expect(silent).toEqual([]);
  });

  it('takes every example it gives', () => {
    for (const { path, schema, field } of allFields(specSchema)) {
      if (field.about.example === undefined) continue;
      const result = (schema as unknown as { safeParse(value: unknown): { success: boolean } }).safeParse(
        field.about.example,
      );
      expect(result.success, `${path}: ${JSON.stringify(field.about.example)}`).toBe(true);
    }
  });

  it('leaves nothing strict out: no object takes unknown keys', () => {
    const loose: string[] = [];
    const visit = (schema: Record<string, unknown>, path: string): void => {
      if (schema.properties && schema.additionalProperties !== false) loose.push(path);
      for (const [key, child] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>))
        visit(child, `${path}.${key}`);
      if (typeof schema.items === 'object' && schema.items !== null)
        visit(schema.items as Record<string, unknown>, `${path}[]`);
    };
    visit(jsonSchema(), 'spec');
    expect(loose).toEqual([]);
  });
});

describe('the code', () => {
  const importsOf = (file: string): string[] =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'/gm)].flatMap(
      ([, type, target]) => (type ? [] : [target as string]),
    );
  const roomOf = (file: string): string => {
    const [top, next = ''] = relative('.', file).split('/');
    return top === 'policies' ? 'policies' : next.endsWith('.ts') ? 'top' : next;
  };
  /** Who may use whom: a room may import from itself and from those named here. */
  const allowed: Record<string, string[]> = {
    catalog: [],
    spec: ['policies'],
    resources: ['spec', 'catalog'],
    cost: ['catalog', 'spec'],
    policy: ['catalog', 'cost', 'spec'],
    policies: ['policy', 'catalog', 'cost'],
    edit: ['spec'],
    mends: ['edit', 'spec'],
    checks: ['catalog', 'edit', 'resources', 'spec'],
    fixtures: ['cost', 'policy', 'spec'],
    report: ['cost', 'spec', 'explain'],
    fit: ['edit', 'policies', 'policy', 'cost', 'resources', 'catalog', 'spec'],
    advice: ['spec'],
    changes: ['catalog', 'spec'],
    diff: ['changes', 'cost', 'policy', 'catalog', 'spec'],
    comment: ['report', 'cost'],
    setup: ['catalog', 'policy'],
    suggest: ['catalog', 'cost', 'policies', 'spec'],
    lsp: ['diff', 'edit', 'explain', 'policy', 'spec', 'suggest'],
    explain: ['policies', 'policy', 'spec'],
    graph: ['policy'],
    horizon: ['catalog'],
    init: ['catalog'],
    completion: [],
    retail: ['catalog'],
    commands: [
      'edit',
      'mends',
      'policies',
      'policy',
      'fixtures',
      'report',
      'fit',
      'explain',
      'graph',
      'horizon',
      'init',
      'changes',
      'diff',
      'comment',
      'setup',
      'suggest',
      'lsp',
      'retail',
      'catalog',
      'spec',
      'engine',
      'pulumi',
      'doctor',
      'preflight',
      'promote',
    ],
    drift: ['azure', 'changes', 'diff', 'policy', 'cost', 'catalog', 'spec'],
    azure: [],
    kubernetes: [],
    promote: ['changes', 'diff', 'edit', 'spec'],
    preflight: ['azure', 'catalog', 'policy', 'pulumi', 'setup'],
    doctor: ['azure', 'engine', 'pulumi'],
    engine: ['azure', 'pulumi', 'report', 'changes', 'drift', 'advice', 'catalog', 'cost', 'spec'],
    pulumi: ['policies', 'policy', 'catalog', 'cost', 'spec'],
  };
  // Plain data and pure arithmetic that every room may use.
  const common = [
    'src/diagnostic.ts',
    'src/plan.ts',
    'src/expr.ts',
    'src/fingerprint.ts',
    'src/files.ts',
    'src/on-path.ts',
    'src/ip-ranges.ts',
    'src/version.ts',
    'src/compile.ts',
    'src/gates.ts',
    'src/lock.ts',
    'src/locate.ts',
    'src/builder.ts',
    'src/views.ts',
    'src/shell-word.ts',
  ];

  it('imports one way', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const room = roomOf(file);
      if (room === 'top') continue;
      for (const target of importsOf(file).filter((name) => name.startsWith('.'))) {
        const path = relative('.', resolve(file, '..', target));
        const other = roomOf(path);
        if (other !== room && !common.includes(path) && !allowed[room]?.includes(other))
          wrong.push(`${file} -> ${path}`);
      }
    }
    // The schema lists the policies' ids, and the index of policies is generated before it: the one way back there is.
    expect(wrong.filter((each) => !each.startsWith('src/spec/json-schema.ts'))).toEqual([]);
  });

  it('loads the SDK in one room only, and what drives the engine only when a verb needs it', () => {
    const users = sources.filter((file) => importsOf(file).some((target) => target.startsWith('@pulumi/')));
    expect(users.filter((file) => !file.startsWith('src/pulumi/'))).toEqual([]);
    const late = sources.filter((file) => /\bimport\('@pulumi\//.test(readFileSync(file, 'utf8')));
    expect(late).toEqual(['src/engine/find.ts', 'src/pulumi/classes.ts']);
  });

  it('loads what asks a cluster only when there is something to ask', () => {
    const users = sources.filter((file) => importsOf(file).some((target) => target.startsWith('@kubernetes/')));
    expect(users.filter((file) => !file.startsWith('src/kubernetes/'))).toEqual([]);
    // Nobody may import that room; one asks for it at the time.
    const late = sources.filter((file) => readFileSync(file, 'utf8').includes("import('../kubernetes/"));
    expect(late).toEqual(['src/engine/cluster-news.ts']);
  });

  it('has pure policies: no file, clock, network or chance', () => {
    for (const file of filesBelow('policies', '.ts')) {
      const text = readFileSync(file, 'utf8');
      expect(importsOf(file).filter((target) => !target.startsWith('.'))).toEqual([]);
      expect(text).not.toMatch(/\b(Date|Math\.random|process|fetch)\b/);
    }
  });

  it('has files one can hold in the head', () => {
    expect(sources.filter((file) => readFileSync(file, 'utf8').split('\n').length > 250)).toEqual([]);
  });

  it('emits every code it knows in some test', () => {
    const codes = new Set(
      sources.flatMap((file) =>
        [
          ...readFileSync(file, 'utf8').matchAll(
            /'((?:yaml|spec|plan|catalog|cost|waiver|deploy|preflight)\/[a-z-]+)'/g,
          ),
        ].map(([, code]) => code as string),
      ),
    );
    const tests = [
      ...filesBelow('test', '.test.ts').filter((file) => !file.endsWith('drift.test.ts')),
      'test/goldens/cli/findings.txt',
    ]
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    expect([...codes].filter((code) => !tests.includes(code))).toEqual([]);
  });
});

describe('a check', () => {
  it('loads nothing but its own bundle: no SDK, no package', () => {
    const folder = mkdtempSync(join(tmpdir(), 'perpetual-hooks-'));
    const hook = join(folder, 'hook.mjs');
    const log = join(folder, 'log');
    writeFileSync(
      hook,
      `import { registerHooks } from 'node:module'; import { appendFileSync } from 'node:fs';
      registerHooks({ resolve(specifier, context, next) { const result = next(specifier, context); appendFileSync(${JSON.stringify(log)}, result.url + '\\n'); return result; } });`,
    );
    execFileSync(process.execPath, ['--import', hook, 'bin/perpetual.js', 'check', 'specs/prod/perpetual-node.yaml'], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const loaded = readFileSync(log, 'utf8').trim().split('\n');
    expect(loaded.some((url) => url.endsWith('/dist/cli.js'))).toBe(true);
    expect(loaded.filter((url) => url.includes('@pulumi') || url.includes('node_modules'))).toEqual([]);
    expect(existsSync('dist/cli.js')).toBe(true);
  });

  it('finds nothing wrong with the specs of this repository', async () => {
    const { code, stdout } = await perpetual(['check', '--fail-on', 'warning']);
    expect(code, stdout).toBe(0);
  });
});

import type { Waiver } from '../diagnostic.ts';
import { specPathOf } from '../locate.ts';
import type { Resource } from '../plan.ts';
import { levelOf, type PolicyConfig } from '../policy/config.ts';
import type { Finding, Level, Policy, Stage } from '../policy/policy.ts';
import { waiverFor } from '../policy/waivers.ts';
import { nearest } from '../spec/node.ts';
import { noteOf } from './component-note.ts';
import {
  compileStack,
  compileText,
  isStackOfOurs,
  type JudgedSpec,
  ownersOf,
  positionIn,
  today,
} from './stack-spec.ts';

/** What a finding comes to in its spec: its place, its level there, and the waiver that accepts it. */
export type Ruling = { place?: string; level: Level; waiver?: Waiver };

/** The resources that one spec stands for: those of the stack, or of a component with a spec of its own. */
export class Part {
  readonly stage: Stage;
  readonly config: PolicyConfig;
  readonly spec: JudgedSpec | undefined;
  readonly #prefix: string;
  #planned: ReadonlyMap<string, Resource> | undefined;

  constructor(spec: JudgedSpec | undefined, config: PolicyConfig, component?: string) {
    this.spec = spec;
    this.config = config;
    this.stage = spec?.compiled.stage ?? 'production';
    this.#prefix = component === undefined ? '' : `${component}-`;
  }

  /** What the spec calls a resource: a component puts its own name before it. */
  nameOf = (name: string): string => (name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : name);

  /** The level of a policy on what comes from this spec. */
  levelOf(policy: Policy): Level {
    const asked = this.spec?.compiled.loaded.spec?.policies?.levels?.[policy.id];
    return levelOf(policy, this.stage, this.config, typeof asked === 'string' ? asked : undefined).inForce;
  }

  rule(policy: Policy, finding: Finding, resource: Resource | undefined): Ruling {
    const level = this.levelOf(policy);
    if (!this.spec) return { level };
    const { loaded } = this.spec.compiled;
    const planned = resource && this.#plannedAs(resource);
    const path = finding.path ?? (planned && specPathOf(loaded, planned, finding.input ?? ''));
    if (path === undefined) return { level };
    const waiver = loaded.spec && waiverFor(loaded.spec, policy, this.config, path, today());
    const place = this.spec.isData
      ? `${loaded.source.file} (${path})`
      : `${positionIn(loaded.source, nearest(loaded.root, path).range.start)} (${path})`;
    return { level, place, ...(waiver && { waiver }) };
  }

  #plannedAs({ type, name }: Resource): Resource | undefined {
    this.#planned ??= new Map(this.spec?.compiled.plan?.resources.map((each) => [`${each.type} ${each.name}`, each]));
    return this.#planned.get(`${type} ${name}`);
  }
}

/** The parts of whatever is judged, each with its spec read once. */
export class Parts {
  /** That of the stack the pack was started for: the engine is told one level a policy, and it is this one's. */
  readonly declared: Part;
  readonly #root: string;
  readonly #stacks = new Map<string, Part>();
  readonly #components = new Map<string, Part>();

  constructor(root: string, stack = '') {
    this.#root = root;
    this.declared = this.#ofStack(stack);
  }

  /** The part of everything in a stack that no component has made; a URN begins with urn:pulumi:<stack>::. */
  stackOf(urn: string | undefined): Part {
    const stack = urn?.split(':')[2];
    return stack === undefined ? this.declared : this.#ofStack(stack);
  }

  /** The part of one resource. */
  of(urn: string, parent: string | undefined): Part {
    const component = /[:$]perpetual:index:PerpetualNode::(.+)$/.exec(parent ?? '')?.[1];
    if (component === undefined || parent === undefined) return this.stackOf(urn);
    const known = this.#components.get(parent) ?? this.#ofComponent(component);
    this.#components.set(parent, known);
    return known;
  }

  #ofStack(stack: string): Part {
    const known = this.#stacks.get(stack);
    if (known) return known;
    const part = new Part(
      isStackOfOurs(this.#root, stack) ? compileStack(this.#root, stack) : undefined,
      ownersOf(this.#root).config,
    );
    this.#stacks.set(stack, part);
    return part;
  }

  #ofComponent(name: string): Part {
    const note = noteOf(name);
    if (!note) return new Part(undefined, this.declared.config, name);
    const spec = { ...compileText(note.root, note.file, note.text), isData: note.isData };
    return new Part(spec, spec.config, name);
  }
}

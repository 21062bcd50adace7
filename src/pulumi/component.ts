import * as pulumi from '@pulumi/pulumi';
import { UsageError } from '../files.ts';
import type { Spec } from '../index.ts';
import { childPath } from '../spec/path.ts';
import { textOf } from '../spec/text.ts';
import { type Admitted, admit } from './admission.ts';
import { leaveNote } from './component-note.ts';
import { deploy } from './deploy.ts';
import { type NodeOutputs, outputsOf } from './outputs.ts';
import { isPackRunning } from './pack-marker.ts';
import { compileFile, compileText, type JudgedSpec, programRoot } from './stack-spec.ts';

export type { NodeOutputs };

export type PerpetualNodeArgs = {
  /**
   * The spec: an object, the path of a `perpetual-node.yaml` (from the folder of `Pulumi.yaml`), or the text of one.
   * An object has plain values only: what is known while deploying comes too late to be checked.
   */
  spec: Spec | string;
  /**
   * Values that take the place of the environment and of files, by the reference in the spec:
   * `{ 'env:IPFS_PRIVATE_KEY': config.requireSecret('ipfsPrivateKey') }`.
   */
  secrets?: Readonly<Record<string, pulumi.Input<string>>>;
};

/** Where the constructor leaves for `initialize` what it runs before any field exists; the engine sees no symbols. */
const admission = Symbol('admission');

/**
 * A perpetual node as a part of a program. The spec is validated, priced and judged first, by the settings of
 * `policies/config.yaml` beside `Pulumi.yaml`; what may not be deployed ends the program, each reason at its place.
 */
export class PerpetualNode extends pulumi.ComponentResource<NodeOutputs> implements NodeOutputs {
  declare readonly kubeconfig: pulumi.Output<string>;
  declare readonly clusterName: pulumi.Output<string>;
  declare readonly resourceGroupName: pulumi.Output<string>;
  declare readonly imageRepository: pulumi.Output<string>;
  declare readonly registrySecretName?: pulumi.Output<string>;
  declare readonly publicAddress?: pulumi.Output<string>;
  declare readonly vaultUri?: pulumi.Output<string>;

  constructor(name: string, { spec, secrets = {} }: PerpetualNodeArgs, options: pulumi.ComponentResourceOptions = {}) {
    const root = programRoot();
    const admitted = admit(() => noted(root, name, read(root, name, spec)), { root, secrets });
    super('perpetual:index:PerpetualNode', name, { [admission]: admitted }, options);
    const created = this.getData();
    const outputs = Object.keys(outputsOf(admitted.plan)).map((output) => [
      output,
      pulumi.output(created.then((all) => all[output as keyof NodeOutputs])),
    ]);
    Object.assign(this, Object.fromEntries(outputs));
    // At once, because the engine waits for outputs, and would not for resources whose classes are still being loaded.
    this.registerOutputs(Object.fromEntries(outputs));
  }

  protected override async initialize(args: pulumi.Inputs, _options: unknown, name: string): Promise<NodeOutputs> {
    const { plan, secrets } = (args as { [admission]: Admitted })[admission];
    return (await deploy(plan, secrets, { parent: this, name })).given;
  }
}

function read(root: string, name: string, spec: Spec | string): JudgedSpec {
  if (typeof spec !== 'string') {
    const late = pathOfOutput(spec);
    if (late !== undefined)
      throw new UsageError(`${name}: ${late} is known only while deploying; a spec has plain values only`);
    return { ...compileText(root, name, textOf(spec)), isData: true };
  }
  return /[\r\n]/.test(spec) ? compileText(root, name, spec) : compileFile(root, spec);
}

/** The pack judges the component's resources by the same spec. */
function noted(root: string, name: string, judged: JudgedSpec): JudgedSpec {
  const { file, text } = judged.compiled.loaded.source;
  if (isPackRunning()) leaveNote(name, { root, file, text, isData: judged.isData === true });
  return judged;
}

/** Where in an object a value stands that Pulumi knows only later. */
function pathOfOutput(value: unknown, path = ''): string | undefined {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const found = pathOfOutput(each, childPath(path, Array.isArray(value) ? Number(key) : key));
    if (found !== undefined) return found;
  }
  return undefined;
}

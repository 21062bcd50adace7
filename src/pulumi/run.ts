import * as pulumi from '@pulumi/pulumi';
import { admit } from './admission.ts';
import { deploy } from './deploy.ts';
import { type KeptSpecs, keptAfter, keptVariable, outputsFor, recordOf } from './deployed-spec.ts';
import { unpacked } from './handed.ts';
import { recoveryOf, recoveryVariable } from './recovery.ts';
import { compileStack, programRoot } from './stack-spec.ts';

/** What `pulumi up` runs: the stack's spec, judged first, then registered resource by resource. */
const root = programRoot();
const stack = pulumi.getStack();
const { plan, secrets, source } = admit(() => compileStack(root, stack), { root, environment: stack });

const kept = unpacked<KeptSpecs>(process.env[keptVariable]) ?? { earlier: [] };
const isRecovery = process.env[recoveryVariable] === '1';
const { given, whole } = await deploy(isRecovery ? recoveryOf(plan) : plan, secrets);
const keeps = outputsFor(isRecovery ? kept : keptAfter(kept, recordOf(source)));

/** What the stack gives to others, and what it was deployed from: a spec counts once all of it is there. */
export const outputs = {
  ...given,
  ...Object.fromEntries(Object.entries(keeps).map(([name, value]) => [name, whole.apply(() => value)])),
};

import * as pulumi from '@pulumi/pulumi';
import { admit } from './admission.ts';
import { deploy } from './deploy.ts';
import { recordOf } from './deployed-spec.ts';
import { recoveryOf, recoveryVariable } from './recovery.ts';
import { compileStack, programRoot } from './stack-spec.ts';

/** What `pulumi up` runs: the stack's spec, judged first, then registered resource by resource. */
const root = programRoot();
const stack = pulumi.getStack();
const { plan, secrets, source } = admit(() => compileStack(root, stack), { root, environment: stack });

/** What the stack gives to others, and what it was deployed from. */
export const outputs =
  process.env[recoveryVariable] === '1'
    ? await deploy(recoveryOf(plan), secrets)
    : { ...(await deploy(plan, secrets)), spec: recordOf(source) };

import type { Explanation } from './explanation.ts';

/** Of what is there and is not as it was promised. */
export const driftCodes: Readonly<Record<string, Explanation>> = {
  'drift/exposed': {
    cause: 'somebody has changed in Azure who can reach what, or has taken away what kept them out',
    consequence: 'what the message names is open now to those that it names, and no check of the spec shows it',
    fix: 'close it: "perpetual up ENV -- --refresh" makes it as promised; then ask who opened it',
  },
  'drift/rights': {
    cause: 'somebody has changed in Azure who may do what, or who may act as an identity of the environment',
    consequence: 'whoever the message names has rights that nobody has reviewed',
    fix: '"perpetual up ENV -- --refresh" takes away what was changed, the command that the finding names what was added; what is to stay belongs into the spec',
  },
  'drift/gone': {
    cause: 'a resource that the deployed spec promises is no longer there',
    consequence: 'what it did is not done: nobody is told, nothing is kept, nothing is let in',
    fix: '"perpetual up ENV -- --refresh" makes it anew; what was in it does not come back',
  },
  'drift/forbidden': {
    cause: 'a resource was changed by hand to what a mandatory policy forbids',
    consequence: 'what the policy is there for is no longer so, although the spec satisfies it',
    fix: '"perpetual up ENV -- --refresh" makes it as promised',
  },
  'drift/cost': {
    cause: 'a resource was changed by hand, as to another size, and costs something else now',
    consequence: 'the bill is not the one that was checked',
    fix: '"perpetual up ENV -- --refresh" makes it as promised; what is to stay belongs into the spec',
  },
  'drift/added': {
    cause:
      'there is a resource in a group of the environment that the deployed spec does not promise, and that no service of Azure makes by itself',
    consequence: 'nobody reviewed it, it is on no bill that was checked, and it goes when the group is deleted',
    fix: 'ask who made it: then away with it by the command that the finding names, or into a group of its own',
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group',
  },
  'drift/changed': {
    cause: 'a value that the deployed spec promises is another one in Azure or in the cluster',
    consequence: 'what is there is not what was reviewed',
    fix: '"perpetual up ENV -- --refresh" makes it as promised; what is to stay belongs into the spec',
  },
};

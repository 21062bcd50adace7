import { noLessThan, offerSize, ofSizedPools } from '../src/policy/node-pools.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { text } from '../src/views.ts';

export default definePolicy({
  id: 'image-arm64-unproven',
  title: 'on ARM64 nodes every image should be known to be built for them',
  why: 'a pod whose image has no ARM64 variant does not start: "exec format error", or no image at all',
  fix: 'look the image up ("docker manifest inspect IMAGE" lists its architectures), or choose an x64 size',
  source: 'https://learn.microsoft.com/azure/aks/use-arm64-vms',
  example: { wrong: 'vmSize: Standard_D2ps_v5', right: 'vmSize: Standard_D2as_v5' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  resource: ofSizedPools(function* ({ size, inputs, written, input }, resource, context) {
    // There are none of Windows, and that is said elsewhere.
    if (size.arch !== 'arm64' || text(inputs.osType)?.toLowerCase() === 'windows') return;
    const { suggestion } = offerSize(size.name, resource, context, noLessThan(size));
    yield {
      input,
      message: `"${written}" is ARM64, and nothing here tells whether the images are built for it`,
      ...(suggestion && { suggestion }),
    };
  }),
});

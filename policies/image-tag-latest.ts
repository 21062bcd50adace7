import { definePolicy } from '../src/policy/policy.ts';
import { imagesOf, ofWorkloads } from '../src/policy/workloads.ts';

export default definePolicy({
  id: 'image-tag-latest',
  title: 'an image should be named by a version or a digest',
  why: 'latest is another image on another day: each restart may bring a new one, nobody can go back, and a deployment of the new one changes nothing',
  fix: 'write the version after the colon, or the digest after an @',
  source: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  example: { wrong: 'image: docker.io/ipfs/kubo:latest', right: 'image: docker.io/ipfs/kubo:v0.42.0' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  resource: ofWorkloads(function* (workload) {
    for (const { image, input } of imagesOf(workload)) {
      // A colon before the last slash belongs to the registry's port.
      const [, tag] = image.slice(image.lastIndexOf('/') + 1).split(':');
      if (image !== '' && !image.includes('@') && (tag === undefined || tag === 'latest'))
        yield { input, message: `the image has ${tag === undefined ? 'no version, so it is' : 'the tag'} "latest"` };
    }
  }),
});

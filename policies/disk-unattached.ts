import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';

export default definePolicy({
  id: 'disk-unattached',
  title: 'a disk should be used by something',
  why: 'a disk is paid for whether it is used or not, and a claim without a volume of its own gets another disk',
  fix: 'name the disk in a PersistentVolume, or leave it out and let the claim make one',
  source: 'https://learn.microsoft.com/azure/aks/create-volume-azure-disk',
  example: { wrong: 'a Disk that no PersistentVolume names', right: 'volumeHandle: the id of the Disk' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources, usersOf }) {
    for (const { name } of ofType(resources, 'azure-native:compute:Disk')) {
      if (usersOf(name).length === 0) yield { resource: name, message: `nothing here uses the disk "${name}"` };
    }
  },
});

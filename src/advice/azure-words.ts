import type { Advice } from './advice.ts';

/** Where the code says too little, or nobody has come as far as Azure. */
export const azureWords: readonly (Advice & { words: RegExp })[] = [
  {
    words: /no space left on device/,
    meaning: 'no room is left where the state is kept',
    advice: 'make room and run it again: what was saved last is there, and what was under way is taken in',
  },
  {
    words: /cannot create already existing resource/,
    meaning: 'it is there already, and this environment has not made it',
    advice:
      'another name for ours, or theirs deleted by hand; with "pulumi import" it becomes part of this environment',
  },
  {
    words: /error reading from server/,
    meaning: 'the provider ended in the middle of its work',
    advice: 'run it again: what Azure has made meanwhile is taken in; where it stays, look whether memory runs out',
    again: true,
  },
  {
    words: /currently in a deleted but recoverable state/,
    meaning: 'a secret of this name was deleted, and the vault still keeps it',
    advice:
      '"az keyvault secret recover --vault-name VAULT --name SECRET" brings it back, and the next "up" takes it in',
    input: 'secretName',
  },
];

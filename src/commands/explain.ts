import { explain, nearestSubject, subjects } from '../explain/explain.ts';
import { UsageError } from '../files.ts';
import { didYouMean } from '../spec/nearest-name.ts';
import type { Command } from './options.ts';

export const explainCommand: Command = {
  name: 'explain',
  positional: '[CODE|FIELD]',
  describe: 'what a code or a key of the spec means, and what to do about it; without one, the list of both',
  options: {
    format: { type: 'string', alias: 'f', describe: 'how to print', choices: ['pretty', 'json'] },
  },
  async run({ positional, values }, { stdout }) {
    const asJson = values.format === 'json';
    const [subject, second] = positional;
    if (second !== undefined) throw new UsageError(`"explain" takes one code or key, and "${second}" is a second one`);
    if (subject === undefined) {
      stdout.write(asJson ? `${JSON.stringify(subjects(), null, 2)}\n` : `${subjects().join('\n')}\n`);
      return 0;
    }
    const answer = explain(subject);
    if (!answer)
      throw new UsageError(
        `nothing is called "${subject}"${didYouMean(nearestSubject(subject))} ("perpetual explain" lists everything)`,
      );
    if (asJson) {
      const parts = answer.parts.map(([title, text]) => ({ title, text }));
      stdout.write(`${JSON.stringify({ formatVersion: 1, name: answer.name, parts }, null, 2)}\n`);
      return 0;
    }
    const width = Math.max(...answer.parts.map(([title]) => title.length));
    const lines = answer.parts.flatMap(([title, text]) =>
      text.split('\n').map((line, index) => `  ${(index === 0 ? title : '').padEnd(width)}  ${line}`),
    );
    stdout.write(`${[answer.name, ...lines].join('\n')}\n`);
    return 0;
  },
};

import { createInterface } from 'node:readline/promises';
import { Cancelled, type Interrupt } from './interrupt.ts';

type Terminal = { stdin: NodeJS.ReadableStream & { isTTY?: boolean }; stderr: NodeJS.WritableStream };

export const canAsk = ({ stdin }: Terminal): boolean => stdin.isTTY === true;

/** A question to whoever sits at the terminal; beside standard output, which is for what was asked for. */
export async function ask({ stdin, stderr }: Terminal, interrupt: Interrupt, question: string): Promise<string> {
  interrupt.check();
  const lines = createInterface({ input: stdin, output: stderr });
  // The terminal gives it to whoever reads lines, and not to the process.
  lines.once('SIGINT', () => process.emit('SIGINT'));
  const closed = new Promise<never>((_, reject) => lines.once('close', () => reject(new Cancelled('no answer'))));
  try {
    return (await Promise.race([lines.question(question, { signal: interrupt.signal }), closed])).trim();
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    throw new Cancelled('cancelled');
  } finally {
    lines.close();
  }
}

import type { Range } from '../diagnostic.ts';

/** 1-based; columns count UTF-16 code units, as editors and the language server protocol do. */
export type Position = { line: number; column: number };

/** The text of a spec and the arithmetic of its positions. Offsets are the truth; lines and columns are made for printing. */
export class Source {
  readonly file: string;
  /** The file's text without its byte order mark, so that offsets mean the same with and without one. */
  readonly text: string;
  readonly hasByteOrderMark: boolean;
  /** Text that may be a secret somebody pasted: printed only as dots, whatever finding shows its line. */
  readonly redactions: Range[] = [];
  readonly #lineStarts: number[] = [0];

  constructor(file: string, text: string) {
    this.file = file;
    this.hasByteOrderMark = text.startsWith('\uFEFF');
    this.text = this.hasByteOrderMark ? text.slice(1) : text;
    for (const { index, 0: eol } of this.text.matchAll(/\r\n|\n|\r/g)) this.#lineStarts.push(index + eol.length);
  }

  isRedacted({ start, end }: Range): boolean {
    return this.redactions.some((secret) => secret.start < end && start < secret.end);
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] as number) + 1 };
  }

  /** The line's text without its line break, anything that may be a secret replaced by dots. `line` is 1-based. */
  line(line: number): string {
    const start = this.#lineStarts[line - 1];
    if (start === undefined) return '';
    let text = this.text.slice(start, this.#lineStarts[line] ?? this.text.length).replace(/[\r\n]+$/, '');
    for (const secret of this.redactions) {
      const from = Math.max(secret.start - start, 0);
      const to = Math.min(secret.end - start, text.length);
      if (from < to) text = text.slice(0, from) + '•'.repeat(to - from) + text.slice(to);
    }
    return text;
  }
}

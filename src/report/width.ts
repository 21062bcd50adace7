/** How many columns of a terminal a text takes. */
export type Columns = (text: string) => number;

const isAscii = (text: string): boolean => /^[\x20-\x7e\t]*$/.test(text);

/** The measure for these texts; what knows wide characters is loaded only for texts that may hold one: it takes as long as all the rest of a check. */
export async function columnsOf(texts: Iterable<string>): Promise<Columns> {
  for (const text of texts) {
    if (isAscii(text)) continue;
    const stringWidth = (await import('string-width')).default;
    return (each) => (isAscii(each) ? each.length : stringWidth(each));
  }
  return (text) => text.length;
}

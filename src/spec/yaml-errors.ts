import { type Document, isMap, isScalar, isSeq, visit, type YAMLParseError, type YAMLWarning } from 'yaml';
import type { Range } from '../diagnostic.ts';
import type { YamlFault } from './parse-yaml.ts';
import type { Source } from './source.ts';
import { type YamlMend, yamlFix } from './yaml-mends.ts';

type Explanation = { message: string; at?: 'opening' | 'token' | 'line'; breaks?: boolean; mend?: YamlMend };

/** What the parser's complaint means to the person who typed it. The first entry whose pattern fits the library's text is taken. */
const explanations: [RegExp, Explanation][] = [
  [/^Missing closing ['"]quote/, { message: 'the quote that opens here is never closed', at: 'opening', breaks: true }],
  [
    /^Flow (map|mapping) .*end with/,
    { message: 'the "{" that opens here has no "}", or what follows is not indented', at: 'opening', breaks: true },
  ],
  [
    /^Flow (seq|sequence) .*end with/,
    { message: 'the "[" that opens here has no "]", or what follows is not indented', at: 'opening', breaks: true },
  ],
  [
    /^Missing , (or : )?between flow/,
    { message: 'a comma is missing before this', at: 'token', breaks: true, mend: 'comma before' },
  ],
  [
    /^Unexpected (empty item|,) in flow/,
    { message: 'there is nothing before this comma', at: 'token', mend: 'remove' },
  ],
  [
    /^Missing space after : in flow/,
    { message: 'a space must follow the colon', at: 'token', mend: 'space after colon' },
  ],
  [
    /^Tabs are not allowed as indentation/,
    { message: "a tab can't indent YAML: use spaces", at: 'token', breaks: true, mend: 'spaces for tabs' },
  ],
  [
    /^All mapping items must start at the same column/,
    { message: 'this line is indented differently from the other keys of its mapping', at: 'line', breaks: true },
  ],
  [
    /^All sequence items must start at the same column/,
    { message: 'this item is indented differently from the other items of its list', at: 'line', breaks: true },
  ],
  [
    /^Implicit map keys need to be followed by map values/,
    { message: 'a colon and a space are missing after this key', at: 'token', breaks: true },
  ],
  [
    /^Implicit keys need to be on a single line/,
    {
      message: 'a colon and a space are missing on this line, or the line before it is not finished',
      at: 'line',
      breaks: true,
    },
  ],
  [
    /^Implicit keys of flow sequence pairs/,
    { message: 'a key and its colon must stand on one line', at: 'line', breaks: true },
  ],
  [
    /^Nested mappings are not allowed in compact mappings/,
    {
      message: 'a second ": " on one line: quote the value, or put the mapping on lines of its own',
      at: 'token',
      breaks: true,
    },
  ],
  [
    /^A block sequence may not be used as an implicit map key/,
    { message: "a list can't stand here: indent it under its key", at: 'token', breaks: true },
  ],
  [
    /^The : indicator must be at most 1024/,
    { message: 'a key may be at most 1024 characters long', at: 'token', breaks: true },
  ],
  [/^Sequence item without - indicator/, { message: 'a list item must start with "- "', at: 'line', breaks: true }],
  [
    /^Plain value cannot start with/,
    { message: 'a value that starts with this character must be quoted', at: 'token', mend: 'quote' },
  ],
  [/^Plain value cannot start/, { message: 'this value must be quoted', at: 'token' }],
  [
    /^Invalid escape sequence/,
    { message: 'unknown escape in a double-quoted text: double the backslash, or use single quotes', at: 'token' },
  ],
  [
    /^Comments must be separated/,
    { message: 'a space must stand before the "#" of a comment', at: 'token', mend: 'space before' },
  ],
  [/^Unresolved tag|tag/, { message: 'tags ("!...") are not used in a spec', at: 'token' }],
  [/^A node can have at most one anchor/, { message: 'a value can have one anchor only', at: 'token' }],
  [/^A node can have at most one tag/, { message: 'tags ("!...") are not used in a spec', at: 'token' }],
  [/^(Anchor|Alias) ending in : is ambiguous/, { message: 'a space must stand before the colon', at: 'token' }],
  [/^(Anchor|Alias) cannot be an empty string/, { message: 'an anchor or alias needs a name', at: 'token' }],
  [
    /^An alias node must not specify any properties/,
    { message: "an alias can't have an anchor or a tag of its own", at: 'token' },
  ],
  [/^Anchors and tags must be after/, { message: 'the anchor must stand after the "- ", "? " or ": "', at: 'token' }],
  [/must be separated from the next token by white space/, { message: 'a space must follow the anchor', at: 'token' }],
  [
    /directive|^Missing directives-end|^Unsupported YAML version/i,
    { message: 'a line starting with "%" is a directive, and a spec needs none', at: 'line', breaks: true },
  ],
  [
    /^Block scalar header includes extra characters/,
    { message: 'nothing but a comment may follow the "|" or ">"', at: 'token' },
  ],
  [
    /^Block scalars? .*(indent|lines)/i,
    { message: 'the lines of this text are indented less than its first line', at: 'line', breaks: true },
  ],
  [
    /^Block collection cannot start on same line/,
    { message: 'the spec must start on a line of its own after "---"', at: 'token' },
  ],
  [
    /^Unexpected flow-(map|seq)-end|^Unexpected [\]}]/,
    { message: 'this bracket closes nothing', at: 'token', breaks: true, mend: 'remove' },
  ],
  [/depth|nest|stack|exhaust/i, { message: 'nested too deep', at: 'token', breaks: true }],
];

const unexpected: Explanation = { message: "this can't stand here", at: 'token', breaks: true };
const tooDeep: Explanation = { message: 'nested too deep', at: 'token', breaks: true };

/** The parser's error in the user's words, at the place that must be mended rather than where the parser gave up. */
export function explainYamlError(
  source: Source,
  document: Document.Parsed | undefined,
  error: YAMLParseError | YAMLWarning,
): YamlFault {
  const { text } = source;
  const [start, end] = error.pos;
  const fault = (message: string, range: Range, breaks = true, mend?: YamlMend): YamlFault => ({
    code: 'yaml/syntax',
    message,
    range,
    breaks,
    ...(mend && { fixes: yamlFix(text, range, mend) }),
  });

  const overIndented =
    (error.code === 'BLOCK_AS_IMPLICIT_KEY' && !/:(\s|$)/.test(restOfLine(text, start))) ||
    (/^Implicit keys need to be on/.test(error.message) && /:\s/.test(restOfLine(text, lineAt(text, start).start)));
  if (overIndented) {
    const next = nextLine(text, start);
    if (next !== undefined)
      return fault(
        'this line is indented deeper than the line above it, which already has a value',
        lineAt(text, next),
      );
  }
  if (error.code === 'BLOCK_IN_FLOW') {
    const oneLine = !text.slice(start, end).includes('\n');
    return fault(
      oneLine ? 'a comma is missing in this' : 'lines with "- " or "key:" can\'t stand inside brackets',
      tokenAt(text, start, end),
      true,
      oneLine ? 'comma inside' : undefined,
    );
  }
  const unspaced = /^(-\s+)*[\w.-]+:[^\s:]/.test(restOfLine(text, lineAt(text, start).start));
  if (unspaced && /^Implicit (map )?keys need/.test(error.message))
    return fault('a space must follow the colon', lineAt(text, start), true, 'space after colon');
  if (/sufficiently indented/.test(error.message) && /^[\]}]/.test(text.slice(start))) {
    return fault(
      'what stands inside brackets must be indented more than the key it belongs to, by spaces',
      tokenAt(text, start, end),
    );
  }

  const explanation =
    error.code === 'RESOURCE_EXHAUSTION'
      ? tooDeep
      : (explanations.find(([pattern]) => pattern.test(error.message))?.[1] ?? unexpected);
  const token = tokenAt(text, start, end);
  const range = { opening: openingBefore(document, start) ?? token, line: lineAt(text, start), token }[
    explanation.at ?? 'token'
  ];
  return fault(explanation.message, range, explanation.breaks === true, explanation.mend);
}

/**
 * One mistake makes the parser stumble over everything behind it: of what follows the first fault that breaks the
 * structure, only those are kept that are true whatever was meant.
 */
export function withoutEchoes(faults: YamlFault[]): YamlFault[] {
  const ordered = [...faults].sort((a, b) => a.range.start - b.range.start);
  const first = ordered.find(({ breaks }) => breaks);
  if (!first) return ordered;
  return ordered.filter(
    (fault) => fault === first || fault.range.start < first.range.start || /^a tab can't/.test(fault.message),
  );
}

function tokenAt(text: string, start: number, end: number): Range {
  const blank = /^[^\S\r\n]*/.exec(text.slice(start, start + 200))?.[0].length ?? 0;
  const from = Math.min(text[start] === '\t' ? start : start + blank, text.length);
  const word = /^[^\s,\]}]+/.exec(text.slice(from, from + 200));
  const lineEnd = from + restOfLine(text, from).trimEnd().length;
  const to = Math.max(Math.min(end, lineEnd), from + (word?.[0].length ?? 0));
  return { start: from, end: Math.max(to, Math.min(from + 1, text.length)) };
}

/** The line's text without its indentation: what is wrong is where the line starts. */
function lineAt(text: string, offset: number): Range {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const start = lineStart + (/^[^\S\r\n]*/.exec(text.slice(lineStart))?.[0].length ?? 0);
  return { start, end: Math.max(start + restOfLine(text, start).trimEnd().length, Math.min(start + 1, text.length)) };
}

const restOfLine = (text: string, offset: number): string => /^[^\r\n]*/.exec(text.slice(offset))?.[0] ?? '';

/** Where the next line that is neither blank nor a comment starts. */
function nextLine(text: string, offset: number): number | undefined {
  const lineEnd = text.indexOf('\n', offset);
  const next = lineEnd < 0 ? null : /^(?:[^\S\n]*(?:#[^\n]*)?\n)*/.exec(text.slice(lineEnd + 1));
  const start = lineEnd + 1 + (next?.[0].length ?? 0);
  return lineEnd < 0 || start >= text.length ? undefined : start;
}

/** The innermost bracket or quote that is open at an offset: an unclosed one is noticed only at the end of what it swallowed. */
function openingBefore(document: Document.Parsed | undefined, offset: number): Range | undefined {
  let opening: number | undefined;
  if (document) {
    visit(document, (_, node) => {
      const isOpening =
        (isScalar(node) && String(node.type).startsWith('QUOTE')) || ((isMap(node) || isSeq(node)) && node.flow);
      const range = isOpening ? node.range : undefined;
      if (range && range[0] < offset && offset <= Math.max(range[1], range[2]) && range[0] >= (opening ?? 0))
        opening = range[0];
    });
  }
  return opening === undefined ? undefined : { start: opening, end: opening + 1 };
}

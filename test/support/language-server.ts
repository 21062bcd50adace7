import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import {
  type CodeAction,
  type CompletionItem,
  type CompletionList,
  createProtocolConnection,
  type Diagnostic,
  type DocumentLink,
  type DocumentSymbol,
  type Hover,
  type InlayHint,
  type Position,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';

export type Client = Awaited<ReturnType<typeof startServer>>;

/** A language server with an editor that knows all of the protocol that matters here. */
export async function startServer(
  command: string,
  args: readonly string[],
  root = process.cwd(),
  settings: unknown = {},
) {
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(command, [...args], {
    env,
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const published = new Map<string, { version: number | undefined; diagnostics: Diagnostic[] }>();
  const waiting = new Set<() => void>();
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri, version, diagnostics }: { uri: string; version?: number; diagnostics: Diagnostic[] }) => {
      published.set(uri, { version, diagnostics });
      for (const each of waiting) each();
    },
  );
  const logged: string[] = [];
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => void logged.push(message));
  connection.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
    items.map(({ section }) => (settings as Record<string, unknown>)[section ?? ''] ?? null),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/inlayHint/refresh', () => null);
  connection.listen();
  const initialized = (await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'root' }],
    capabilities: {
      workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } },
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
        hover: { contentFormat: ['markdown'] },
        publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true },
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } } },
      },
    },
  })) as { capabilities: Record<string, unknown> };
  await connection.sendNotification('initialized', {});

  let version = 0;
  /** What is published about this very version of the text. */
  const diagnostics = (uri: string, of: number): Promise<Diagnostic[]> =>
    new Promise((resolve) => {
      const look = (): void => {
        const known = published.get(uri);
        if (!known || (known.version !== undefined && known.version < of)) return;
        waiting.delete(look);
        resolve(known.diagnostics);
      };
      waiting.add(look);
      look();
    });
  return {
    capabilities: initialized.capabilities,
    pid: child.pid,
    logged,
    async open(uri: string, text: string): Promise<Diagnostic[]> {
      const own = ++version;
      published.delete(uri);
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'yaml', version: own, text },
      });
      return diagnostics(uri, own);
    },
    async change(uri: string, text: string, range?: Range): Promise<Diagnostic[]> {
      const own = ++version;
      if (published.get(uri)?.version === undefined) published.delete(uri);
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: own },
        contentChanges: [range ? { range, text } : { text }],
      });
      return diagnostics(uri, own);
    },
    close: (uri: string) => connection.sendNotification('textDocument/didClose', { textDocument: { uri } }),
    notify: (method: string, params: unknown) => connection.sendNotification(method, params),
    request: (method: string, params: unknown): Promise<unknown> => connection.sendRequest(method, params),
    async complete(uri: string, position: Position): Promise<CompletionItem[]> {
      const answer = (await connection.sendRequest('textDocument/completion', { textDocument: { uri }, position })) as
        | CompletionItem[]
        | CompletionList
        | null;
      return Array.isArray(answer) ? answer : (answer?.items ?? []);
    },
    hover: (uri: string, position: Position) =>
      connection.sendRequest('textDocument/hover', { textDocument: { uri }, position }) as Promise<Hover | null>,
    actions: (uri: string, range: Range, only?: string[]) =>
      connection.sendRequest('textDocument/codeAction', {
        textDocument: { uri },
        range,
        context: { diagnostics: [], ...(only && { only }) },
      }) as Promise<CodeAction[]>,
    hints: (uri: string, range: Range) =>
      connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range }) as Promise<InlayHint[]>,
    symbols: (uri: string) =>
      connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } }) as Promise<DocumentSymbol[]>,
    links: (uri: string) =>
      connection.sendRequest('textDocument/documentLink', { textDocument: { uri } }) as Promise<DocumentLink[]>,
    format: (uri: string) =>
      connection.sendRequest('textDocument/formatting', {
        textDocument: { uri },
        options: { tabSize: 2, insertSpaces: true },
      }) as Promise<TextEdit[] | null>,
    /** Says goodbye as an editor does, and tells with which code the server ended. */
    async stop(): Promise<{ code: number | null; stderr: string }> {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      return { code: await closed, stderr };
    },
    /** Ends without a word, as an editor that crashes. */
    async abandon(): Promise<number | null> {
      child.stdin.end();
      return closed;
    },
  };
}

/** The end of a text as a position. */
export function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

/** The text with edits made, from the last one on. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (all, { range, newText }) => all.slice(0, offset(range.start)) + newText + all.slice(offset(range.end)),
      text,
    );
}

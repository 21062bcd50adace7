import {
  CodeActionKind,
  createConnection,
  DidChangeWatchedFilesNotification,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Policy } from '../policy/policy.ts';
import { version } from '../version.ts';
import { actionsFor } from './actions.ts';
import { completionsAt } from './completions.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { formattingOf } from './formatting.ts';
import { hintsIn } from './hints.ts';
import { hoverAt } from './hovers.ts';
import { fileOf, isSpec, Judge, type Opened } from './judged.ts';
import { linksOf, symbolsOf } from './symbols.ts';

export type Editor = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream };

/** Serves an editor until it says goodbye. A request that fails is answered with nothing and told of in the log. */
export function serve({ input, output }: Editor, policies: readonly Policy[], today: () => string): Promise<number> {
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(input),
    new StreamMessageWriter(output),
  );
  const documents = new TextDocuments(TextDocument);
  const judge = new Judge(policies, today);
  const openedAs = (document: TextDocument): Opened => ({
    uri: document.uri,
    version: document.version,
    text: document.getText(),
  });

  /** Answers about a spec; nothing about any other file, nothing when it goes wrong. */
  function about<T>(uri: string, nothing: T, answer: (spec: Opened, document: TextDocument) => T): T {
    const document = documents.get(uri);
    if (!document) return nothing;
    const opened = openedAs(document);
    if (!isSpec(opened)) return nothing;
    try {
      return answer(opened, document);
    } catch (error) {
      connection.console.error(`perpetual: ${error instanceof Error ? error.message : String(error)}`);
      return nothing;
    }
  }

  function publish(document: TextDocument): void {
    const { uri } = document;
    const diagnostics = about(uri, undefined, (spec) => diagnosticsOf(judge.judge(spec), uri));
    void connection.sendDiagnostics({ uri, version: document.version, diagnostics: diagnostics ?? [] });
  }

  connection.onInitialize(() => ({
    serverInfo: { name: 'perpetual', version },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: [':', ' ', '{', '[', ',', '-'] },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
      inlayHintProvider: true,
      documentFormattingProvider: true,
      documentSymbolProvider: true,
      documentLinkProvider: { resolveProvider: false },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  }));
  connection.onInitialized(() => {
    // The owners' settings and the lock count for what is open.
    connection.client
      .register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: '**/policies/config.yaml' }, { globPattern: '**/perpetual.lock.json' }],
      })
      .catch(() => {});
  });
  connection.onDidChangeWatchedFiles(() => {
    judge.forget();
    for (const document of documents.all()) publish(document);
    connection.languages.inlayHint.refresh().catch(() => {});
  });

  documents.onDidChangeContent(({ document }) => publish(document));
  documents.onDidClose(({ document: { uri } }) => {
    judge.forget(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onHover(({ textDocument: { uri }, position }) =>
    about(uri, null, (spec, document) => hoverAt(judge.judge(spec), document.offsetAt(position)) ?? null),
  );
  connection.onCompletion(({ textDocument: { uri }, position }) =>
    about(uri, [], (spec, document) => completionsAt(judge.judge(spec), document.offsetAt(position), policies)),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context }) =>
    about(uri, [], (spec) => actionsFor(judge.judge(spec), uri, range, context.only)),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
    about(uri, [], (spec) => hintsIn(judge.judge(spec), range)),
  );
  connection.onDocumentFormatting(({ textDocument: { uri } }) =>
    about(uri, [], ({ text }) => formattingOf(fileOf(uri), text)),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }) => about(uri, [], (spec) => symbolsOf(judge.judge(spec))));
  connection.onDocumentLinks(({ textDocument: { uri } }) =>
    about(uri, [], (spec) => linksOf(judge.judge(spec), policies)),
  );

  documents.listen(connection);
  connection.listen();
  return new Promise((resolve) => {
    let isAsked = false;
    connection.onShutdown(() => {
      isAsked = true;
    });
    // https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#exit
    connection.onExit(() => resolve(isAsked ? 0 : 1));
    input.once('end', () => resolve(isAsked ? 0 : 1));
  });
}

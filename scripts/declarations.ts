import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * The declarations of an entry in one file: what it exports, what that needs, and nothing else, so that no consumer meets
 * a type of a package that is bundled or an optional peer. Works file by file on what the sources say of themselves,
 * in a fraction of a second; packages, other entries and what is not ours stay imports.
 */
export function declarationsOf(entry: string, entries: Entries): string {
  const rollUp = new RollUp(entries);
  const exported = rollUp.moduleOf(entry).exports.map(({ as, name, isType }) => {
    const local = rollUp.reach(entry, name);
    return `${isType ? 'type ' : ''}${local === as ? as : `${local} as ${as}`}`;
  });
  return [...rollUp.imports(), ...rollUp.statements.values(), `export { ${exported.sort().join(', ')} };`, ''].join(
    '\n',
  );
}

/** What each entry's file is called when published. */
type Entries = ReadonlyMap<string, string>;
type Target = { from: string; name: string };
type Module = {
  file: ts.SourceFile;
  declared: Map<string, ts.Statement>;
  imported: Map<string, Target>;
  exports: { as: string; name: string; isType: boolean }[];
};

class RollUp {
  readonly statements = new Map<string, string>();
  readonly #entries: Entries;
  readonly #modules = new Map<string, Module>();
  readonly #homes = new Map<string, string>();
  readonly #foreign = new Map<string, Target>();

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** Takes in what a name of a module stands for, with all it needs, and returns what it is called here. */
  reach(path: string, name: string): string {
    const { declared, imported, file } = this.moduleOf(path);
    const target = imported.get(name);
    if (target) {
      const own = target.from.startsWith('.') ? join(dirname(path), target.from) : undefined;
      if (own?.startsWith('src/') && !this.#entries.has(own)) return this.reach(own, target.name);
      this.#foreign.set(name, { from: own ? this.#published(own) : target.from, name: target.name });
      return name;
    }
    const statement = declared.get(name);
    if (!statement) return name; // the language's own
    // Two rooms may call their own things by one word; here they stand side by side.
    let local = name;
    for (let count = 2; (this.#homes.get(local) ?? path) !== path; count++) local = `${name}${count}`;
    if (this.#homes.has(local)) return local;
    this.#homes.set(local, path);
    const text = this.#textOf(path, file, statement);
    const isItsName = new RegExp(`\\b(type|interface|const|function|class) ${name}\\b`);
    this.statements.set(local, local === name ? text : text.replace(isItsName, `$1 ${local}`));
    return local;
  }

  /** A statement without `export`, after everything it names; `keyof` of an interface becomes the keys, so that the interface can stay away. */
  #textOf(path: string, file: ts.SourceFile, statement: ts.Statement): string {
    const changes: { start: number; end: number; text: string }[] = [];
    const visit = (node: ts.Node): void => {
      const keys = ts.isTypeOperatorNode(node) ? this.#keysOf(path, node) : undefined;
      if (keys) changes.push({ start: node.getStart(file), end: node.end, text: keys.join(' | ') });
      else {
        const name = nameIn(node);
        const local = name && this.reach(path, name.text);
        if (name && local !== name.text)
          changes.push({ start: name.getStart(file), end: name.end, text: String(local) });
        ts.forEachChild(node, visit);
      }
    };
    visit(statement);
    const start = statement.getFullStart();
    const whole = changes
      .sort((a, b) => b.start - a.start)
      .reduce(
        (text, change) => text.slice(0, change.start - start) + change.text + text.slice(change.end - start),
        statement.getFullText(file),
      );
    return whole.trim().replace(/^((?:\/\*\*[\s\S]*?\*\/\s*)?)export /, '$1');
  }

  #keysOf(path: string, { operator, type }: ts.TypeOperatorNode): string[] | undefined {
    if (operator !== ts.SyntaxKind.KeyOfKeyword || !ts.isTypeReferenceNode(type)) return undefined;
    const declared = this.moduleOf(path).declared.get(type.typeName.getText());
    if (!declared || !ts.isInterfaceDeclaration(declared)) return undefined;
    return declared.members.map((member) => (member.name as ts.PropertyName).getText());
  }

  /** What stays outside, by where it comes from. */
  imports(): string[] {
    return [...this.#foreign]
      .map(([local, { from, name }]) => {
        const names = name === '*' ? `* as ${local}` : `{ ${name === local ? name : `${name} as ${local}`} }`;
        return `import ${name === '*' ? '' : 'type '}${names} from '${from}';`;
      })
      .sort();
  }

  /** Where a file that stays outside is for who reads the declarations, which lie in `dist`. */
  #published(path: string): string {
    const entry = this.#entries.get(path);
    return entry ? `./${entry}.js` : relative('dist', path).replace(/\.d\.ts$/, '.js');
  }

  moduleOf(path: string): Module {
    const known = this.#modules.get(path);
    if (known) return known;
    const { outputText } = ts.transpileDeclaration(readFileSync(path, 'utf8'), {
      fileName: path,
      compilerOptions: { isolatedDeclarations: true, verbatimModuleSyntax: true, allowImportingTsExtensions: true },
    });
    const file = ts.createSourceFile(path, outputText, ts.ScriptTarget.Latest, true);
    const module: Module = { file, declared: new Map(), imported: new Map(), exports: [] };
    for (const statement of file.statements) read(statement, module);
    this.#modules.set(path, module);
    return module;
  }
}

/** What a statement at the top of a file declares, imports or exports. */
function read(statement: ts.Statement, { declared, imported, exports }: Module): void {
  if (ts.isImportDeclaration(statement)) {
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) imported.set(bindings.name.text, { from, name: '*' });
    else
      for (const { name, propertyName } of bindings?.elements ?? [])
        imported.set(name.text, { from, name: (propertyName ?? name).text });
  } else if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
    const from = (statement.moduleSpecifier as ts.StringLiteral | undefined)?.text;
    for (const { name, propertyName, isTypeOnly } of statement.exportClause.elements) {
      const inside = (propertyName ?? name).text;
      if (from !== undefined) imported.set(inside, { from, name: inside });
      exports.push({ as: name.text, name: inside, isType: isTypeOnly || statement.isTypeOnly });
    }
  } else {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    for (const name of namesOf(statement)) {
      declared.set(name, statement);
      if (isExported) exports.push({ as: name, name, isType });
    }
  }
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
}

/** The name a type begins with, as `pulumi` in `pulumi.Output<string>`. */
function nameIn(node: ts.Node): ts.Identifier | undefined {
  let name: ts.Node | undefined = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isTypeQueryNode(node)
      ? node.exprName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : undefined;
  while (name && (ts.isQualifiedName(name) || ts.isPropertyAccessExpression(name)))
    name = ts.isQualifiedName(name) ? name.left : name.expression;
  return name && ts.isIdentifier(name) ? name : undefined;
}

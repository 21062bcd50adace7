import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Declaration, Shape } from './shapes.ts';

type Named = ts.InterfaceDeclaration | ts.VariableDeclaration;
const any: Shape = { kind: 'any' };

/**
 * Reads one resource type from the SDK's declarations: the class, its `Args`, and whatever `inputs.…`, `outputs.…` and
 * `enums.…` they name. No type checker is needed: the generated files name everything in full.
 */
export function readDeclaration(root: string, file: string, name: string): Declaration | undefined {
  const path = join(root, file);
  if (!existsSync(path)) return undefined;
  const source = parse(path);
  const parts = source.statements.filter(
    (statement) => ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement),
  );
  const resource = parts.find((part) => part.name?.text === name);
  const args = parts.find((part) => part.name?.text === `${name}Args`);
  if (!resource || !args) return undefined;
  const reader = new Reader(root);
  return {
    args: reader.members(args.members),
    state: reader.members(resource.members),
    definitions: reader.definitions,
    apiVersion: /Uses Azure REST API version (\S+?)\./.exec(source.text)?.[1] ?? '',
  };
}

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string): ts.SourceFile {
  let source = parsed.get(path);
  if (!source) {
    source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, false);
    parsed.set(path, source);
  }
  return source;
}

class Reader {
  readonly definitions: Record<string, Shape> = {};
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  members(members: ts.NodeArray<ts.ClassElement | ts.TypeElement>): Shape {
    const properties: Record<string, { shape: Shape; required: boolean }> = {};
    let loose = false;
    for (const member of members) {
      if (ts.isIndexSignatureDeclaration(member)) loose = true;
      if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
      if (!member.type || ts.isComputedPropertyName(member.name) || isHidden(member)) continue;
      const required = !member.questionToken && !mayBeUndefined(member.type);
      properties[(member.name as ts.Identifier | ts.StringLiteral).text] = {
        shape: this.#shape(member.type),
        required,
      };
    }
    return { kind: 'object', properties, ...(loose && { loose }) };
  }

  #shape(type: ts.TypeNode): Shape {
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { kind: 'scalar', of: 'string' };
      case ts.SyntaxKind.NumberKeyword:
        return { kind: 'scalar', of: 'number' };
      case ts.SyntaxKind.BooleanKeyword:
        return { kind: 'scalar', of: 'boolean' };
    }
    if (ts.isArrayTypeNode(type)) return { kind: 'array', of: this.#shape(type.elementType) };
    if (ts.isParenthesizedTypeNode(type)) return this.#shape(type.type);
    if (ts.isUnionTypeNode(type))
      return union(type.types.filter((part) => !isUndefined(part)).map((part) => this.#shape(part)));
    if (ts.isLiteralTypeNode(type)) return literal(type.literal);
    if (ts.isTypeLiteralNode(type)) {
      const index = type.members.find(ts.isIndexSignatureDeclaration);
      return index ? { kind: 'map', of: this.#shape(index.type) } : this.members(type.members);
    }
    if (ts.isTypeReferenceNode(type)) return this.#reference(type);
    return any;
  }

  #reference(type: ts.TypeReferenceNode): Shape {
    const name = names(type.typeName);
    const [first] = type.typeArguments ?? [];
    if ((name[1] === 'Input' || name[1] === 'Output') && first) return this.#shape(first);
    if (name[0] !== 'inputs' && name[0] !== 'outputs' && name[0] !== 'enums') return any;
    const key = name.join('.');
    if (!(key in this.definitions)) {
      this.definitions[key] = any; // in its place while its own members are read
      this.definitions[key] = this.#named(name);
    }
    return { kind: 'ref', name: key };
  }

  #named([kind = '', ...path]: string[]): Shape {
    const isEnum = kind === 'enums';
    const file = isEnum ? join('enums', ...path.slice(0, -1), 'index.d.ts') : `${kind.slice(0, -1)}.d.ts`;
    const found = find(parse(join(this.#root, 'types', file)), isEnum ? path.slice(-1) : path);
    if (!found) return any;
    if (ts.isInterfaceDeclaration(found)) return this.members(found.members);
    const members = found.type && ts.isTypeLiteralNode(found.type) ? found.type.members : [];
    const values = members.flatMap((member) => {
      const shape = ts.isPropertySignature(member) && member.type && this.#shape(member.type);
      return shape && shape.kind === 'enum' ? shape.values : [];
    });
    return { kind: 'enum', values };
  }
}

const named = new WeakMap<ts.Node, Map<string, ts.Node>>();

/** Follows namespaces down to an interface or, for an enumeration, a constant. */
function find(source: ts.SourceFile, path: readonly string[]): Named | undefined {
  let place: ts.Node | undefined = source;
  for (const name of path) place = place && inside(place).get(name);
  return place && (ts.isInterfaceDeclaration(place) || ts.isVariableDeclaration(place)) ? place : undefined;
}

function inside(place: ts.Node): Map<string, ts.Node> {
  let index = named.get(place);
  if (!index) {
    index = new Map();
    named.set(place, index);
    const block = ts.isModuleDeclaration(place) ? place.body : place;
    const statements = block && (ts.isModuleBlock(block) || ts.isSourceFile(block)) ? block.statements : [];
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement) || ts.isModuleDeclaration(statement))
        index.set(statement.name.text, statement);
      if (!ts.isVariableStatement(statement)) continue;
      for (const constant of statement.declarationList.declarations)
        index.set((constant.name as ts.Identifier).text, constant);
    }
  }
  return index;
}

function names(name: ts.EntityName): string[] {
  return ts.isIdentifier(name) ? [name.text] : [...names(name.left), name.right.text];
}

function literal(node: ts.LiteralTypeNode['literal']): Shape {
  const one = (value: string | number | boolean): Shape => ({ kind: 'enum', values: [value] });
  if (ts.isStringLiteral(node)) return one(node.text);
  if (ts.isNumericLiteral(node)) return one(Number(node.text));
  if (node.kind === ts.SyntaxKind.TrueKeyword) return one(true);
  if (node.kind === ts.SyntaxKind.FalseKeyword) return one(false);
  return any;
}

function union(parts: Shape[]): Shape {
  return parts.length === 1 ? (parts[0] ?? any) : { kind: 'union', of: parts };
}

const isUndefined = (type: ts.TypeNode): boolean => type.kind === ts.SyntaxKind.UndefinedKeyword;

function mayBeUndefined(type: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(type)) return type.types.some(isUndefined);
  return ts.isTypeReferenceNode(type) && (type.typeArguments ?? []).some(mayBeUndefined);
}

const isHidden = (member: ts.PropertySignature | ts.PropertyDeclaration): boolean =>
  (member.modifiers ?? []).some(
    (modifier) => modifier.kind === ts.SyntaxKind.PrivateKeyword || modifier.kind === ts.SyntaxKind.StaticKeyword,
  );

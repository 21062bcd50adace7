// Starts "perpetual lsp" for the specs of a folder; all that is known of them is on the other side.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

/** The command of the settings, else what npm installed in one of the folders, else what is on PATH. */
function commandFor(settings, folders) {
  const given = settings.get('command');
  if (given) return given;
  const program = process.platform === 'win32' ? 'perpetual.cmd' : 'perpetual';
  const installed = folders.map((folder) => join(folder.uri.fsPath, 'node_modules', '.bin', program));
  return installed.find((path) => existsSync(path)) ?? 'perpetual';
}

function activate(context) {
  const command = commandFor(vscode.workspace.getConfiguration('perpetual'), vscode.workspace.workspaceFolders ?? []);
  const server = { command, args: ['lsp', '--stdio'], options: { shell: process.platform === 'win32' } };
  client = new LanguageClient('perpetual', 'perpetual', server, {
    documentSelector: [{ language: 'yaml', pattern: '**/perpetual-node.yaml' }],
  });
  context.subscriptions.push(client);
  return client.start();
}

const deactivate = () => client?.stop();

module.exports = { activate, deactivate, commandFor };

import { parseDocument } from 'yaml';

/**
 * AKS answers in base64. For a cluster that asks Entra it names kubelogin with a login that waits for somebody to type a
 * code; this one takes whoever is logged in with the Azure CLI, as CI is too, and AAD_LOGIN_METHOD chooses any other way
 * (https://azure.github.io/kubelogin/concepts/environment-variables.html).
 */
export function kubeconfigOf(answer: string | undefined): string {
  const text = Buffer.from(answer ?? '', 'base64').toString('utf8');
  const document = parseDocument(text);
  const users: unknown = document.toJS()?.users;
  if (!Array.isArray(users)) return text;
  let isChanged = false;
  for (const [index, user] of users.entries()) {
    const args: unknown = user?.user?.exec?.args;
    if (!Array.isArray(args)) continue;
    const login = args.indexOf('--login');
    const path = ['users', index, 'user', 'exec', 'args'];
    if (login >= 0) document.setIn([...path, login + 1], 'azurecli');
    else document.setIn(path, [...args, '--login', 'azurecli']);
    isChanged = true;
  }
  return isChanged ? document.toString() : text;
}

/** A way to log in to Azure. */
export type Way = 'default' | 'certificate' | 'secret' | 'oidc' | 'identity' | 'cli';

/** Which way is taken, in words, and the names of the variables that it needs besides and that are not set. */
export type Login = { way: Way; words: string; missing: readonly string[] };

/** The token of a run of GitHub, by the names it is given there. */
const githubs = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] as const;

/**
 * The way that azure-native takes, in its order: the first that is asked for, and no other one when that fails.
 * https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/auth_azidentity.go
 */
export function loginOf(env: NodeJS.ProcessEnv): Login {
  const without = (...names: readonly string[]): string[] => names.filter((name) => !env[name]);
  const principal = without('ARM_CLIENT_ID', 'ARM_TENANT_ID');
  if (env.ARM_USE_DEFAULT_AZURE_CREDENTIAL === 'true')
    return { way: 'default', words: "whatever Azure's own library finds here", missing: [] };
  if (env.ARM_CLIENT_CERTIFICATE_PATH)
    return { way: 'certificate', words: 'a service principal with a certificate', missing: principal };
  if (env.ARM_CLIENT_SECRET) return { way: 'secret', words: 'a service principal with a secret', missing: principal };
  if (env.ARM_USE_OIDC === 'true') {
    const hasToken = env.ARM_OIDC_TOKEN || env.ARM_OIDC_TOKEN_FILE_PATH;
    return {
      way: 'oidc',
      words: 'OIDC, without a secret of Azure',
      missing: [...principal, ...(hasToken ? [] : without(...githubs))],
    };
  }
  if (env.ARM_USE_MSI === 'true') return { way: 'identity', words: 'a managed identity of this machine', missing: [] };
  return { way: 'cli', words: 'the login of az', missing: [] };
}

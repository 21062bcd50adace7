import { shellWord } from '../../shell-word.ts';
import { object, text } from '../../views.ts';
import { nameIn } from './home.ts';
import { type Added, type Question, together, whenListed } from './question.ts';

const type = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials';

/**
 * Who else may act as one of the environment's identities, without a secret and from anywhere?
 * https://learn.microsoft.com/rest/api/managedidentity/federated-identity-credentials/list
 */
export const federationsAdded: Question = async ({ arm, home }) => {
  const identities = home.known.filter((each) => each.type === 'azure-native:managedidentity:UserAssignedIdentity');
  const seen = identities.map(async ({ id = '', name }) => {
    const answer = await arm.list(`${id}/federatedIdentityCredentials`, '2023-01-31');
    return whenListed(`who may act as "${name}"`, answer, ({ id: own, properties }) => {
      const credential = text(own);
      if (credential === undefined || home.isOurs(credential, type)) return {};
      const { subject, issuer } = object(properties);
      const [, , subscription = '', , group = ''] = id.split('/');
      const away = ['az', 'identity', 'federated-credential', 'delete', '--name', nameIn(credential)];
      const of = ['--identity-name', nameIn(id), '--resource-group', group, '--subscription', subscription, '--yes'];
      const added: Added = {
        ...{ id: credential, type, code: 'drift/rights', at: name, why: [] },
        message: `whoever "${text(issuer) ?? '?'}" knows as "${text(subject) ?? '?'}" may act as "${name}", which nobody promised`,
        away: [...away, ...of].map(shellWord).join(' '),
      };
      return { added: [added] };
    });
  });
  return together(await Promise.all(seen));
};

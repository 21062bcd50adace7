import { shellWord } from '../../shell-word.ts';
import { object, text } from '../../views.ts';
import { inGroups, type Question } from './question.ts';

const providers = '/providers/Microsoft.Authorization/locks';

const kept: Readonly<Record<string, string>> = {
  ReadOnly: 'changing anything of it',
  CanNotDelete: 'deleting or replacing anything of it',
};

/**
 * What will keep the next deployment from changing or deleting something? A lock breaks no promise.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export const locksInTheWay: Question = (asking) =>
  inGroups(asking, { what: 'locks', path: providers, version: '2016-09-01' }, ({ id, properties }) => {
    const own = text(id);
    const way = kept[text(object(properties).level) ?? ''];
    if (own === undefined || way === undefined) return {};
    const scope = own.slice(0, own.toLowerCase().lastIndexOf(providers.toLowerCase()));
    const on = asking.home.place(scope).words;
    return { notes: [`a lock on ${on} keeps everybody from ${way}: az lock delete --ids ${shellWord(own)}`] };
  });

import { shellWord } from '../../shell-word.ts';
import { object, text } from '../../views.ts';
import { isBelow, nameIn } from './home.ts';
import { type Question, together, whenListed } from './question.ts';

const type = 'Microsoft.Authorization/locks';

const kept: Readonly<Record<string, string>> = {
  ReadOnly: 'changing anything of it',
  CanNotDelete: 'deleting or replacing anything of it',
};

/**
 * What will keep the next deployment from changing or deleting something? A lock breaks no promise.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export const locksInTheWay: Question = async ({ arm, home }) => {
  const seen = home.groups.map(async (group) => {
    const answer = await arm.list(`${group}/providers/${type}`, '2016-09-01');
    return whenListed(`locks in "${nameIn(group)}"`, answer, (all) => ({
      notes: all.flatMap((each) => {
        const { id, properties } = object(each);
        const own = text(id);
        const way = kept[text(object(properties).level) ?? ''];
        if (own === undefined || way === undefined || !isBelow(own, group)) return [];
        const scope = own.slice(0, own.toLowerCase().lastIndexOf(`/providers/${type.toLowerCase()}`));
        return `a lock on ${home.place(scope).words} keeps everybody from ${way}: az lock delete --ids ${shellWord(own)}`;
      }),
    }));
  });
  return together(await Promise.all(seen));
};

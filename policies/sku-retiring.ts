import { definePolicy } from '../src/policy/policy.ts';
import { daysLeft, ofEndings } from '../src/policy/retirements.ts';

// Earlier it would be noise.
const notice = 90;

export default definePolicy({
  id: 'sku-retiring',
  title: 'nothing should be of what Azure is about to retire',
  why: 'after the day Azure makes no more of it, and what there is stops or is without support: machines are deallocated, and a pool can not change its size',
  fix: 'choose what takes its place now, or plan the move before the day',
  source: 'https://learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list',
  example: { wrong: 'kubernetesVersion: "1.34" in the last weeks of its support', right: 'kubernetesVersion: "1.35"' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  resource: ofEndings(function* (ending, { today }) {
    const { what, input, retires, closedSince, offer } = ending;
    const left = daysLeft(ending, today);
    if (left <= 0 || left > notice) return;
    yield {
      input,
      message: `${what} is retired on ${retires}, in ${left} ${left === 1 ? 'day' : 'days'}`,
      ...(closedSince !== undefined && { note: `closed to new subscriptions since ${closedSince}` }),
      ...offer,
    };
  }),
});

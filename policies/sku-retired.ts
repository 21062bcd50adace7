import { definePolicy } from '../src/policy/policy.ts';
import { daysLeft, ofEndings } from '../src/policy/retirements.ts';

export default definePolicy({
  id: 'sku-retired',
  title: 'nothing is made of what Azure has retired',
  why: 'Azure refuses to make it; what there is of it is stopped, changed into something else or without support',
  fix: 'choose what took its place',
  source: 'https://learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list',
  example: { wrong: 'sku: { name: Basic } of a public address', right: 'sku: { name: Standard } of a public address' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: ofEndings(function* (ending, { today }) {
    if (daysLeft(ending, today) > 0) return;
    yield {
      input: ending.input,
      message: `${ending.what} is retired since ${ending.retires}`,
      note: `retired since ${ending.retires}`,
      ...ending.offer,
    };
  }),
});

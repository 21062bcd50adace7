/** The commands about the catalog, in one file of the build: each more that a check must read costs it time. */
export { catalogLockCommand } from './catalog-lock.ts';
export { catalogShowCommand } from './catalog-show.ts';
export { catalogUpdateCommand } from './catalog-update.ts';

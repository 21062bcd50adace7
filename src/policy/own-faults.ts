import { accepts, expectedOf, type Setting } from './settings.ts';

const kinds = ['number', 'strings', 'boolean'];
const levels = ['mandatory', 'advisory', 'disabled'];
const stages = ['production', 'development'];
/** What the engine, its pack and policies/config.yaml mean something else by. */
const reservedIds = ['all', 'waived', 'secrets', 'spec-advisory', 'spec-mandatory'];
const reservedSettings = [...stages, 'waivable', 'enforcementLevel'];

/** What is wrong with something that should be a policy: it comes from somebody else's file, so nothing is sure of it. */
export function faultOf(policy: unknown): string | undefined {
  if (!isObject(policy)) return 'it has no default export that definePolicy made';
  const { id, levels: chosen, waivable, settings, resource, plan } = policy;
  if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
    return '"id" must be words of small letters with hyphens between, such as image-registry-foreign';
  if (reservedIds.includes(id)) return `the id "${id}" is taken`;
  for (const key of ['title', 'why', 'fix', 'source'])
    if (typeof policy[key] !== 'string' || policy[key] === '') return `"${key}" must be a text`;
  for (const stage of stages)
    if (!isObject(chosen) || !levels.includes(String(chosen[stage])))
      return `"levels.${stage}" must be one of ${levels.join(', ')}`;
  if (typeof waivable !== 'boolean') return '"waivable" must be true or false';
  if (!waivable && stages.some((stage) => (chosen as Record<string, unknown>)[stage] !== 'mandatory'))
    return "what can't be waived must be mandatory in both stages";
  if (resource === undefined && plan === undefined) return 'it judges nothing: it needs "resource" or "plan"';
  if (plan !== undefined && typeof plan !== 'function') return '"plan" must be a function';
  if (resource !== undefined && !isObject(resource)) return '"resource" must be functions by type';
  for (const [type, judge] of Object.entries(resource ?? {}))
    if (typeof judge !== 'function') return `"resource['${type}']" must be a function`;
  if (settings !== undefined && !isObject(settings)) return '"settings" must be a mapping';
  for (const [name, setting] of Object.entries(settings ?? {})) {
    const fault = settingFault(name, setting);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function settingFault(name: string, setting: unknown): string | undefined {
  if (reservedSettings.includes(name)) return `a setting can't be called "${name}"`;
  if (!isObject(setting) || !kinds.includes(String(setting.type)))
    return `"settings.${name}.type" must be one of ${kinds.join(', ')}`;
  if (typeof setting.description !== 'string') return `"settings.${name}.description" must be a text`;
  for (const [stage, value] of Object.entries((setting.default as object | undefined) ?? {})) {
    if (!stages.includes(stage)) return `"settings.${name}.default" has the unknown stage "${stage}"`;
    if (!accepts(setting as Setting, value))
      return `"settings.${name}.default.${stage}" must be ${expectedOf(setting as Setting)}`;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

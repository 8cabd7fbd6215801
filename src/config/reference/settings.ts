import { isDeepStrictEqual } from 'node:util';
import { getMetadataStorage, validateSync } from 'class-validator';
import { durationText } from '../../platform/time/duration.js';
import { AppConfig } from '../app-config.js';
import { DEFAULT_ENV_FILE } from '../environment.js';
import { ENV_FILE } from '../known-variables.js';
import { loadConfig } from '../load-config.js';
import type { Rate } from '../rate.js';
import { SETTING_GROUPS, type SettingName } from './setting-groups.js';
import { fileVariable } from '../setting-files.js';

/** In the order of the reference. */
export const SETTING_NAMES = SETTING_GROUPS.flatMap(({ settings }) => Object.keys(settings) as SettingName[]);

/** The value as it is written in the environment. An empty text means that there is none. */
export function settingText(name: SettingName, value: unknown): string {
  if (typeof value === 'string') return value;
  const texts = typeof value === 'number' ? [String(value), durationText(value)] : [rateText(value as Rate)];
  const text = texts.find((candidate) => isDeepStrictEqual(valueOf(name, candidate), value));
  if (text === undefined) throw new Error(`The value of ${name} cannot be written as a text.`);
  return text;
}

/**
 * Where the value comes from: `environment`, the environment file, `default`, or one of the first two and a file.
 *
 * @param env the environment together with the file, as `readEnvironment` returns it
 * @param processEnv the environment alone
 */
export function settingSource(
  name: SettingName,
  env: NodeJS.ProcessEnv,
  processEnv: NodeJS.ProcessEnv = process.env,
): string {
  const inFile = fileVariable(name);
  const variable = [name, inFile].find((candidate) => candidate !== undefined && env[candidate]);
  if (variable === undefined) return 'default';
  const place = processEnv[variable] ? 'environment' : processEnv[ENV_FILE] || DEFAULT_ENV_FILE;
  return variable === name ? place : `${place}, file ${env[variable]}`;
}

/** What the variable accepts, from its validators; empty for any text. */
export function acceptedValues(name: SettingName): string {
  const rules = getMetadataStorage()
    .getTargetValidationMetadatas(AppConfig, '', false, false)
    .filter(({ propertyName }) => propertyName === name);
  const limit = (rule: string) => rules.find((metadata) => metadata.name === rule)?.constraints?.[0] as unknown;
  if (limit('max') !== undefined) return `a whole number, ${String(limit('min'))} to ${String(limit('max'))}`;
  const choices = limit('isIn') as string[] | undefined;
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(', ');
  return faultOf(name)
    .replace(/^\w+ and (\w+) must be set together$/, 'only together with `$1`')
    .replace(/^\w+ must be /, '');
}

/** The message for a text that no rule accepts; empty when there is none. */
function faultOf(name: SettingName): string {
  const config = Object.assign(new AppConfig(), { [name]: 'not, valid' });
  const fault = validateSync(config).find(({ property }) => property === name);
  return Object.values(fault?.constraints ?? {})[0] ?? '';
}

function valueOf(name: SettingName, text: string): unknown {
  try {
    return loadConfig({ [name]: text })[name];
  } catch {
    return undefined;
  }
}

function rateText({ calls, perMs }: Rate): string {
  return `${calls}/${durationText(perMs)}`;
}

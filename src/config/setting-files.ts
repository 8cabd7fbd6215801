import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';

const SUFFIX = '_FILE';

/** The variable that names a file with the value of `name`; undefined for a variable that is a path itself. */
export function fileVariable(name: string): string | undefined {
  return name.endsWith(SUFFIX) ? undefined : `${name}${SUFFIX}`;
}

/**
 * The text of each variable that is set, directly or through its file. An empty variable counts as unset.
 *
 * @throws ConfigError that names every file that cannot be read, and every variable that is set in both ways
 */
export function readSettings(names: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const settings: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of names) {
    const inFile = fileVariable(name);
    const path = inFile === undefined ? undefined : env[inFile] || undefined;
    if (env[name] && path !== undefined) faults.push(`${name} and ${inFile} are both set`);
    else if (path !== undefined) settings[name] = contentOf(path, inFile!, faults);
    else if (env[name]) settings[name] = env[name];
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return settings;
}

function contentOf(path: string, variable: string, faults: string[]): string {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') faults.push(`the file of ${variable} is empty`);
    return text;
  } catch (error) {
    faults.push(`the file of ${variable} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return '';
  }
}

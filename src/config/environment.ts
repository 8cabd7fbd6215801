import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.js';
import { ENV_FILE, misspeltVariables } from './known-variables.js';

export const DEFAULT_ENV_FILE = '.env';

/**
 * The variables of the process, and below them those of the file `.env` in the working directory: a variable that the
 * process has wins. `ENV_FILE` names another file, which must then exist; `ENV_FILE=off` reads none.
 *
 * @throws ConfigError when the file cannot be read, or holds a name that looks like a misspelt variable
 */
export function readEnvironment(processEnv: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const file = readEnvFile(processEnv[ENV_FILE] || undefined);
  const faults = misspeltVariables(Object.keys(file));
  if (faults.length > 0)
    throw new ConfigError(faults.map((fault) => `${processEnv[ENV_FILE] || DEFAULT_ENV_FILE}: ${fault}`));
  return { ...file, ...processEnv };
}

/** The environment of a process may hold variables of other programs, so a name that looks misspelt is not an error there. */
export function environmentWarnings(processEnv: NodeJS.ProcessEnv = process.env): string[] {
  return misspeltVariables(Object.keys(processEnv)).map((fault) => `environment: ${fault}`);
}

function readEnvFile(named: string | undefined): NodeJS.Dict<string> {
  if (named === 'off') return {};
  try {
    return parseEnv(readFileSync(named ?? DEFAULT_ENV_FILE, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && named === undefined) return {};
    throw new ConfigError([`the file ${named ?? DEFAULT_ENV_FILE} cannot be read (${code})`]);
  }
}

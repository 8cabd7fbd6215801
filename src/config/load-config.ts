import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { AppConfig } from './app-config.js';
import { ConfigError } from './config-error.js';
import { readEnvironment } from './environment.js';
import { readSettings } from './setting-files.js';

/**
 * Reads and validates the configuration. This folder is the only reader of `process.env`. An empty variable counts as unset.
 *
 * @throws ConfigError that lists every variable that is wrong
 */
export function loadConfig(env: NodeJS.ProcessEnv = readEnvironment()): AppConfig {
  const config = plainToInstance(AppConfig, readSettings(Object.keys(new AppConfig()), env));
  const faults = validateSync(config).flatMap((error) => Object.values(error.constraints ?? {}));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

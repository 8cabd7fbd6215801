import { readEnvironment } from '../config/environment.js';
import { loadConfig } from '../config/load-config.js';
import { referencePage } from '../config/reference/reference-page.js';
import type { SettingName } from '../config/reference/setting-groups.js';
import { SETTING_NAMES, settingSource, settingText } from '../config/reference/settings.js';
import { withoutPassword } from '../platform/database/connection/database-url.js';

const NAME_WIDTH = Math.max(...SETTING_NAMES.map((name) => name.length)) + 2;
const VALUE_WIDTH = 42;

/** @throws ConfigError that lists every variable that is wrong */
export function printConfig(): void {
  const env = readEnvironment();
  const config = loadConfig(env);
  for (const name of SETTING_NAMES) {
    const text = settingText(name, config[name]);
    const value = shown(name, text);
    process.stdout.write(`${name.padEnd(NAME_WIDTH)}${value.padEnd(VALUE_WIDTH)}  ${settingSource(name, env)}\n`);
  }
}

function shown(name: SettingName, text: string): string {
  if (name === 'DATABASE_URL') return withoutPassword(text);
  if (name === 'DATABASE_READ_URL') return text.replace(/[^,]+/g, (url) => withoutPassword(url.trim()));
  return name === 'OIDC_CLIENT_SECRET' && text !== '' ? '***' : text;
}

export function printReference(): void {
  process.stdout.write(referencePage());
}

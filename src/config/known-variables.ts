import { AppConfig } from './app-config.js';
import { fileVariable } from './setting-files.js';

/** Read only by docker-compose.yml, which shares its file `.env` with this program. */
const COMPOSE_VARIABLES = ['API_BIND', 'API_PORT', 'MYSQL_PASSWORD', 'MYSQL_ROOT_PASSWORD'];
/** Read before the configuration: the file that holds it. */
export const ENV_FILE = 'ENV_FILE';

const SETTINGS = Object.keys(new AppConfig());
const KNOWN: readonly string[] = [
  ...SETTINGS,
  ...SETTINGS.flatMap((name) => fileVariable(name) ?? []),
  ...COMPOSE_VARIABLES,
  ENV_FILE,
];
/** Prefixes of known names that other programs rarely use. */
const PREFIXES = ['API_', 'AUDIT_', 'CORS_', 'DATABASE_', 'DB_', 'OIDC_', 'TLS_', 'TRUSTED_'];

/**
 * A sentence for each name that looks like a misspelt variable of this program: the letters of a known name in another
 * case or with other separators, at most two letters off, or a known prefix with an unknown rest.
 */
export function misspeltVariables(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (KNOWN.includes(name)) return [];
    const upper = name.toUpperCase();
    const near = nearest(upper);
    if (near !== undefined) return [`${name} is not known; did you mean ${near}?`];
    const prefix = PREFIXES.find((start) => upper.startsWith(start));
    if (prefix === undefined) return [];
    const family = SETTINGS.filter((known) => known.startsWith(prefix));
    return [`${name} is not known; variables that begin like it: ${family.join(', ')}`];
  });
}

function nearest(name: string): string | undefined {
  const ranked = KNOWN.map((known) => ({ known, distance: distanceTo(known, name) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= tolerance(best.known) ? best.known : undefined;
}

/** Short names are easily similar to names with another meaning: HOME is two letters from HOST. */
function tolerance(name: string): number {
  return name.length >= 8 ? 2 : 1;
}

function distanceTo(known: string, name: string): number {
  return withoutSeparators(known) === withoutSeparators(name) ? 0 : editDistance(known, name);
}

function withoutSeparators(name: string): string {
  return name.replace(/[^A-Z0-9]/g, '');
}

/** Levenshtein distance: insertions, deletions and substitutions of one letter each. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, above[j]! + 1, row[j - 1]! + 1));
    }
  }
  return row[b.length]!;
}

import { readFileSync } from 'node:fs';
import type { Random } from './random.js';
import type { Keys } from './target.js';

/** What a fuzzed request is made from. */
export interface Operation {
  readonly method: string;
  /** Path with placeholders such as `{sessionId}`. */
  readonly path: string;
  /** Names of its query parameters. */
  readonly parameters: readonly string[];
}

interface OpenApi {
  readonly paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>;
}

/** Served, but not described in `openapi.json`. */
const OTHER_PATHS = [
  ...['/', '/docs', '/docs/swagger-ui.css', '/openapi.json', '/openapi.yaml'],
  ...['/timeline', '/login', '/index.html', '/console/options', '/console/session', '/console/oidc/login'],
];
const OTHER_CHANGES = [
  { method: 'POST', path: '/console/session' },
  { method: 'DELETE', path: '/console/sessions' },
];

/** Every operation of `openapi.json`, so that a new one is attacked, too. */
export const OPERATIONS: readonly Operation[] = [
  ...describedOperations(JSON.parse(readFileSync('openapi.json', 'utf8')) as OpenApi),
  ...OTHER_PATHS.map((path) => ({ method: 'GET', path, parameters: [] })),
  ...OTHER_CHANGES.map((change) => ({ ...change, parameters: [] })),
];

function describedOperations({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      ...{ method: method.toUpperCase(), path },
      parameters: parameters.filter((p) => p.in === 'query').map(({ name }) => name),
    })),
  );
}

const PATH_VALUES: Readonly<Record<string, (keys: Keys) => readonly string[]>> = {
  sessionId: () => ['1', '12000', '2147483647'],
  userId: () => ['1', '200', '2147483647'],
  clientGuid: () => ['machine-1', 'machine-2', 'nobody'],
  prefix: ({ spare }) => [spare.slice(4, 12), 'abcdefgh'],
  path: () => ['0/000', '0/000.p/7', 'entries/000', '1/x001/234', '63/999', '../0'],
};

/** The path with a value for each placeholder. */
export function pathOf({ path }: Operation, random: Random, keys: Keys): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const values = PATH_VALUES[name];
    if (!values) throw new Error(`PATH_VALUES has no values for {${name}} of ${path}.`);
    return random.oneOf(values(keys));
  });
}

/** Values that the query parameters accept. Parameters of time have those of `boundsOf`. */
export const VALID_VALUES: Readonly<Record<string, readonly string[]>> = {
  ...{ order: ['asc', 'desc'], limit: ['1', '10', '1000'], count: ['exact'], sort: ['name', 'lastSeen'] },
  ...{ activeAt: ['2021-01-02T00:30:00Z'], lastSeenBefore: ['2021-01-02'], q: ['machine', 'R1', '%25'] },
  ...{ client: ['machine-1', 'machine-2'], clientName: ['Machine%201'], user: ['user1', 'ACME%5Cuser1'] },
  ...{ userId: ['1', '2'], state: ['ended', 'live', 'lost'], logonType: ['network'], sessionId: ['1'] },
  ...{ remoteAddress: ['10.0.0.0/8', '::/0', '192.0.2.1'], minDuration: ['PT30M'], maxDuration: ['90m', 'PT1S'] },
  ...{ application: ['editor', 'EDITOR'], text: ['a', 'letter'], sessionCount: ['10'], pageIndex: ['0', '1'] },
  ...{ step: ['1m', 'PT1H', '1d'], groupBy: ['user', 'client'], minClients: ['2', '3'] },
  ...{ caller: ['abcdefgh'], action: ['sessions.read', 'keys.create'], address: ['127.0.0.1'], status: ['200'] },
  ...{ kind: ['request', 'outcome', 'created'], after: ['1', 'log:256', 'sessions:9'], wait: ['0ms', '300ms'] },
  ...{ seq: ['1', '9999'], size: ['300', '1'] },
  ...{ width: ['1', '1600'], empty: ['true', 'false'], offset: ['0', '20'] },
};

/** A short window, as query parameters; empty if the operation has none. */
export function boundsOf({ parameters }: Operation): readonly string[] {
  const [begin, end] = parameters.includes('start') ? ['start', 'end'] : ['from', 'to'];
  if (!parameters.includes(begin)) return [];
  return [`${begin}=2021-01-02T00:00:00Z`, `${end}=2021-01-02T00:10:00Z`];
}

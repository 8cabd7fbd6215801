import type { Attack, AttackGroup, Result } from '../support/attack.js';
import { inParallel } from '../support/raw-connection.js';
import { type Target, uniqueName } from '../support/target.js';

const LIMIT = 50;
const REQUESTS = 2000;
const PARALLEL = 20;
const KEYS = '/api/v1/keys';
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** Attacks of callers without a key, or with one, on the limits, the records and the keys. */
export const callers: AttackGroup = {
  name: 'callers',
  settings: { AUTH_FAILURE_LIMIT: `${LIMIT}/1h`, TRUSTED_PROXIES: '127.0.0.1' },
  attacks: [
    flood('unknown paths without a key', 'path', (n) => [`/api/${n}/${'x'.repeat(1000)}`, {}]),
    flood('wrong keys', 'sessions', () => ['/ekranapi/sessions', { ApiKey: uniqueName('sak') }]),
    flood('garbage in X-Forwarded-For', 'forwarded', (n) => [
      '/ekranapi/sessions',
      { ApiKey: 'x', 'X-Forwarded-For': `garbage-${n}` },
    ]),
    secretsInOddPlaces(),
    namesOfEveryObject(),
    lockOut(),
  ],
};

/** Many calls without a valid key: their records and their 401s are limited. */
function flood(name: string, id: string, call: (n: number) => [string, Record<string, string>]): Attack {
  return {
    name,
    run: async (target): Promise<Result> => {
      const before = (await auditText(target)).length;
      const statuses = new Map<number, number>();
      const requests = target.count(REQUESTS);
      await inParallel(requests, PARALLEL, async (n) => {
        const [path, headers] = call(n);
        const { status } = await fetch(target.url + path, { headers: { 'X-Request-Id': `${id}-${n}`, ...headers } });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
      // Reading the audit writes two records.
      const records = (await auditText(target)).length - before - 2;
      const answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
      const refused = [...statuses.keys()].every((status) => status === 401 || status === 429);
      return {
        tried: `${requests} calls`,
        outcome: `${answers}; ${records} records`,
        held: refused && (statuses.get(401) ?? 0) <= LIMIT && records <= LIMIT + 10,
      };
    },
  };
}

/** Keys in a path, encoded or in another case, and their random part as a request id. */
function secretsInOddPlaces(): Attack {
  return {
    name: 'keys in paths and request ids',
    run: async (target): Promise<Result> => {
      const key = target.keys.bystander;
      const secret = key.split('_').slice(2).join('_');
      const encode = (text: string) => text.replaceAll('_', '%5F');
      const forms = [key, encode(key), encode(key).replaceAll('%', '%25'), key.toUpperCase()];
      const calls: [string, string][] = [
        ...forms.map((form): [string, string] => [`/api/${form}`, '1']),
        ['/api', secret],
      ];
      let shown = '';
      for (const [path, id] of calls) {
        const headers = { ApiKey: target.keys.reader, 'X-Request-Id': id };
        const answer = await fetch(target.url + path, { headers });
        shown += `${answer.headers.get('x-request-id')} ${await answer.text()}`;
      }
      const text = shown + (await auditText(target)).join('\n');
      const found = [...forms, secret].filter((form) => text.includes(form)).length;
      return { tried: `${calls.length} calls`, outcome: `${found} found in answers and records`, held: found === 0 };
    },
  };
}

/** Bodies with fields that every object inherits, at each level. */
function namesOfEveryObject(): Attack {
  return {
    name: 'fields named like members of every object',
    run: async (target): Promise<Result> => {
      const statuses = new Set<number>();
      const bodies = INHERITED.flatMap((name) => [`{"${name}":1}`, `{"zz":{"${name}":1}}`, `{"name":{"${name}":[]}}`]);
      for (const body of bodies) {
        const headers = { ApiKey: target.keys.admin, 'Content-Type': 'application/json' };
        statuses.add((await fetch(target.url + KEYS, { method: 'POST', headers, body })).status);
      }
      const only400 = statuses.size === 1 && statuses.has(400);
      return { tried: `${bodies.length} bodies`, outcome: [...statuses].join(', '), held: only400 };
    },
  };
}

/** An administrator tries to leave nobody who can administer keys. */
function lockOut(): Attack {
  return {
    name: 'locking out every administrator',
    run: async (target): Promise<Result> => {
      const own = target.keys.admin;
      const other = await createdKey(target, { name: 'other', scopes: ['admin'] });
      const soon = new Date(Date.now() + 2000).toISOString();
      const steps: [string, object][] = [
        [prefixOf(other), { cidrs: ['192.0.2.0/24'] }],
        [prefixOf(own), { expiresAt: soon }],
        [prefixOf(own), { cidrs: ['192.0.2.0/24'] }],
        [prefixOf(own), { cidrs: ['127.0.0.1'] }],
        [`${prefixOf(own)}/revoke`, {}],
      ];
      const statuses: number[] = [];
      for (const [path, body] of steps) statuses.push(await change(target, path, body));
      const headers = { ApiKey: own };
      const still = (await fetch(target.url + KEYS, { headers })).status;
      return {
        tried: `${steps.length} changes`,
        outcome: `${statuses.join(', ')}; then ${still}`,
        held: still === 200 && statuses.slice(1).every((status) => status === 409),
      };
    },
  };
}

const prefixOf = (key: string) => key.slice(4, 12);

async function change({ url, keys }: Target, path: string, body: object): Promise<number> {
  const headers = { ApiKey: keys.admin, 'Content-Type': 'application/json' };
  const method = path.includes('/') ? 'POST' : 'PATCH';
  return (await fetch(`${url}${KEYS}/${path}`, { method, headers, body: JSON.stringify(body) })).status;
}

async function createdKey({ url, keys }: Target, fields: object): Promise<string> {
  const headers = { ApiKey: keys.admin, 'Content-Type': 'application/json' };
  const answer = await fetch(url + KEYS, { method: 'POST', headers, body: JSON.stringify(fields) });
  return ((await answer.json()) as { key: string }).key;
}

const auditors = new WeakMap<Target, string>();

/** All records of the audit, one JSON text each. */
async function auditText(target: Target): Promise<string[]> {
  const auditor = auditors.get(target) ?? (await createdKey(target, { name: 'auditor', scopes: ['audit:read'] }));
  auditors.set(target, auditor);
  const headers = { ApiKey: auditor, Accept: 'application/x-ndjson' };
  const answer = await fetch(`${target.url}/api/v1/audit/records`, { headers });
  return (await answer.text()).split('\n').filter(Boolean);
}

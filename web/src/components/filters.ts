import { t } from '../texts.js';

export interface FilterField {
  /** The parameter of the API, and of the address. */
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly options?: readonly (readonly [value: string, label: string])[];
  /** Needs `activities:read`. */
  readonly ofActivities?: true;
}

const LOGON_TYPES = ['interactive', 'remoteInteractive', 'network', 'batch', 'service', 'unlock', 'other'];

/** Filters beside machine and user, which are picked from a list. */
export const FIELDS: readonly FilterField[] = [
  {
    ...{ name: 'state', label: t.common.state },
    options: [
      ['live', t.states.live],
      ['ended', t.states.ended],
      ['lost', t.states.lost],
    ],
  },
  {
    ...{ name: 'logonType', label: t.filters.logonType },
    options: LOGON_TYPES.map((type) => [type, t.filters.logonTypes[type as keyof typeof t.filters.logonTypes]]),
  },
  { name: 'remoteAddress', label: t.filters.remoteAddress, placeholder: '192.0.2.0/24' },
  { name: 'minDuration', label: t.filters.minDuration, placeholder: '90m' },
  { name: 'maxDuration', label: t.filters.maxDuration, placeholder: 'PT8H' },
  { name: 'application', label: t.filters.application, placeholder: 'EXCEL.EXE', ofActivities: true },
  { name: 'text', label: t.filters.text, placeholder: t.filters.textHelp, ofActivities: true },
];

export const PICKED = ['client', 'userId'] as const;
/** Accepted in the address, for links that are written by hand. */
const WRITTEN = ['clientName', 'user'];
export const FILTER_NAMES: readonly string[] = [...PICKED, ...WRITTEN, ...FIELDS.map(({ name }) => name)];

/** The filters of an address. @param ofActivities whether those that need activities are taken */
export function filtersOf(query: URLSearchParams, ofActivities: boolean): Record<string, readonly string[]> {
  const names = FILTER_NAMES.filter(
    (name) => ofActivities || !FIELDS.find((field) => field.name === name)?.ofActivities,
  );
  return Object.fromEntries(names.flatMap((name) => (query.has(name) ? [[name, query.getAll(name)]] : [])));
}

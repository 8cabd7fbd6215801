import type { FileFormat } from '../../platform/http/streaming/list-files.js';

/** A parameter of the list, as an option of the command. */
interface ParameterOption {
  /** As in the query string. */
  readonly parameter: string;
  readonly value: string;
  readonly description: string;
}

/** The lists that can be exported. */
export type ExportListName = 'sessions' | 'activities' | 'users' | 'clients' | 'concurrency' | 'overlaps';

export interface ExportOptions {
  readonly format?: FileFormat;
  readonly overwrite?: boolean;
  /** Texts by parameter; an option may be given several times. */
  readonly [parameter: string]: unknown;
}

const PRESENCE_OPTIONS = [
  option('q', 'text', 'with this part in the name, regardless of case'),
  option('lastSeenBefore', 'instant', 'without a sign of life at or after this instant'),
  option('sort', 'order', 'name or lastSeen'),
  option('order', 'order', 'asc or desc'),
];

/** The parameters of each list without those of pages; a test compares them with the request classes. */
export const LIST_OPTIONS: Readonly<Record<ExportListName, readonly ParameterOption[]>> = {
  sessions: [
    option('from', 'instant', 'sessions that overlap the time from this instant'),
    option('to', 'instant', 'up to this instant, which does not belong to it'),
    option('activeAt', 'instant', 'sessions that are open at this instant'),
    option('client', 'guid', 'of this client, repeatable'),
    option('clientName', 'name', 'of the client with this latest name, repeatable'),
    option('user', 'name', 'of this account: DOMAIN\\name, \\name without a domain, or name; repeatable'),
    option('userId', 'id', 'of this user, repeatable'),
    option('state', 'state', 'live, ended or lost, repeatable'),
    option('logonType', 'type', 'such as interactive or remoteInteractive, repeatable'),
    option('remoteAddress', 'network', 'from this address or network, such as 192.0.2.0/24'),
    option('minDuration', 'time', 'of at least this duration, such as 90m or PT8H'),
    option('maxDuration', 'time', 'of at most this duration'),
    option('application', 'name', 'with an activity of this application; needs --from or --to'),
    option('text', 'text', 'with this text in the title or the URL of an activity; needs --from or --to'),
    option('order', 'order', 'asc or desc, by login'),
  ],
  activities: [
    option('from', 'instant', 'from this instant'),
    option('to', 'instant', 'up to this instant, which does not belong to it'),
    option('application', 'name', 'of this application'),
    option('text', 'text', 'with this text in the title or the URL'),
    option('order', 'order', 'asc or desc, by time'),
  ],
  users: PRESENCE_OPTIONS,
  clients: PRESENCE_OPTIONS,
  concurrency: [
    option('from', 'instant', 'start of the first bucket; required'),
    option('to', 'instant', 'end of the last bucket; required'),
    option('step', 'time', 'length of a bucket, such as 15m, 1h, 1d, 1w or 1mo'),
    option('groupBy', 'kind', 'client or user: counts each of them separately'),
  ],
  overlaps: [
    option('from', 'instant', 'from this instant'),
    option('to', 'instant', 'up to this instant, which does not belong to it'),
    option('minClients', 'number', 'on at least this number of clients at the same time'),
  ],
};

/** The option of a parameter: `--min-duration` for `minDuration`. */
export function optionName(parameter: string): string {
  return `--${parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The query string of the HTTP request with the same answer. */
export function queryText(list: ExportListName, options: ExportOptions): string {
  const pairs = LIST_OPTIONS[list].flatMap(({ parameter }) =>
    ((options[parameter] ?? []) as readonly string[]).map((value) => `${parameter}=${encodeURIComponent(value)}`),
  );
  return `?${pairs.join('&')}`;
}

function option(parameter: string, value: string, description: string): ParameterOption {
  return { parameter, value, description };
}

import { jsonObjectBody } from '../../../platform/http/validation/json-object-body.js';
import type { ParameterFault } from '../../../platform/http/problems/problem.js';
import { invalidParameters, readQuery } from '../../../platform/http/validation/query-string.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { type TimeWindow, parseWindow } from '../../sessions/domain/time-window.js';
import { type PagePosition, parseCursor } from './page-cursor.js';

export const MAX_SESSION_COUNT = 1000;
const MAX_PAGE_INDEX = 2 ** 31 - 1;
const MAX_BODY_BYTES = 16 * 1024;

/** In lower case, as they are looked up, with the type of each in a JSON body. */
const PARAMETERS: Readonly<Record<string, 'string' | 'number'>> = {
  start: 'string',
  end: 'string',
  sessioncount: 'number',
  pageindex: 'number',
  cursor: 'string',
};
const NAMES = Object.keys(PARAMETERS);
/** As the vendor writes them. */
const SPELLING: Readonly<Record<string, string>> = { sessioncount: 'sessionCount', pageindex: 'pageIndex' };
const spelled = (name: string) => SPELLING[name] ?? name;

/** What `POST /ekranapi/sessions` is asked for. */
export interface DetailsRequest {
  readonly window: TimeWindow;
  /** Sessions of a page, 0 to 1000. */
  readonly sessionCount: number;
  readonly pageIndex: number;
  /** The page begins behind this session; then `pageIndex` is 0. */
  readonly after: PagePosition | null;
}

/**
 * Reads the parameters from the query string and from a JSON object in the body. Given in both, they must agree.
 *
 * @throws ProblemError that names every parameter that is not understood
 */
export async function readDetailsRequest(
  req: Parameters<typeof jsonObjectBody>[0] & { readonly originalUrl: string },
  zone: TimeZone,
): Promise<DetailsRequest> {
  const query = readQuery(req.originalUrl, NAMES);
  const values = merge(query, bodyParameters(await jsonObjectBody(req, MAX_BODY_BYTES)));
  const window = parseWindow(values, zone);
  const errors: ParameterFault[] = [];
  const number = (name: string, max: number, otherwise: number) => {
    const text = values.get(name) ?? String(otherwise);
    if (/^\d{1,10}$/.test(text) && Number(text) <= max) return Number(text);
    errors.push({ parameter: spelled(name), detail: `is not a whole number from 0 to ${max}` });
    return otherwise;
  };
  const sessionCount = number('sessioncount', MAX_SESSION_COUNT, MAX_SESSION_COUNT);
  const pageIndex = number('pageindex', MAX_PAGE_INDEX, 0);
  const cursor = values.get('cursor');
  const after = cursor === undefined ? null : parseCursor(cursor);
  if (cursor !== undefined && after === null)
    errors.push({ parameter: 'cursor', detail: 'is not one that a Link header of this address gave' });
  if (cursor !== undefined && values.has('pageindex'))
    errors.push({ parameter: 'cursor', detail: 'cannot be combined with pageIndex' });
  if (errors.length > 0) throw invalidParameters(errors);
  return { window, sessionCount, pageIndex, after };
}

/** @param body fields of the JSON object @returns lower-case name to text, as in a query string */
function bodyParameters(body: ReadonlyMap<string, unknown>): Map<string, string> {
  const values = new Map<string, string>();
  const errors: ParameterFault[] = [];
  for (const [field, value] of body) {
    const name = field.toLowerCase();
    const type = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    const shown = type === undefined ? JSON.stringify(field.slice(0, 64)) : spelled(name);
    const fault =
      type === undefined
        ? `is not a known field of the body (known here: ${NAMES.map(spelled).join(', ')})`
        : values.has(name)
          ? 'is given more than once'
          : typeof value !== type
            ? `must be a JSON ${type}; leave it out for its default`
            : undefined;
    if (fault === undefined) values.set(name, String(value));
    else errors.push({ parameter: shown, detail: fault });
  }
  if (errors.length > 0) throw invalidParameters(errors);
  return values;
}

function merge(query: ReadonlyMap<string, string>, body: ReadonlyMap<string, string>): Map<string, string> {
  const errors = [...body]
    .filter(([name, value]) => query.has(name) && query.get(name) !== value)
    .map(([name]) => ({ parameter: spelled(name), detail: 'differs between the address and the body' }));
  if (errors.length > 0) throw invalidParameters(errors);
  return new Map([...query, ...body]);
}

import type { ParameterFault } from '../problems/problem.js';
import { printableName } from './faults.js';

type QueryValue = string | readonly string[];

/** The parameters of a query string, by their declared names, and what is wrong with it. */
export interface QueryText {
  /** A repeatable parameter has a list, also when it is given once. */
  readonly values: ReadonlyMap<string, QueryValue>;
  readonly faults: readonly ParameterFault[];
}

/**
 * Reads a query string. Names match without regard to case and must not repeat unless they are repeatable;
 * percent-encoding must be valid UTF-8.
 * A `+` stands for itself (RFC 3986), so the offset in `start=2021-04-01T12:00:00+03:00` means what it shows.
 *
 * @param url path and query as received
 * @param known the declared names
 * @param repeatable those of them that may be given more than once
 */
export function readQueryText(url: string, known: readonly string[], repeatable: readonly string[] = []): QueryText {
  const declared = new Map(known.map((name) => [name.toLowerCase(), name]));
  const values = new Map<string, QueryValue>();
  const lists = new Map<string, string[]>(repeatable.map((name) => [name, []]));
  const faults: ParameterFault[] = [];
  const at = url.indexOf('?');
  for (const pair of at < 0 ? [] : url.slice(at + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const rawName = equals < 0 ? pair : pair.slice(0, equals);
    const sent = decode(rawName);
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    const name = sent === undefined ? undefined : declared.get(sent.toLowerCase());
    const list = name === undefined ? undefined : lists.get(name);
    const given = list === undefined ? values : NOTHING_GIVEN;
    const fault = sent === undefined || value === undefined ? MALFORMED : faultOf(name, given, known);
    if (fault === undefined) {
      list?.push(value!);
      values.set(name!, list ?? value!);
    } else faults.push({ parameter: name ?? printableName(sent ?? rawName), detail: fault });
  }
  return { values, faults };
}

const NOTHING_GIVEN: ReadonlyMap<string, QueryValue> = new Map();
const MALFORMED = 'is not valid percent-encoded UTF-8';

function faultOf(
  name: string | undefined,
  values: ReadonlyMap<string, QueryValue>,
  known: readonly string[],
): string | undefined {
  if (name !== undefined) return values.has(name) ? 'is given more than once' : undefined;
  return `is not a known parameter (${known.length > 0 ? `known here: ${known.join(', ')}` : 'this address takes none'})`;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

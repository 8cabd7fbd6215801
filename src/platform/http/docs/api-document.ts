import type { OpenAPIObject } from '@nestjs/swagger';
import { DATA_AS_OF_HEADER, READ_REPLICA } from '../reads/may-read-from-replica.js';
import { ApiExtension } from './decorators.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'patch', 'put', 'delete'] as const;
const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const REFUSED = 'The request is refused, for instance because its address or its headers are too long.';

const REQUEST_BODY = 'x-request-body';

/** Documents a body whose media types have different schemas, which `@ApiBody` cannot express. */
export const DocumentBody = (body: NonNullable<Operation['requestBody']>) => ApiExtension(REQUEST_BODY, body);

/**
 * Completes what decorators do not say: operations in the order of the tags, the schema of every error, and an empty
 * `security` for operations without a key.
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  for (const operation of Object.values(document.paths).flatMap(operationsOf)) {
    operation.security ??= [];
    documentReplica(operation as Operation & { [READ_REPLICA]?: boolean });
    moveRequestBody(operation as Operation & { [REQUEST_BODY]?: Operation['requestBody'] });
    const statuses = Object.keys(operation.responses);
    if (!statuses.some((status) => status.startsWith('4'))) operation.responses['4XX'] = { description: REFUSED };
    for (const [status, response] of Object.entries(operation.responses))
      if (/^[45]/.test(status) && response && !('$ref' in response)) response.content ??= PROBLEM_CONTENT;
  }
  const place = (path: OpenAPIObject['paths'][string]) =>
    (document.tags ?? []).findIndex(({ name }) => operationsOf(path)[0]?.tags?.includes(name));
  const paths = Object.entries(document.paths).sort(([, a], [, b]) => place(a) - place(b));
  return { ...document, paths: Object.fromEntries(paths) };
}

function documentReplica(operation: Operation & { [READ_REPLICA]?: boolean }): void {
  const answer = operation.responses['200'];
  if (operation[READ_REPLICA] && answer && !('$ref' in answer))
    answer.headers = { ...answer.headers, 'Data-As-Of': DATA_AS_OF_HEADER };
  delete operation[READ_REPLICA];
}

function moveRequestBody(operation: Operation & { [REQUEST_BODY]?: Operation['requestBody'] }): void {
  if (operation[REQUEST_BODY]) operation.requestBody = operation[REQUEST_BODY];
  delete operation[REQUEST_BODY];
}

function operationsOf(path: OpenAPIObject['paths'][string]): Operation[] {
  return METHODS.flatMap((method) => path[method] ?? []);
}

const DAY_MS = 86_400_000;
/** The days on which every example of the document happens. */
const EXAMPLE_DAYS = /2021-04-0([12])/g;

/**
 * The document with its examples moved: 2021-04-01 becomes yesterday and 2021-04-02 today (UTC), so that a request which
 * is tried as it stands finds recent data. The committed openapi.json keeps the fixed days.
 */
export function withRecentExamples(document: OpenAPIObject, nowMs: number): OpenAPIObject {
  const day = (ago: number) => new Date(nowMs - ago * DAY_MS).toISOString().slice(0, 10);
  const text = JSON.stringify(document).replace(EXAMPLE_DAYS, (_all, number) => day(number === '1' ? 1 : 0));
  return JSON.parse(text) as OpenAPIObject;
}

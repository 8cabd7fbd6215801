import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiBody } from '../docs/decorators.js';
import type { Request } from 'express';
import { Clock } from '../../time/clock.js';
import { TimeZone } from '../../time/time-zone.js';
import type { ParameterFault } from '../problems/problem.js';
import { invalidParameters, printableName } from './faults.js';
import { jsonBodyReader } from '../body/json-object.js';
import { readQueryText } from './query-text.js';
import { type RequestClass, fieldNames, parameterType, requestFields } from './request-class.js';
import { checkedInstance } from './strict-instance.js';
import { RequestParameter, documentQuery } from './strict-query.js';

const readBody = jsonBodyReader({ maxBytes: 16 * 1024, inflate: false });

/**
 * Parameters from the query string, from a JSON object in the body, or from both if they agree. Names match without
 * regard to case in both places. The class documents the query and the body.
 */
export function StrictQueryOrBody(): ParameterDecorator {
  return (target, key, index) => {
    const type = parameterType(target, key, index);
    documentQuery(target, key!, type);
    const examples = { parameters: { value: exampleOf(type) } };
    ApiBody({ type, required: false, examples })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
    RequestParameter(StrictQueryOrBodyPipe)(target, key, index);
  };
}

/** Agrees with the examples and defaults of the query string, as both can be sent together. */
function exampleOf(type: RequestClass): Record<string, unknown> {
  const values = requestFields(type).map(({ name, schema }) => [name, schema.example ?? schema.default] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

@Injectable()
class StrictQueryOrBodyPipe implements PipeTransform<Request, Promise<object>> {
  constructor(
    private readonly zone: TimeZone,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `invalid-parameter`, or what the body is refused for */
  async transform(req: Request, { metatype }: ArgumentMetadata): Promise<object> {
    const type = metatype as RequestClass;
    const query = readQueryText(req.originalUrl, fieldNames(type));
    const body = bodyFields(await readBody(req), fieldNames(type));
    const differing = [...body.values]
      .filter(([name, value]) => query.values.has(name) && query.values.get(name) !== String(value))
      .map(([parameter]) => ({ parameter, detail: 'differs between the address and the body' }));
    const reading = { zone: this.zone, nowMs: this.clock.nowMs(), texts: textNames(query.values, body.values) };
    const plain = Object.fromEntries([...query.values, ...body.values]);
    const { instance, faults } = checkedInstance(type, plain, reading);
    const all = [...query.faults, ...body.faults, ...differing, ...faults];
    if (all.length > 0) throw invalidParameters(all);
    return instance;
  }
}

/** A value of the body replaces the equal one of the query string, and must have its JSON type. */
function textNames(query: ReadonlyMap<string, unknown>, body: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  return new Set([...query.keys()].filter((name) => !body.has(name)));
}

function bodyFields(body: Readonly<Record<string, unknown>>, known: readonly string[]) {
  const declared = new Map(known.map((name) => [name.toLowerCase(), name]));
  const values = new Map<string, unknown>();
  const faults: ParameterFault[] = [];
  for (const [field, value] of Object.entries(body)) {
    const name = declared.get(field.toLowerCase());
    if (name === undefined) {
      const detail = `is not a known field of the body (known here: ${known.join(', ')})`;
      faults.push({ parameter: JSON.stringify(printableName(field)), detail });
    } else if (values.has(name)) faults.push({ parameter: name, detail: 'is given more than once' });
    else values.set(name, value);
  }
  return { values, faults };
}

import {
  type ExecutionContext,
  Injectable,
  type PipeTransform,
  SetMetadata,
  createParamDecorator,
} from '@nestjs/common';
import type { ArgumentMetadata } from '@nestjs/common';
import { ApiQuery } from '../docs/decorators.js';
import type { Request } from 'express';
import { Clock } from '../../time/clock.js';
import { TimeZone } from '../../time/time-zone.js';
import { invalidParameters } from './faults.js';
import { readQueryText } from './query-text.js';
import { type RequestClass, fieldNames, parameterType, repeatableNames, requestFields } from './request-class.js';
import { checkedInstance } from './strict-instance.js';

/** Set on a handler that reads its query string; every other handler refuses one. */
export const READS_QUERY = 'reads-query';

export const RequestParameter = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<Request>(),
);

/**
 * The query string as an instance of the parameter's class: unknown, repeated and malformed parameters are refused, and
 * the answer names every fault. The class documents the parameters, too, in the order of its fields.
 */
export function StrictQuery(): ParameterDecorator {
  return (target, key, index) => {
    documentQuery(target, key!, parameterType(target, key, index));
    RequestParameter(StrictQueryPipe)(target, key, index);
  };
}

/** For decorators that read the query string of a handler. */
export function documentQuery(target: object, key: string | symbol, type: RequestClass): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, key)!;
  SetMetadata(READS_QUERY, true)(target, key, descriptor);
  for (const { name, required, description, schema } of requestFields(type))
    ApiQuery({ name, required, description, schema })(target, key, descriptor);
}

@Injectable()
class StrictQueryPipe implements PipeTransform<Request, object> {
  constructor(
    private readonly zone: TimeZone,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `invalid-parameter` */
  transform({ originalUrl }: Request, { metatype }: ArgumentMetadata): object {
    return strictQuery(metatype as RequestClass, originalUrl, { zone: this.zone, nowMs: this.clock.nowMs() });
  }
}

/**
 * @param url path and query
 * @throws ProblemError `invalid-parameter`, which names every fault
 */
export function strictQuery<T extends object>(
  type: RequestClass<T>,
  url: string,
  { zone, nowMs }: { readonly zone: TimeZone; readonly nowMs: number },
): T {
  const query = readQueryText(url, fieldNames(type), repeatableNames(type));
  const reading = { zone, nowMs, texts: new Set(query.values.keys()) };
  const { instance, faults } = checkedInstance(type, Object.fromEntries(query.values), reading);
  const all = [...query.faults, ...faults];
  if (all.length > 0) throw invalidParameters(all);
  return instance;
}

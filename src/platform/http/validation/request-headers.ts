import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiHeader } from '../docs/decorators.js';
import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { TimeZone } from '../../time/time-zone.js';
import { discardRest } from '../body/discard-rest.js';
import { ProblemError } from '../problems/problem.js';
import { type RequestClass, parameterType, requestFields } from './request-class.js';
import { checkedInstance } from './strict-instance.js';
import { RequestParameter } from './strict-query.js';

/** OpenAPI ignores a parameter of this name: the media types are the keys of the request body. */
const DOCUMENTED_BY_BODY = 'Content-Type';
/** Instants in headers are in UTC (RFC 9110, section 5.6.7). */
const UTC = new TimeZone('UTC');

/**
 * Headers that describe the body, as an instance of the parameter's class, whose fields are named like the headers. Other
 * headers are ignored. The class documents the headers, too.
 */
export function RequestHeaders(): ParameterDecorator {
  return (target, key, index) => {
    const descriptor = Object.getOwnPropertyDescriptor(target, key!)!;
    for (const { name, required, description, schema } of requestFields(parameterType(target, key, index)))
      if (name !== DOCUMENTED_BY_BODY) ApiHeader({ name, required, description, schema })(target, key!, descriptor);
    RequestParameter(RequestHeadersPipe)(target, key, index);
  };
}

@Injectable()
class RequestHeadersPipe implements PipeTransform<Request, Promise<object>> {
  /** @throws ProblemError `unsupported-media-type` */
  async transform(req: Request, { metatype }: ArgumentMetadata): Promise<object> {
    try {
      return requestHeaders(metatype as RequestClass, req);
    } catch (error) {
      await discardRest(req);
      throw error;
    }
  }
}

/**
 * The headers that a class declares. A required header that is absent is read as an empty text.
 *
 * @throws ProblemError `unsupported-media-type` that names every fault
 */
export function requestHeaders<T extends object>(type: RequestClass<T>, { headers }: IncomingMessage): T {
  const given = requestFields(type).flatMap(({ name, required }) => {
    const value = headers[name.toLowerCase()] ?? (required ? '' : undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  const texts = new Set(given.map(([name]) => name));
  const { instance, faults } = checkedInstance(type, Object.fromEntries(given), { zone: UTC, nowMs: 0, texts });
  if (faults.length === 0) return instance;
  // The body is not read, so the connection cannot carry another request.
  const extra = { headers: { Connection: 'close' } };
  throw new ProblemError('unsupported-media-type', faults.map(({ detail }) => detail).join(' '), extra);
}

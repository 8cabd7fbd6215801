import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiBody } from '../docs/decorators.js';
import type { Request } from 'express';
import { Clock } from '../../time/clock.js';
import { TimeZone } from '../../time/time-zone.js';
import { invalidBody } from './faults.js';
import { jsonBodyReader, jsonObject } from '../body/json-object.js';
import type { Reading } from './reading.js';
import { type RequestClass, parameterType } from './request-class.js';
import { checkedInstance } from './strict-instance.js';
import { RequestParameter } from './strict-query.js';

/** Largest body of a request that names one thing; no request class needs more. */
const readBody = jsonBodyReader({ maxBytes: 64 * 1024, inflate: true });

/**
 * The JSON body as an instance of the parameter's class: unknown fields are refused, and the answer names every fault. A
 * pipe reads the body, and pipes run after the guards, so nothing is read for a caller without a valid key.
 */
export function StrictBody({ required = true } = {}): ParameterDecorator {
  return (target, key, index) => {
    const type = parameterType(target, key, index);
    ApiBody({ type, required })(target, key!, Object.getOwnPropertyDescriptor(target, key!)!);
    RequestParameter(StrictBodyPipe)(target, key, index);
  };
}

@Injectable()
class StrictBodyPipe implements PipeTransform<Request, Promise<object>> {
  constructor(
    private readonly zone: TimeZone,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `invalid-body`, `payload-too-large` or `unsupported-media-type` */
  async transform(req: Request, { metatype }: ArgumentMetadata): Promise<object> {
    const reading = { zone: this.zone, nowMs: this.clock.nowMs() };
    return strictBody(metatype as RequestClass, await readBody(req), reading);
  }
}

/**
 * A JSON object as a valid instance of a request class.
 *
 * @throws ProblemError `invalid-body` that names every fault and repeats no value
 */
export function strictBody<T extends object>(
  type: RequestClass<T>,
  value: unknown,
  { zone, nowMs }: Pick<Reading, 'zone' | 'nowMs'>,
): T {
  const { instance, faults } = checkedInstance(type, jsonObject(value), { zone, nowMs, texts: new Set() });
  if (faults.length > 0) throw invalidBody(faults);
  return instance;
}

import { Injectable, Param, type PipeTransform, applyDecorators } from '@nestjs/common';
import { ApiNotFoundResponse, ApiParam } from '../docs/decorators.js';
import { invalidParameters } from './faults.js';

const MAX_ID = 2 ** 31 - 1;

/** An id in a path: an int32, 1 or more. */
export const PathId = (name: string) => Param(name, new PathIdPipe(name));

/** Documents the id of a path. */
export const DocumentPathId = (name: string, what: string) =>
  applyDecorators(
    ApiParam({ name, schema: { type: 'integer', format: 'int32', minimum: 1, example: 1 } }),
    ApiNotFoundResponse({ description: `There is no ${what} with this id, or the key may not see it.` }),
  );

@Injectable()
class PathIdPipe implements PipeTransform<string, number> {
  constructor(private readonly name: string) {}

  /** @throws ProblemError `invalid-parameter` */
  transform(text: string): number {
    const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : NaN;
    if (id <= MAX_ID) return id;
    throw invalidParameters([{ parameter: this.name, detail: `must be a whole number from 1 to ${MAX_ID}` }]);
  }
}

import { applyDecorators } from '@nestjs/common';
import { Field } from '../validation/request-class.js';
import { IsOneOf } from '../validation/rules/is-text.js';
import { IsWholeNumber } from '../validation/rules/is-whole-number.js';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;

export type Order = 'asc' | 'desc';

export function OrderParameter(): PropertyDecorator {
  return applyDecorators(
    Field({
      ...{ type: 'string', enum: ['asc', 'desc'], default: 'asc' },
      description: 'Ascending or descending order.',
    }),
    IsOneOf(() => ['asc', 'desc']),
  );
}

export function LimitParameter(): PropertyDecorator {
  return applyDecorators(
    Field({
      ...{ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
      description: 'Items of a page; for `application/json` only.',
    }),
    IsWholeNumber({ min: 1, max: MAX_LIMIT }),
  );
}

export function CountParameter(): PropertyDecorator {
  return applyDecorators(
    Field({
      ...{ type: 'string', enum: ['exact'] },
      description: '`exact` adds `total`, the number of all items. Counting takes time in proportion to that number.',
    }),
    IsOneOf(() => ['exact']),
  );
}

/** Parameters that every list of `/api/v1` accepts besides its filter and its cursor (docs/contract.md, section 5). */
export class ListParameters {
  @OrderParameter()
  order?: Order;

  @LimitParameter()
  limit?: number;

  @CountParameter()
  count?: 'exact';
}

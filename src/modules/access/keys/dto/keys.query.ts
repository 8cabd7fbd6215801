import { Field } from '../../../../platform/http/validation/request-class.js';
import type { ReadCursor } from '../../../../platform/http/paging/cursor.js';
import { IsCursor } from '../../../../platform/http/validation/rules/is-cursor.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';
import { DEFAULT_LIMIT, KEY_CURSORS, MAX_LIMIT } from '../keys-page.js';

/** The parameters of `GET /api/v1/keys`. */
export class KeysQuery {
  @Field({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @IsWholeNumber({ min: 1, max: MAX_LIMIT })
  limit?: number;

  @Field({ type: 'string', description: '`nextCursor` of the previous page.' })
  @IsCursor(KEY_CURSORS)
  cursor?: ReadCursor<number>;
}

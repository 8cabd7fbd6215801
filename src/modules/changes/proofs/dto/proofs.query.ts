import { IsDefined } from 'class-validator';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';

/** Larger than any place, and exact in JSON. */
const MAX_SEQ = 10 ** 15 - 1;
const place = { type: 'integer', format: 'int64', minimum: 1 } as const;

/** The parameters of `GET /api/v1/log/proofs/inclusion`. */
export class InclusionQuery {
  @Field({ ...place, required: true, example: 1, description: 'Place of the entry in the log.' })
  @IsWholeNumber({ min: 1, max: MAX_SEQ })
  @IsDefined({ message: 'is required' })
  seq!: number;

  @Field({ ...place, description: 'Number of entries of the tree; by default all of them.' })
  @IsWholeNumber({ min: 1, max: MAX_SEQ })
  size?: number;
}

/** The parameters of `GET /api/v1/log/proofs/consistency`. */
export class ConsistencyQuery {
  @Field({ ...place, minimum: 0, required: true, example: 1, description: 'Number of entries of the earlier tree.' })
  @IsWholeNumber({ max: MAX_SEQ })
  @IsDefined({ message: 'is required' })
  from!: number;

  @Field({ ...place, minimum: 0, description: 'Number of entries of the later tree; by default all of them.' })
  @IsWholeNumber({ max: MAX_SEQ })
  to?: number;
}

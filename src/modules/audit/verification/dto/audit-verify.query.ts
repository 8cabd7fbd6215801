import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsWholeNumber } from '../../../../platform/http/validation/rules/is-whole-number.js';

/** Larger than any number of a record, and exact in JSON. */
const MAX_SEQ = 10 ** 15 - 1;

/** The parameters of `GET /api/v1/audit/verify`. */
export class AuditVerifyQuery {
  @Field({
    ...{ type: 'integer', format: 'int64', minimum: 0, default: 0 },
    description: 'Verifies the records after this number.',
  })
  @IsWholeNumber({ max: MAX_SEQ })
  after?: number;
}

import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsOptional, ValidateBy } from 'class-validator';
import { overlapMs } from '../overlap.js';

/** The optional body of `POST /api/v1/keys/{prefix}/rotate`. */
export class RotateKeyRequest {
  @Field({
    ...{ type: 'string', default: '24h', pattern: '^(0|\\d+(s|m|h|d))$', example: '24h' },
    description: 'Time for which the old key stays valid, at most 90d; 0 = it is revoked immediately.',
  })
  @IsOptional()
  @ValidateBy({
    name: 'overlap',
    validator: {
      validate: (value) => overlapMs(value) !== undefined,
      defaultMessage: () => 'must be a time such as 90s, 15m, 24h or 7d, at most 90d, or 0',
    },
  })
  overlap?: string;
}

import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '../docs/decorators.js';

/** Replaced by a header of the answer: see `completeDocument`. */
export const READ_REPLICA = 'x-read-replica';

/** Documents that a read replica may answer; handlers of such routes read `ReadSnapshots`. */
export const MayReadFromReplica = () =>
  applyDecorators(
    ApiHeader({
      ...{ name: 'Prefer', required: false, schema: { type: 'string' } },
      description: '`writer` has the writer answer instead of a read replica (RFC 7240).',
    }),
    ApiExtension(READ_REPLICA, true),
  );

export const DATA_AS_OF_HEADER = {
  schema: { type: 'string' as const, format: 'date-time' },
  description:
    'Present when a read replica answered: everything that was acknowledged before this instant is in the answer.',
};

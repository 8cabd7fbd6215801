import { ApiProperty } from '../../../platform/http/docs/decorators.js';
import { ClientReference, UserReference } from '../../directory/port/references.js';

const count = (description: string, example: number) =>
  ({ type: 'integer', minimum: 0, description, example }) as const;

/** One bucket of a series; with `groupBy`, one user or client in one bucket. */
export class ConcurrencyResponse {
  @ApiProperty({
    ...{ type: String, format: 'date-time', example: '2021-04-01T10:00:00.000+00:00' },
    description: 'First instant of the bucket. It ends where the next one starts, the last one at `to`.',
  })
  start!: string;

  @ApiProperty({ type: ClientReference, required: false, description: 'With `groupBy=client`.' })
  client?: ClientReference;

  @ApiProperty({ type: UserReference, required: false, description: 'With `groupBy=user`.' })
  user?: UserReference;

  @ApiProperty(count('Sessions open at `start`, including those that begin at it.', 12))
  openAtStart!: number;

  @ApiProperty(count('The highest number of sessions open at one instant of the bucket.', 19))
  peak!: number;

  @ApiProperty(count('Sessions that begin in the bucket.', 9))
  logins!: number;

  @ApiProperty(count('Sessions that end in the bucket. The end of a lost session is estimated.', 4))
  ends!: number;
}

export class ConcurrencyPageResponse {
  @ApiProperty({ type: [ConcurrencyResponse] })
  items!: ConcurrencyResponse[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page; null on the last one.' })
  next!: string | null;
}

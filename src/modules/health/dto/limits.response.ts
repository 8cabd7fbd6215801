import { ApiProperty } from '../../../platform/http/docs/decorators.js';

export class LimitResponse {
  @ApiProperty({ example: 'RATE_LIMIT', description: 'The variable that sets it.' }) name!: string;
  @ApiProperty({ example: '30000/1m', description: 'As it is written in the environment. `off`: there is no limit.' })
  value!: string;
  @ApiProperty({ example: '30000/1m' }) default!: string;
  @ApiProperty({ example: 'Calls of one caller.' }) description!: string;
  @ApiProperty({
    example: true,
    description:
      'Whether each process, and each worker of `WORKERS`, counts separately. Otherwise the limit is a time, which is the same in all.',
  })
  perProcess!: boolean;
}

export class LimitsResponse {
  @ApiProperty({ type: [LimitResponse] }) items!: readonly LimitResponse[];
}

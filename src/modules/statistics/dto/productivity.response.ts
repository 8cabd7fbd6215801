import { ApiProperty } from '../../../platform/http/docs/decorators.js';

/** One element of `getproductivity`: one hour of one user in which there was activity. */
export class ProductivityResponse {
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Midnight of the day, in the time zone of the API.',
    example: '2021-09-01T00:00:00+03:00',
  })
  date!: string;

  @ApiProperty({
    type: 'number',
    format: 'double',
    description:
      'Active minutes. Minutes in which several sessions of the user are active count once. At most 60, or 120 in an hour that occurs twice.',
    example: 42.5,
  })
  totalMinutes!: number;

  @ApiProperty({ type: String, description: '`domain\\name`, or only the name.', example: 'ACME\\ada' })
  userName!: string;

  @ApiProperty({ type: 'integer', format: 'int32', minimum: 0, maximum: 23, example: 17 })
  timeOfDay!: number;
}

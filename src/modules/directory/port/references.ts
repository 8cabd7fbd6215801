import { ApiProperty } from '../../../platform/http/docs/decorators.js';

/** A client as answers name it. */
export class ClientReference {
  @ApiProperty({ type: String, description: 'Opaque.', example: '8d3f2f0e-6a1c-4f57-9a38-2f7b1d1c0a11' })
  guid!: string;

  @ApiProperty({ type: String, description: 'The latest name that was recorded.', example: 'Workstation 17' })
  name!: string;
}

/** A user as answers name it. */
export class UserReference {
  @ApiProperty({ type: 'integer', format: 'int32', example: 7 })
  id!: number;

  @ApiProperty({ type: String, example: 'ada' })
  name!: string;

  @ApiProperty({ type: String, description: 'Empty when there is none.', example: 'ACME' })
  domain!: string;
}

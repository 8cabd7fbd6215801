import { ApiProperty } from '../../../platform/http/docs/decorators.js';

export class UserResponse {
  @ApiProperty({ type: 'integer', format: 'int32', example: 7 })
  userId!: number;

  @ApiProperty({ type: String, description: 'As other answers name the user.', example: 'ACME\\ada' })
  userName!: string;

  @ApiProperty({ type: String, description: 'Empty when there is none.', example: 'ACME' })
  domain!: string;

  @ApiProperty({ type: String, example: 'ada' })
  name!: string;
}

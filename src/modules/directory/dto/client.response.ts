import { ApiProperty } from '../../../platform/http/docs/decorators.js';

export class ClientResponse {
  @ApiProperty({ type: String, description: 'Opaque.', example: '8d3f2f0e-6a1c-4f57-9a38-2f7b1d1c0a11' })
  clientGuid!: string;

  @ApiProperty({ type: String, description: 'The latest name that was recorded.', example: 'Workstation 17' })
  clientName!: string;
}

import { ApiProperty } from '../../../platform/http/docs/decorators.js';

export class HealthCheckResponse {
  @ApiProperty({ enum: ['database', 'schema', 'audit'] }) name!: string;
  @ApiProperty({ example: true }) up!: boolean;
  @ApiProperty({ type: 'string', nullable: true, example: null, description: 'The reason when it is not up.' })
  detail!: string | null;
  @ApiProperty({ example: 1.4 }) durationMs!: number;
}

export class HealthResponse {
  @ApiProperty({ example: true, description: 'As `/health/ready`.' }) ready!: boolean;
  @ApiProperty({ example: false }) shuttingDown!: boolean;
  @ApiProperty({ type: [HealthCheckResponse] }) checks!: readonly HealthCheckResponse[];
}

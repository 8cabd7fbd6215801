import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import { FAULT_KINDS } from '../chain-verifier.js';

const count = { type: 'integer', minimum: 0 } as const;

export class AuditFaultResponse {
  @ApiProperty({ enum: FAULT_KINDS }) kind!: string;
  @ApiProperty({ ...count, description: 'The record, or the first of several.' }) seq!: number;
  @ApiProperty({ ...count, required: false, description: 'The last of several.' }) to?: number;
  @ApiProperty({
    type: String,
    example: 'Record 7 was edited, moved or inserted: its hash is not that of its content.',
  })
  detail!: string;
}

export class CheckpointCountsResponse {
  @ApiProperty({ ...count, description: 'Their record is there and is the one that was signed.' }) matched!: number;
  @ApiProperty({ ...count, description: 'Signatures that were verified.' }) verified!: number;
  @ApiProperty({ ...count, description: 'Signed with keys that this process does not have.' }) unknownKeys!: number;
}

/** The result of verifying a part of the chain. */
export class AuditVerdictResponse {
  @ApiProperty({ enum: ['intact', 'broken'] }) verdict!: 'intact' | 'broken';
  @ApiProperty({ ...count, description: 'First record that was walked.' }) from!: number;
  @ApiProperty({ ...count, description: 'Last record that was walked.' }) to!: number;
  @ApiProperty({ ...count, nullable: true, description: 'Records of the whole chain.' }) total!: number | null;
  @ApiProperty(count) faultCount!: number;
  @ApiProperty({ type: [AuditFaultResponse], description: 'The first ones, in the order of the chain.' })
  faults!: AuditFaultResponse[];
  @ApiProperty({ type: CheckpointCountsResponse }) checkpoints!: CheckpointCountsResponse;
  @ApiProperty({ ...count, nullable: true, description: 'Give it as `after` to go on; null at the end of the chain.' })
  next!: number | null;
}

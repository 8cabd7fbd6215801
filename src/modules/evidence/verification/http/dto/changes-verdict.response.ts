import { ApiProperty } from '../../../../../platform/http/docs/decorators.js';
import { CHANGE_FAULT_KINDS, type ChangeFaultKind } from '../../change-fault.js';

const count = { type: 'integer', minimum: 0 } as const;

export class ChangeFaultResponse {
  @ApiProperty({ enum: [...CHANGE_FAULT_KINDS], example: 'session-edited' }) kind!: ChangeFaultKind;
  @ApiProperty({ ...count, format: 'int64', required: false, description: 'Place in the log.' }) seq?: number;
  @ApiProperty({ ...count, required: false }) sessionId?: number;
  @ApiProperty({ ...count, required: false, description: 'Version of the session.' }) version?: number;
  @ApiProperty({ type: String, example: 'Session 4 is not what the log says.' }) detail!: string;
}

export class ChangeCheckpointsResponse {
  @ApiProperty({ ...count, description: 'The log has the root that was signed.' }) matched!: number;
  @ApiProperty({ ...count, description: 'Signatures that were verified.' }) verified!: number;
  @ApiProperty({ ...count, description: 'Signed with keys that this process does not have.' }) unknownKeys!: number;
}

/** The result of verifying a part of the change log, or of the sessions. */
export class ChangesVerdictResponse {
  @ApiProperty({ enum: ['intact', 'broken'], description: 'Of this part.' }) verdict!: 'intact' | 'broken';
  @ApiProperty({ ...count, description: 'Entries that were recomputed.' }) entries!: number;
  @ApiProperty({ ...count, description: 'Sessions that were compared with their entries.' }) sessions!: number;
  @ApiProperty({
    ...count,
    description: 'Sessions among them that are older than the log and not in it yet: nothing is proven about them.',
  })
  older!: number;
  @ApiProperty(count) faultCount!: number;
  @ApiProperty({ type: [ChangeFaultResponse], description: 'The first ones, in the order in which they were found.' })
  faults!: readonly ChangeFaultResponse[];
  @ApiProperty({ type: ChangeCheckpointsResponse }) checkpoints!: ChangeCheckpointsResponse;
  @ApiProperty({
    ...{ type: String, nullable: true, example: 'log:100000' },
    description: 'Give it as `after` to go on; null at the end.',
  })
  next!: string | null;
}

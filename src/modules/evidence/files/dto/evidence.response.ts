import { ApiProperty } from '../../../../platform/http/docs/decorators.js';
import {
  type AddedActivities,
  EVIDENCE_FORMAT,
  type EntryEvidence,
  type EvidenceHead,
  type SessionEvidence,
} from '../port/evidence.js';

const id = { type: 'integer', format: 'int32' } as const;
const hash = { type: 'string', format: 'byte' } as const;
const activity = { type: 'array', items: {} } as const;

export class AddedActivitiesResponse implements AddedActivities {
  @ApiProperty({ ...id, description: 'The version that added them.', example: 1 })
  version!: number;

  @ApiProperty({
    ...{ type: 'array', items: activity },
    description: 'Instant, application, title, URL, keystrokes and kind of each activity.',
    example: [['2021-04-01T10:03:00.000Z', 'editor.exe', null, null, null, null]],
  })
  items!: readonly (readonly unknown[])[];
}

export class EntryEvidenceResponse implements EntryEvidence {
  @ApiProperty({ type: 'integer', format: 'int64', description: 'Place in the change log.', example: 1 })
  seq!: number;

  @ApiProperty({ type: String, description: 'Text of the entry, in the form of RFC 8785.' })
  entry!: string;

  @ApiProperty({
    ...{ type: 'array', items: hash },
    description: 'Proof of inclusion in the tree of the checkpoint: hashes in the order of RFC 9162, in base64.',
  })
  proof!: readonly string[];
}

/** The answer of `GET /api/v1/sessions/{sessionId}/evidence`. */
export class EvidenceResponse implements EvidenceHead, SessionEvidence {
  @ApiProperty({ type: String, enum: [EVIDENCE_FORMAT] })
  format!: typeof EVIDENCE_FORMAT;

  @ApiProperty({ type: String, description: 'Signed checkpoint in the form of C2SP tlog-checkpoint.' })
  checkpoint!: string;

  @ApiProperty({ type: String, description: 'Id of the key in the first signature, hexadecimal.', example: '0f1e2d3c' })
  keyId!: string;

  @ApiProperty({ ...id, example: 124 })
  sessionId!: number;

  @ApiProperty({ ...id, example: 1 })
  version!: number;

  @ApiProperty({
    ...{ type: 'object', additionalProperties: { type: 'string', nullable: true } },
    description: 'What `sessionHash` of the newest entry commits to (docs/change-log.md).',
  })
  session!: Readonly<Record<string, string | null>>;

  @ApiProperty({ type: String, description: '16 random bytes of the session, hexadecimal.' })
  salt!: string;

  @ApiProperty({ type: [AddedActivitiesResponse] })
  activities!: readonly AddedActivitiesResponse[];

  @ApiProperty({ type: [EntryEvidenceResponse], description: 'One for each version, from 1.' })
  entries!: readonly EntryEvidenceResponse[];
}

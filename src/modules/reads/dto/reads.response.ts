import { ApiProperty } from '../../../platform/http/docs/decorators.js';
import type { FoundRead } from '../reads.service.js';

const count = { type: 'integer', nullable: true, minimum: 0 } as const;
const text = { type: String, nullable: true } as const;

/** A recorded call whose question covered sessions of the subject. */
export class ReadResponse {
  @ApiProperty({ type: 'integer', format: 'int64', minimum: 1, description: 'Number of its audit record.' })
  seq!: number;
  @ApiProperty({ type: String, format: 'date-time', example: '2021-04-01T10:00:00.000Z' }) at!: string;
  @ApiProperty({
    enum: ['certain', 'possible'],
    description:
      'Possible: the record does not tell. The call had further conditions or answered one page, a session may have ended ' +
      'since, or there are very many sessions.',
  })
  coverage!: 'certain' | 'possible';
  @ApiProperty({ ...text, description: 'Prefix of the key.', example: 'k3m2pq7a' }) caller!: string | null;
  @ApiProperty({ ...text, description: 'Name of the key; for a command, the account that ran it.' })
  callerName!: string | null;
  @ApiProperty({ ...text, example: '192.0.2.7' }) address!: string | null;
  @ApiProperty({ ...text, example: 'sessions.read' }) action!: string | null;
  @ApiProperty({ type: String, example: '/ekranapi/sessions' }) path!: string;
  @ApiProperty({
    type: String,
    description: 'JSON text of the parameters as understood, with the limits of the caller.',
  })
  filter!: string;
  @ApiProperty({ ...count, description: 'Null: the end of the call is not known.' }) status!: number | null;
  @ApiProperty({ ...count, description: 'Elements of the whole answer.' }) rows!: number | null;
}

export class ReadsPageResponse {
  @ApiProperty({
    type: [ReadResponse],
    description: 'Newest first. A page may be short, or empty, before the last one.',
  })
  items!: ReadResponse[];
  @ApiProperty({ ...text, description: 'Give it as `cursor` for the next page; null after the oldest record.' })
  next!: string | null;
}

export function readResponse({ record, outcome, coverage }: FoundRead): ReadResponse {
  const { seq, at, caller, callerName, address, action, path, filter } = record;
  const { status, rows } = outcome ?? { status: null, rows: null };
  return { seq, at, coverage, caller, callerName, address, action, path, filter, status, rows };
}

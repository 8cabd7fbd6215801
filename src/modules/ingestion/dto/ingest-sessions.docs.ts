import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  schemaPath,
} from '../../../platform/http/docs/decorators.js';
import { DocumentBody } from '../../../platform/http/docs/api-document.js';
import { IngestActivityRequest, IngestSessionRequest } from './ingest-session.request.js';
import { IngestSessionsResponse } from './ingest-sessions.response.js';

const FINISHED = {
  externalId: 'ws-17/4711',
  clientGuid: 'ws-17',
  clientName: 'Workstation 17',
  userName: 'ada',
  userDomain: 'ACME',
  loginDate: '2021-04-01T10:10:00.000Z',
  logoutDate: '2021-04-01T10:20:00.000Z',
  activities: [{ at: '2021-04-01T10:12:00.000Z', application: 'winword.exe', title: 'Letter.docx - Word' }],
};
const LIVE = {
  externalId: 'ws-18/12',
  clientGuid: 'ws-18',
  clientName: 'Workstation 18',
  userName: 'grace',
  loginDate: '2021-04-01T10:00:00.000Z',
  logoutDate: null,
  lastSeen: '2021-04-01T10:30:00.000Z',
};

const DESCRIPTION = `Each record identifies a session by \`clientGuid\` and \`externalId\`. Records may be repeated and may arrive in any order:
the earliest login, the latest logout, the latest sign of life and all activities are kept. An invalid record is rejected
and does not affect the others. After a response of 200 all accepted records are durable.

Limits: \`application/json\` 32 MiB and 100,000 records. \`application/x-ndjson\` may have any size and is applied as it
arrives. A record of more than 4 MiB, 100,000 JSON values or 8 levels is rejected and does not affect the others. Reading
stops with 400 when 50,000 more records were rejected than accepted, and with 413 when the results exceed 256 MiB.
\`Content-Encoding: gzip\` is accepted; the limits count decoded bytes, and from 1 MiB on the body may expand to 300 times
its size. After an error, or without a response, repeat the whole request: records that were already applied are not applied twice.

\`sessionId\` and \`userId\` are numbered over all clients, so a key that is limited to clients can still estimate from them
how many sessions exist elsewhere, and learn whether a user name exists elsewhere.`;

/** What the OpenAPI document says about `POST /api/v1/ingest/sessions`. */
export const DocumentIngestSessions = () =>
  applyDecorators(
    ApiOperation({ summary: 'Store sessions and activities', description: DESCRIPTION }),
    ApiExtraModels(IngestSessionRequest, IngestActivityRequest),
    DocumentBody({
      required: true,
      content: {
        'application/json': {
          schema: { type: 'array', items: { $ref: schemaPath(IngestSessionRequest) } },
          examples: { records: { summary: 'A finished and a live session', value: [FINISHED, LIVE] } },
        },
        'application/x-ndjson': {
          schema: { type: 'string', description: 'One record per line, each as in the JSON array.' },
          examples: {
            records: {
              summary: 'One record per line',
              value: `${JSON.stringify(FINISHED)}\n${JSON.stringify(LIVE)}\n`,
            },
          },
        },
      },
    }),
    ApiResponse({
      status: 503,
      description: 'Too many requests are in progress, or the database is unavailable; see `Retry-After`.',
    }),
    ApiOkResponse({
      type: IngestSessionsResponse,
      description: 'Every accepted record is durable. Results are in the order of the records.',
    }),
  );

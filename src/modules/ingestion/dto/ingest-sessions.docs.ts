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

Limits: \`application/json\` 32 MiB. \`application/x-ndjson\` may have any size and is applied as it arrives; a line of more
than 4 MiB is rejected and does not affect the others. \`Content-Encoding: gzip\` is accepted; the limits count decoded bytes.
After an error, or without a response, repeat the whole request: records that were already applied are not applied twice.`;

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

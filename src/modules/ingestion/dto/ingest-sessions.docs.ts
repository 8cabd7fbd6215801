import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
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

const DESCRIPTION = `Each record names a session by \`clientGuid\` and \`externalId\`. Sending a record again changes nothing, and the order of
arrival does not matter: the earliest login, the latest logout and the latest sign of life stand, activities add up. A bad
record is rejected alone. An answer of 200 means that everything accepted is durable.

Limits: \`application/json\` 32 MiB; \`application/x-ndjson\` any size, applied while it arrives, a line of 4 MiB (a longer
one is rejected alone). \`Content-Encoding: gzip\` is accepted; the limits count the decoded bytes. After an error, or without
an answer, send the whole request again: what was applied before is not applied twice.`;

/** What the OpenAPI document says about `POST /api/v1/ingest/sessions`. */
export const DocumentIngestSessions = () =>
  applyDecorators(
    ApiOperation({ summary: 'Put sessions and activities in', description: DESCRIPTION }),
    ApiExtraModels(IngestSessionRequest, IngestActivityRequest),
    ApiHeader({ name: 'Content-Encoding', required: false, schema: { type: 'string', enum: ['gzip', 'identity'] } }),
    DocumentBody({
      required: true,
      content: {
        'application/json': {
          schema: { type: 'array', items: { $ref: getSchemaPath(IngestSessionRequest) } },
          examples: { records: { summary: 'A finished and a live session', value: [FINISHED, LIVE] } },
        },
        'application/x-ndjson': {
          schema: { type: 'string', description: 'A record a line, each as in the JSON array.' },
          examples: {
            records: { summary: 'A record a line', value: `${JSON.stringify(FINISHED)}\n${JSON.stringify(LIVE)}\n` },
          },
        },
      },
    }),
    ApiResponse({
      status: 503,
      description:
        'As many requests as the server takes are at work, or the database cannot be reached; see `Retry-After`.',
    }),
    ApiOkResponse({
      type: IngestSessionsResponse,
      description: 'Every accepted record is durable; results are in the order sent.',
    }),
  );

import { applyDecorators } from '@nestjs/common';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
} from '../../../../platform/http/docs/decorators.js';
import { ConsistencyProofResponse, InclusionProofResponse } from './proofs.response.js';

const BAD_REQUEST = ApiResponse({ status: 400, description: 'A parameter is invalid; the problem names it.' });
const OVERLOADED = ApiResponse({
  status: 503,
  description: 'The server is overloaded; `Retry-After` gives the time to wait.',
});
const LIMITED = 'A key that is limited to some clients is refused with 403.';
const NO_TREE = ApiNotFoundResponse({ description: 'The log does not have so many entries.' });

export const DocumentCheckpoint = () =>
  applyDecorators(
    ApiOperation({
      summary: 'The newest signed checkpoint of the change log',
      description: `A signed note in the form of C2SP tlog-checkpoint: name of the log, number of entries and root hash. ${LIMITED}`,
    }),
    ApiOkResponse({
      description: 'The note.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    }),
    ApiNotFoundResponse({ description: 'No checkpoint was signed yet.' }),
    OVERLOADED,
  );

export const DocumentTile = () =>
  applyDecorators(
    ApiOperation({
      summary: 'A tile of the tree, or its entries',
      description:
        'Paths and contents are those of C2SP tlog-tiles: `<level>/<number>` gives the hashes of a tile, and ' +
        `\`entries/<number>\` gives entries with their lengths. \`.p/<width>\` after it asks for the first ones only. ${LIMITED}`,
    }),
    ApiParam({ name: 'path', schema: { type: 'string', example: '0/000.p/1' } }),
    ApiOkResponse({
      description: 'Hashes of 32 bytes each, or entries after their lengths in 16 bits.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    }),
    ApiNotFoundResponse({ description: 'The tree has no such tile, or not as many hashes in it.' }),
    OVERLOADED,
  );

export const DocumentInclusion = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Proof that an entry is in the change log',
      description: `RFC 9162, section 2.1.3. Compare the root with that of a checkpoint of the same size. ${LIMITED}`,
    }),
    ApiOkResponse({ type: InclusionProofResponse }),
    BAD_REQUEST,
    NO_TREE,
    OVERLOADED,
  );

export const DocumentConsistency = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Proof that the change log was only extended',
      description: `RFC 9162, section 2.1.4. Compare both roots with those of checkpoints of the same sizes. ${LIMITED}`,
    }),
    ApiOkResponse({ type: ConsistencyProofResponse }),
    BAD_REQUEST,
    NO_TREE,
    OVERLOADED,
  );

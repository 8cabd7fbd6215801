import { ApiProperty } from '../../../../platform/http/docs/decorators.js';

const place = { type: 'integer', format: 'int64' } as const;
const hash = { type: 'string', format: 'byte', example: 'n8fB0yP7oAgXbBU0aKnM8nhpXbR6vH3fI4mC0Kp3S1c=' } as const;
const proof = { type: 'array', items: hash, description: 'Hashes in the order of RFC 9162, in base64.' } as const;

export class InclusionProofResponse {
  @ApiProperty({ ...place, description: 'Place of the entry; the index of its leaf is one less.' }) seq!: number;
  @ApiProperty({ ...place, description: 'Number of entries of the tree.' }) size!: number;
  @ApiProperty({ type: String, description: 'Text of the entry, in the form of RFC 8785.' }) entry!: string;
  @ApiProperty({ ...hash, description: 'SHA-256 of a zero byte and the entry, in base64.' }) leaf!: string;
  @ApiProperty({ ...hash, description: 'Root of the tree, in base64.' }) root!: string;
  @ApiProperty(proof) proof!: string[];
}

export class ConsistencyProofResponse {
  @ApiProperty({ ...place, description: 'Number of entries of the earlier tree.' }) from!: number;
  @ApiProperty({ ...hash, description: 'Root of the earlier tree, in base64.' }) fromRoot!: string;
  @ApiProperty({ ...place, description: 'Number of entries of the later tree.' }) to!: number;
  @ApiProperty({ ...hash, description: 'Root of the later tree, in base64.' }) toRoot!: string;
  @ApiProperty(proof) proof!: string[];
}

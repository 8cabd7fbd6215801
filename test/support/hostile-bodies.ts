const MIB = 1024 * 1024;
const ARRAY = 'application/json';
const NDJSON = 'application/x-ndjson';

/** A small gzip body that would take much memory or time if it were parsed as a whole. */
export interface HostileBody {
  readonly name: string;
  readonly type: string;
  /** What is compressed. */
  text(): string;
  /** What the answer says. */
  readonly answer: RegExp;
}

/** Bodies of `POST /api/v1/ingest/sessions`. */
export const HOSTILE_BODIES: readonly HostileBody[] = [
  {
    name: 'an array of 11 million empty objects',
    type: ARRAY,
    text: () => `[${repeated('{},', 31.9 * MIB)}{}]`,
    answer: /more than 100000 records/,
  },
  {
    name: 'an array that is nested very deeply',
    type: ARRAY,
    text: () => nested(0.9 * MIB),
    answer: /record 1: is nested more than 8 levels deep/,
  },
  {
    name: 'an array of 300,000 numbers',
    type: ARRAY,
    text: () => `[${repeated('1,', 0.6 * MIB)}1]`,
    answer: /more than 100000 records/,
  },
  {
    name: 'a record of a million values',
    type: ARRAY,
    text: () => `[{"activities":[${repeated('{},', 0.9 * MIB)}{}]}]`,
    answer: /more than 100000 values/,
  },
  {
    name: 'lines that are nested very deeply',
    type: NDJSON,
    text: () => `${nested(0.25 * MIB)}\n`.repeat(3),
    answer: /line 3: is nested more than 8/,
  },
  {
    name: 'lines of many values',
    type: NDJSON,
    text: () => `[${repeated('{},', 0.25 * MIB)}{}]\n`.repeat(3),
    answer: /line 3: has more than 100000 values/,
  },
  {
    name: '2 million lines that are rejected',
    type: NDJSON,
    text: () => '1\n'.repeat(2_000_000),
    answer: /50000 more records were rejected than accepted/,
  },
];

function repeated(text: string, bytes: number): string {
  return text.repeat(Math.floor(bytes / text.length));
}

function nested(bytes: number): string {
  return '['.repeat(bytes / 2) + ']'.repeat(bytes / 2);
}

import type { InstantField, TextField } from '../pipeline/record-definition.js';

const INSTANT = 'ISO 8601. Without an offset: in the time zone of the API. Digits beyond milliseconds are truncated.';

/** OpenAPI schema of a field of text. */
export function textSchema({ minLength, maxLength, required, characters }: TextField) {
  return {
    ...({ type: String, maxLength } as const),
    ...(minLength !== undefined && { minLength }),
    ...(characters === 'visible ASCII' && { pattern: '^[!-~]+$' }),
    ...(required ? {} : { required: false, nullable: true }),
  };
}

/** OpenAPI schema of an instant. */
export function instantSchema({ required, nullable }: InstantField, meaning = '') {
  return {
    ...({ type: String, format: 'date-time' } as const),
    ...(required ? {} : { required: false }),
    ...(!required || nullable ? { nullable: true } : {}),
    description: `${meaning} ${INSTANT}`.trim(),
  };
}

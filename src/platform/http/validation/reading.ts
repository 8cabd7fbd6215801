import type { ClassTransformOptions } from 'class-transformer';
import type { TimeZone } from '../../time/time-zone.js';

/** What the rules of a request class may depend on besides the value. */
export interface Reading {
  /** Zone of instants without an offset. */
  readonly zone: TimeZone;
  /** The instant of the request, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Names of the fields that came as text in a query string; all others came as JSON. */
  readonly texts: ReadonlySet<string>;
}

/** class-transformer passes its options on to every `@Transform`, which is how a rule learns the zone. */
export interface ReadingOptions extends ClassTransformOptions {
  readonly reading: Reading;
}

import { addressDigits } from '../../platform/net/ip-address.js';
import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import { cutText } from './client-guid.js';

/** The fields of a record that say where and how the user logged on; only those that the log knows. */
export type RecordOrigin = Pick<IngestRecord, 'remoteAddress' | 'remoteHost' | 'logonType' | 'terminal'>;

interface LoggedOrigin {
  readonly address?: string | undefined;
  /** A name, or an address where the log does not distinguish them. */
  readonly host?: string | undefined;
  readonly logonType?: RecordOrigin['logonType'] | undefined;
  readonly terminal?: string | undefined;
}

/** How logs write that there is no value. */
const NOTHING = /^-?$/;

/** Keeps what a log knows. An address in the place of a name is an address, and the other way round. */
export function recordOrigin({ address, host, logonType, terminal }: LoggedOrigin): RecordOrigin {
  const given = [address, host].filter((text) => text !== undefined && !NOTHING.test(text)) as string[];
  const remoteAddress = given.find(isAddress);
  const remoteHost = given.findLast((text) => !isAddress(text));
  return {
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    ...(remoteHost === undefined ? {} : { remoteHost: cutText(remoteHost, 255) }),
    ...(logonType ? { logonType } : {}),
    ...(terminal === undefined || NOTHING.test(terminal) ? {} : { terminal: cutText(terminal, 128) }),
  };
}

const isAddress = (text: string) => addressDigits(text) !== undefined;

import { isUtf8 } from 'node:buffer';
import { isLoginRecords } from '../wtmp/utmp-layout.js';
import { contentHead, isGzip, toUtf8 } from './file-bytes.js';

const HEAD_BYTES = 64 * 1024;
const SIGNATURES: readonly (readonly [string, string])[] = [
  ['456c6646696c6500', 'a binary Windows event log (.evtx; --format windows-security)'],
  ['4c504b5348485248', 'a binary systemd journal (export it with journalctl -o json)'],
  ['53514c69746520666f726d6174203300', 'an SQLite database'],
  ['504b0304', 'a zip archive (unpack it first)'],
  ['fd377a585a00', 'xz-compressed data (decompress it first)'],
  ['28b52ffd', 'zstd-compressed data (decompress it first)'],
  ['425a68', 'bzip2-compressed data (decompress it first)'],
];
const SYSLOG = /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ [^:]{1,100}: /m;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** What a file looks like, in words for an error message, such as `gzip-compressed JSON lines`. */
export async function describeContent(path: string): Promise<string> {
  const head = await contentHead(path, HEAD_BYTES);
  return `${(await isGzip(path)) ? 'gzip-compressed ' : ''}${describeBytes(head)}`.replace(/^(\S+ )an? /, '$1');
}

function describeBytes(head: Buffer): string {
  const hex = head.subarray(0, 16).toString('hex');
  const known = SIGNATURES.find(([signature]) => hex.startsWith(signature));
  if (known) return known[1];
  if (isLoginRecords(head)) return 'login records (--format wtmp)';
  const text = toUtf8(head);
  // The head may end within a character of up to four bytes.
  const isText = [0, 1, 2, 3].some((cut) => isUtf8(text.subarray(0, Math.max(0, text.length - cut))));
  return isText && !CONTROL.test(text.toString('utf8')) ? describeText(text.toString('utf8').trim()) : 'binary data';
}

function describeText(text: string): string {
  if (text === '') return 'blank lines';
  if (text.startsWith('{') || text.startsWith('[')) return describeJson(text);
  if (text.startsWith('<?xml') || text.startsWith('<Event') || /^<[A-Za-z]/.test(text))
    return /<Event[\s>]/.test(text) ? 'XML of Windows events (--format windows-security)' : 'XML or HTML';
  if (SYSLOG.test(text)) return 'syslog lines (--format authlog)';
  const [first = ''] = text.split('\n');
  return /([,;\t])[^,;\t]*\1/.test(first) ? 'a table with separated columns (--format csv)' : 'plain text';
}

/** By a field that each kind of export has. */
function describeJson(text: string): string {
  const layout = text.startsWith('[') ? 'a JSON array' : /^\{.*\}\s*$/m.test(text) ? 'JSON lines' : 'JSON';
  if (text.includes('"__REALTIME_TIMESTAMP"')) return `${layout} of the systemd journal (--format journald)`;
  if (text.includes('"cowrie.')) return `${layout} of Cowrie (--format cowrie)`;
  if (/"(EventID|event_id|TimeCreated)"/.test(text)) return `${layout} of Windows events (--format windows-security)`;
  if (text.includes('"externalId"')) return `${layout} of session records (--format ndjson)`;
  return layout;
}

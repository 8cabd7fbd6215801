import { cleanText } from '../../../platform/text/clean-text.js';
import { type RecordOrigin, recordOrigin } from '../record-origin.js';
import type { WindowsEvent } from './windows-event.js';

/** Field LogonType of event 4624 (Microsoft's security auditing reference); 8 is a network logon, 11 to 13 are cached ones. */
const LOGON_TYPES: Readonly<Record<string, RecordOrigin['logonType']>> = {
  ...{ 2: 'interactive', 3: 'network', 4: 'batch', 5: 'service', 7: 'unlock', 8: 'network' },
  ...{ 10: 'remoteInteractive', 11: 'interactive', 12: 'remoteInteractive', 13: 'unlock' },
};

/** The origin of a logon. The workstation of a local logon is the computer itself, which is left out. */
export function logonOrigin({ computer, data }: WindowsEvent): RecordOrigin {
  const type = data.get('LogonType');
  const workstation = cleanText(data.get('WorkstationName') ?? '').trim();
  const isOwn = workstation.toLowerCase() === computer.split('.')[0]!.toLowerCase();
  return recordOrigin({
    address: cleanText(data.get('IpAddress') ?? '').trim(),
    host: isOwn ? '' : workstation,
    logonType: type === undefined || type === '' ? undefined : (LOGON_TYPES[type] ?? 'other'),
  });
}

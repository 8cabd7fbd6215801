import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import { DATABASE_SERVER, MACHINES, ON_CALL, PEOPLE, SERVICE_ACCOUNT, TERMINAL_SERVER } from './organisation.js';
import type { Plan } from './plans.js';

type Origin = Pick<IngestRecord, 'remoteAddress' | 'remoteHost' | 'logonType' | 'terminal'>;

const SERVERS: readonly string[] = [TERMINAL_SERVER, DATABASE_SERVER];

/**
 * Where and how the user of a planned session logged on: workstations are used at the console, servers over Remote Desktop
 * from the machine of the person, administrators from their notebooks over IPv6. Addresses are of RFC 5737 and RFC 3849.
 */
export function originOf({ machine, user, logout, seed }: Plan): Origin {
  if (user === SERVICE_ACCOUNT) return { logonType: logout === null ? 'service' : 'batch' };
  if (!SERVERS.includes(machine)) return { logonType: 'interactive', terminal: 'console' };
  return { ...remoteMachine(user), logonType: 'remoteInteractive', terminal: `RDP-Tcp#${seed % 100}` };
}

function remoteMachine(user: string): Origin {
  const administrator = (ON_CALL as readonly string[]).indexOf(user);
  if (administrator >= 0)
    return { remoteAddress: `2001:db8:20::${administrator + 1}`, remoteHost: `NB-ADM-0${administrator + 1}` };
  const own = PEOPLE.find(({ name }) => name === user)?.machine ?? '';
  if (SERVERS.includes(own)) return { remoteAddress: '192.0.2.200', remoteHost: 'TC-01' };
  return { remoteAddress: `192.0.2.${10 + (MACHINES as readonly string[]).indexOf(own)}`, remoteHost: own };
}

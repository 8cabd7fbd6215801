import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import type { AppConfig } from '../../../config/app-config.js';
import { KeyedConcurrencyLimiter } from '../../limits/keyed-concurrency-limiter.js';
import { AddressList } from '../../net/address-list.js';
import { callerNetwork } from '../../net/caller-network.js';
import { plainAddress } from '../../net/cidr.js';

/** File descriptors for the database, the audit, logs and the runtime. */
const RESERVED_DESCRIPTORS = 128;
/** The socket, and a file or a database connection for its request. */
const DESCRIPTORS_PER_CONNECTION = 2;

/**
 * Bounds the open connections, in total and for each address. A connection above a limit is closed at once. Trusted proxies
 * are exempt from the limit for an address, because all their callers share it.
 */
export function limitConnections(server: Server, config: AppConfig): void {
  server.maxConnections = maxConnections(config.MAX_CONNECTIONS, descriptorLimit());
  if (config.CONNECTIONS_PER_ADDRESS === 'off') return;
  const addresses = new KeyedConcurrencyLimiter(config.CONNECTIONS_PER_ADDRESS);
  const proxies = new AddressList(config.trustedProxies);
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    // Closed already.
    if (remoteAddress === undefined) return;
    if (proxies.contains(remoteAddress)) return;
    const release = addresses.tryAcquire(callerNetwork(plainAddress(remoteAddress)));
    if (release) socket.once('close', release);
    else socket.destroy();
  });
}

/** @returns `configured`, or fewer if the process may not open two descriptors for each connection */
export function maxConnections(configured: number, descriptors: number): number {
  const affordable = Math.floor((descriptors - RESERVED_DESCRIPTORS) / DESCRIPTORS_PER_CONNECTION);
  return Math.min(configured, Math.max(1, affordable));
}

/** Node raises its soft limit to the hard one at start. Only Linux shows the limit in a file. */
function descriptorLimit(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

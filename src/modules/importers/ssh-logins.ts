import { addressDigits } from '../../platform/net/ip-address.js';

/** Logins of sshd whose session is not open yet. The messages are milliseconds apart, so few are kept. */
const MAX_PENDING = 1000;
const ACCEPTED = /^Accepted \S{1,64} for (.+) from (\S{1,128}) port \d{1,5}\b/s;

/** A login that sshd accepted. */
export interface SshLogin {
  readonly user: string;
  readonly address: string;
}

/** Reads `Accepted publickey for ann from 192.0.2.1 port 50022 ssh2` (auth.c of OpenSSH). */
export function readSshLogin(message: string): SshLogin | undefined {
  const [, user, address] = ACCEPTED.exec(message) ?? [];
  if (user === undefined || address === undefined || addressDigits(address) === undefined) return undefined;
  return { user, address };
}

export const isSshd = (program: string) => program === 'sshd' || program === 'sshd-session';

/** Addresses of accepted logins, until the same process opens the session. */
export class SshLogins {
  private readonly pending: Map<string, SshLogin>;

  /** @param pending logins of an earlier run, from `entries` */
  constructor(pending: Iterable<readonly [string, SshLogin]> = []) {
    this.pending = new Map(pending);
  }

  /** @param process the machine and the process */
  add(process: string, login: SshLogin): void {
    this.pending.delete(process);
    this.pending.set(process, login);
    if (this.pending.size > MAX_PENDING) this.pending.delete(this.pending.keys().next().value!);
  }

  /** The address from which this process let the user in. */
  take(process: string, user: string): string | undefined {
    const login = this.pending.get(process);
    this.pending.delete(process);
    return login?.user === user ? login.address : undefined;
  }

  entries(): readonly (readonly [string, SshLogin])[] {
    return [...this.pending];
  }
}

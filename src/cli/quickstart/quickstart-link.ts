import type { App } from '../../app.setup.js';
import type { AppConfig } from '../../config/app-config.js';
import { parseKey } from '../../modules/access/authentication/key-secret.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { CONSOLE_LINK } from '../../modules/console/console.audit.js';
import { ConsoleLinksService } from '../../modules/console/links/console-links.service.js';
import { hasConsolePage } from '../../modules/console/page/console-page.js';

/**
 * A link to the console that logs in once with the key, without showing it. The token is in the fragment, which browsers
 * send to no server.
 *
 * @param address of the server
 * @returns undefined when there is no console
 */
export async function quickstartLink(
  app: App,
  config: AppConfig,
  { address, key }: { address: string; key: string },
): Promise<string | undefined> {
  if (config.CONSOLE === 'off' || !hasConsolePage()) return undefined;
  const { prefix } = parseKey(key);
  const create = () => app.get(ConsoleLinksService).create(prefix);
  const token = await app.get(AuditService).command(CONSOLE_LINK, { prefix }, create);
  return `${config.CONSOLE_URL || reachable(address)}/login#token=${token}`;
}

/** A server that listens on every address is reached at that of this machine. */
function reachable(address: string): string {
  return address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

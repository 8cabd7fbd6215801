import { cleanText } from '../../platform/text/clean-text.js';

/** Writes log lines to standard error, which systemd collects. They never contain the key. */
export class AgentLogger {
  private last = '';

  info(message: string): void {
    this.write('info', message);
  }

  warn(message: string): void {
    this.write('warning', message);
  }

  /** Reports a persistent problem once instead of at every attempt. */
  error(message: string): void {
    if (message !== this.last) this.write('error', message);
    this.last = message;
  }

  /** Reports that the problem is resolved. */
  recovered(message: string): void {
    if (this.last === '') return;
    this.last = '';
    this.info(message);
  }

  private write(level: string, message: string): void {
    process.stderr.write(`${level}: ${cleanText(message)}\n`);
  }
}

import { cleanText } from '../../platform/text/clean-text.js';

/** Lines on standard error, for whoever runs the agent (systemd keeps them). What they say never holds the key. */
export class AgentLogger {
  private last = '';

  info(message: string): void {
    this.write('info', message);
  }

  warn(message: string): void {
    this.write('warning', message);
  }

  /** A state that lasts is told once, not at every attempt. */
  error(message: string): void {
    if (message !== this.last) this.write('error', message);
    this.last = message;
  }

  /** What was wrong is over. */
  recovered(message: string): void {
    if (this.last === '') return;
    this.last = '';
    this.info(message);
  }

  private write(level: string, message: string): void {
    process.stderr.write(`${level}: ${cleanText(message)}\n`);
  }
}

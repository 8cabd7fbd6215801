import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The saved position from which the agent continues. */
export interface AgentState {
  readonly version: 1;
  /** Source, path and host; the state of another log is refused. */
  readonly of: string;
  readonly tail: unknown;
  readonly tracker: unknown;
  /** Time of the last read of the log in milliseconds since 1970; undefined until the log was first read to its end. */
  readonly aliveMs: number | undefined;
}

/** Keeps the state in one file that is replaced atomically, so a crash leaves the old or the new one. */
export class AgentStateFile {
  private readonly path: string;

  /** @throws the file system error if the directory cannot be created */
  constructor(
    private readonly folder: string,
    private readonly of: string,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.path = join(folder, 'state.json');
  }

  /**
   * @returns undefined on the first run
   * @throws Error if the state belongs to another log or is damaged
   */
  load(): AgentState | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const state = parse(text);
    if (state?.version !== 1)
      throw new Error(`${this.path} is damaged; without it the log is read from its beginning, which is safe`);
    if (state.of !== this.of)
      throw new Error(`${this.folder} contains the state of another log or host; use a separate folder for each`);
    return state;
  }

  save(state: Omit<AgentState, 'version' | 'of'>): void {
    const part = `${this.path}.new`;
    const file = openSync(part, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify({ version: 1, of: this.of, ...state } satisfies AgentState));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, this.path);
  }
}

function parse(text: string): AgentState | undefined {
  try {
    return JSON.parse(text) as AgentState;
  } catch {
    return undefined;
  }
}

/** Who creates or changes keys. */
export interface Actor {
  /** Prefix of the caller, or `command line`. */
  readonly name: string;
  /** Address of the caller; absent on the command line. */
  readonly address?: string;
  /** True on the command line, which can always create another key; a caller over HTTP could not regain access. */
  readonly mayLockOut: boolean;
}

export const COMMAND_LINE: Actor = { name: 'command line', mayLockOut: true };

/** Who makes or changes keys. */
export interface Actor {
  /** Prefix of the caller, or `command line`. */
  readonly name: string;
  /** Where the call comes from; absent on the command line. */
  readonly address?: string;
  /** Whoever sits at the machine can always make another key; who calls over HTTP could not come back. */
  readonly mayLockOut: boolean;
}

export const COMMAND_LINE: Actor = { name: 'command line', mayLockOut: true };

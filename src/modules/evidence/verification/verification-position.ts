export type VerificationPhase = 'log' | 'sessions';

/** Where a verification goes on: after an entry of the log, or after the id of a session. */
export interface VerificationPosition {
  readonly phase: VerificationPhase;
  readonly after: number;
}

export const VERIFICATION_START: VerificationPosition = { phase: 'log', after: 0 };

/** Texts such as `log:4000` and `sessions:5000`. */
export const POSITION_FORM = /^(log|sessions):(\d{1,15})$/;

export function formatPosition({ phase, after }: VerificationPosition): string {
  return `${phase}:${after}`;
}

/** @returns undefined if the text is no position */
export function parsePosition(text: string): VerificationPosition | undefined {
  const [, phase, after] = POSITION_FORM.exec(text) ?? [];
  return phase ? { phase: phase as VerificationPhase, after: Number(after) } : undefined;
}

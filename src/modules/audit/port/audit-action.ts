declare const registered: unique symbol;

/** Name of an action in the audit, made by `defineAuditAction`. */
export type AuditAction = string & { readonly [registered]: true };

const NAME = /^[a-z]+\.[a-z]+$/;
const actions: AuditAction[] = [];

/**
 * All registered actions in alphabetical order. The array grows while modules are imported: a decorator must keep the array
 * itself, not a copy.
 */
export const AUDIT_ACTIONS: readonly AuditAction[] = actions;

/**
 * Registers an action of a feature, as in `defineAuditAction('sessions.read')`. Call it once, in the `*.audit.ts` file of
 * the feature.
 *
 * @throws Error when the name is malformed or already registered
 */
export function defineAuditAction(name: string): AuditAction {
  if (!NAME.test(name)) throw new Error(`The name of an audit action must be like sessions.read, not ${name}.`);
  const action = name as AuditAction;
  if (actions.includes(action)) throw new Error(`The audit action ${name} is registered twice.`);
  actions.push(action);
  actions.sort();
  return action;
}

import type { ActivityFilter } from './session-filter.js';

interface Compared {
  readonly application: string | null;
  readonly title: string | null;
  readonly url: string | null;
}

/** A function that decides whether an activity fulfils a filter. Case is folded here, because engines fold it differently. */
export function activityTest({ application, text }: ActivityFilter): (activity: Compared) => boolean {
  const part = text?.toLowerCase();
  const contains = (value: string | null) => value !== null && value.toLowerCase().includes(part!);
  return (activity) =>
    (application === undefined || activity.application === application) &&
    (part === undefined || contains(activity.title) || contains(activity.url));
}

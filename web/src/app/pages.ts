import type { Component } from 'svelte';
import type { Scope } from '../api/types.js';
import { t } from '../texts.js';

type PageComponent = Component<{ id: string }>;
type Loader = () => Promise<{ default: PageComponent }>;

export interface Page {
  readonly path: string;
  readonly title: string;
  readonly load: Loader;
  /** Any of these scopes opens the page. */
  readonly scopes: readonly Scope[];
  readonly inMenu: boolean;
  /** Pressed after `g`. */
  readonly key?: string;
}

const READ: readonly Scope[] = ['sessions:read'];

/** All pages, in the order of the menu. Each is loaded when it is opened first. */
export const PAGES: readonly Page[] = [
  page('/timeline', t.nav.timeline, 't', READ, () => import('../pages/timeline/TimelinePage.svelte')),
  page('/at', t.nav.at, 'i', READ, () => import('../pages/at/AtPage.svelte')),
  page('/overlaps', t.nav.overlaps, 'o', READ, () => import('../pages/overlaps/OverlapsPage.svelte')),
  page('/statistics', t.nav.statistics, 's', READ, () => import('../pages/statistics/StatisticsPage.svelte')),
  page('/audit', t.nav.audit, 'a', ['audit:read', 'changes:read'], () => import('../pages/audit/AuditPage.svelte')),
  page('/admin', t.nav.admin, 'k', ['admin'], () => import('../pages/admin/AdminPage.svelte')),
  {
    ...page('/sessions', t.session.title, undefined, READ, () => import('../pages/session/SessionPage.svelte')),
    inMenu: false,
  },
];

export function pageAt(path: string): { page: Page; id: string } | undefined {
  const [, name, id = '', ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  const page = PAGES.find((one) => one.path === `/${name}`);
  if (!page || (id === '') === (page.path === '/sessions')) return undefined;
  return { page, id: decodeURIComponent(id) };
}

function page(
  path: string,
  title: string,
  key: string | undefined,
  scopes: readonly Scope[],
  load: () => Promise<{ default: PageComponent | Component }>,
): Page {
  return { path, title, load: load as Loader, scopes, inMenu: true, ...(key && { key }) };
}

import { type Query, queryString } from '../api/query.js';

/** The address of the page as state. Pages read `path` and `query`, and change them with `go` and `setQuery`. */
class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  readonly query = $derived(new URLSearchParams(this.search));

  start(): void {
    addEventListener('popstate', () => this.read());
    document.addEventListener('click', (event) => this.follow(event));
  }

  /** @param href an absolute path, with or without a query */
  go(href: string, { replace = false } = {}): void {
    if (replace) history.replaceState(null, '', href);
    else history.pushState(null, '', href);
    this.read();
  }

  /** Sets parameters of the address; undefined removes one. */
  setQuery(changes: Query, { replace = true } = {}): void {
    const names = new Set(this.query.keys());
    const kept: Record<string, readonly string[]> = {};
    for (const name of names) if (!(name in changes)) kept[name] = this.query.getAll(name);
    const search = queryString({ ...kept, ...changes });
    if (search !== this.search) this.go(`${this.path}${search}`, { replace });
  }

  private read(): void {
    this.path = location.pathname;
    this.search = location.search;
  }

  private follow(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element).closest('a');
    if (!link || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
    if (link.hash !== '' && link.pathname === location.pathname) return;
    if (link.rel === 'external') return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();

import type { Page } from './pages.js';
import { router } from './router.svelte.js';

const CHORD_MS = 1_200;

/** `?` shows the list, `g` and a letter go to a page. @returns what stops listening */
export function listenForShortcuts(pages: readonly Page[], showList: () => void): () => void {
  let chordUntil = 0;
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '?') return showList();
    const page = event.timeStamp < chordUntil ? pages.find(({ key }) => key === event.key) : undefined;
    chordUntil = event.key === 'g' ? event.timeStamp + CHORD_MS : 0;
    if (!page) return;
    event.preventDefault();
    router.go(page.path);
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input:not([type=range]), select, textarea, [contenteditable]')
  );
}

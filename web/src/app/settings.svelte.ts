import { Zone } from '../time/zone.js';
import { login } from './login.svelte.js';

type ZoneChoice = 'api' | 'viewer';
export type Theme = 'auto' | 'light' | 'dark';

/** What the viewer prefers; nothing here is secret, so that it may stay in the browser. */
class Settings {
  zoneChoice = $state<ZoneChoice>(stored('zone', ['api', 'viewer'], 'api'));
  theme = $state<Theme>(stored('theme', ['auto', 'light', 'dark'], 'auto'));
  readonly zone = $derived(
    new Zone(this.zoneChoice === 'api' ? login.options.timeZone : Intl.DateTimeFormat().resolvedOptions().timeZone),
  );

  setZone(choice: ZoneChoice): void {
    this.zoneChoice = choice;
    store('zone', choice);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    store('theme', theme);
    this.applyTheme();
  }

  applyTheme(): void {
    document.documentElement.dataset.theme = this.theme;
  }
}

function stored<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(`console.${name}`) as T;
    return allowed.includes(value) ? value : otherwise;
  } catch {
    return otherwise; // storage may be forbidden
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(`console.${name}`, value);
  } catch {
    // The choice then lasts until the page is left.
  }
}

export const settings = new Settings();

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import 'reflect-metadata';
import { AppConfig } from '../../src/config/app-config.js';
import { referencePage } from '../../src/config/reference/reference-page.js';
import { SETTING_NAMES } from '../../src/config/reference/settings.js';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownFilesIn('docs')];
const textOf = new Map(pages.map((page) => [page, readFileSync(page, 'utf8')]));

function markdownFilesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true }) as string[];
  return files.filter((file) => file.endsWith('.md')).map((file) => join(folder, file));
}

describe('the documentation', () => {
  it.each(pages)('%s has no broken relative link', (page) => {
    const links = [...textOf.get(page)!.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  it.each(pages)('%s names only existing source files', (page) => {
    const paths = [...textOf.get(page)!.matchAll(/`((?:src|test|bench|deploy|packaging|scripts)\/[^`\s*…]+)`/g)];
    expect(paths.map((match) => match[1]!).filter((path) => !existsSync(path))).toEqual([]);
  });

  it('describes every configuration variable once', () => {
    expect([...SETTING_NAMES].sort()).toEqual(Object.keys(new AppConfig()).sort());
  });

  it('has the generated reference of the configuration: session-audit config reference > docs/configuration.md', () => {
    expect(textOf.get('docs/configuration.md')).toBe(referencePage());
  });
});

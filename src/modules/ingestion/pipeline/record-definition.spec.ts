import { readFileSync } from 'node:fs';
import { getMetadataArgsStorage } from 'typeorm';
import { Client } from '../../directory/entities/client.entity.js';
import { User } from '../../directory/entities/user.entity.js';
import { Activity } from '../../sessions/entities/activity.entity.js';
import { Session } from '../../sessions/entities/session.entity.js';
import { ACTIVITY_TEXTS, MAX_ACTIVITIES, RECORD_TEXTS, type TextField } from './record-definition.js';

/** Maximum lengths in the table "Limits" of docs/ingestion.md: one number for all fields of a row, or one for each. */
function documentedLengths(markdown: string): Record<string, number> {
  const lengths: Record<string, number> = {};
  for (const [, names, limits] of markdown.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| ([^|]*characters) \|/gm)) {
    const numbers = [...limits!.matchAll(/\d[\d,]*\d|\d/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
    [...names!.matchAll(/`(\w+)`/g)].forEach(([, name], i) => (lengths[name!] = numbers[i] ?? numbers[0]!));
  }
  return lengths;
}

describe('the definition of a record', () => {
  const markdown = readFileSync('docs/ingestion.md', 'utf8');

  it('has the limits that docs/ingestion.md documents', () => {
    const texts: Record<string, TextField> = { ...RECORD_TEXTS, ...ACTIVITY_TEXTS };
    const defined = Object.entries(texts).map(([name, { maxLength }]) => [name, maxLength]);
    expect(documentedLengths(markdown)).toEqual(Object.fromEntries(defined));
    expect(markdown).toContain(`| activities per record | ${MAX_ACTIVITIES.toLocaleString('en')} |`);
  });

  it.each([
    [Session, 'externalId', RECORD_TEXTS.externalId],
    [Session, 'remoteHost', RECORD_TEXTS.remoteHost],
    [Session, 'terminal', RECORD_TEXTS.terminal],
    [Client, 'guid', RECORD_TEXTS.clientGuid],
    [Client, 'name', RECORD_TEXTS.clientName],
    [User, 'name', RECORD_TEXTS.userName],
    [User, 'domain', RECORD_TEXTS.userDomain],
    [Activity, 'application', ACTIVITY_TEXTS.application],
    [Activity, 'title', ACTIVITY_TEXTS.title],
    [Activity, 'url', ACTIVITY_TEXTS.url],
    [Activity, 'kind', ACTIVITY_TEXTS.kind],
  ])('has the length of the column %p.%s', (entity, property, { maxLength }) => {
    const [column] = getMetadataArgsStorage()
      .filterColumns(entity)
      .filter(({ propertyName }) => propertyName === property);
    expect(Number(column!.options.length)).toBe(maxLength);
  });
});

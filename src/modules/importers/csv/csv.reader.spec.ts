import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogReaderOptions } from '../log-reader.js';
import { parseCsvMap } from './csv-options.js';
import { type CsvPreset, GUACAMOLE, JUMPSERVER, PLAIN } from './csv-presets.js';
import { csvReader } from './csv.reader.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'csv-'))));
afterAll(() => rm(folder, { recursive: true }));

/** The origin of the only row. */
async function originOf(preset: CsvPreset, text: string, csv?: LogReaderOptions['csv']): Promise<object> {
  const path = join(folder, 'table.csv');
  await writeFile(path, text);
  const items = [];
  for await (const item of csvReader(preset)([path], { host: 'h', timeZone: 'UTC', ...(csv && { csv }) }))
    items.push(item);
  expect(items).toHaveLength(1);
  const [item] = items;
  if (!item || 'rejected' in item) throw new Error('the row was rejected');
  const { remoteAddress, remoteHost, logonType, terminal } = item.record;
  return { remoteAddress, remoteHost, logonType, terminal };
}

describe('the origin of a session in a table', () => {
  it('is read from the columns of the map', async () => {
    const map = parseCsvMap('user=u,login=l,remote-address=a,remote-host=h,logon-type=t,terminal=tty');
    const text = 'u,l,a,h,t,tty\nann,2021-04-01T10:00:00Z,192.0.2.1,laptop,unlock,pts/1\n';
    expect(await originOf(PLAIN, text, { map })).toEqual({
      ...{ remoteAddress: '192.0.2.1', remoteHost: 'laptop', logonType: 'unlock', terminal: 'pts/1' },
    });
  });

  it.each<[string, CsvPreset, string, object]>([
    [
      'remote_host of Guacamole, an address',
      GUACAMOLE,
      'history_id,username,remote_host,connection_name,start_date,end_date\n1,ann,192.0.2.1,web,2021-04-01 10:00:00,\n',
      { remoteAddress: '192.0.2.1' },
    ],
    [
      'remote_host of Guacamole, a name',
      GUACAMOLE,
      'history_id,username,remote_host,connection_name,start_date,end_date\n1,ann,laptop,web,2021-04-01 10:00:00,\n',
      { remoteHost: 'laptop' },
    ],
    [
      'nothing of a table without that column',
      GUACAMOLE,
      'history_id,username,connection_name,start_date,end_date\n1,ann,web,2021-04-01 10:00:00,\n',
      {},
    ],
    [
      'remote_addr and login_from of JumpServer',
      JUMPSERVER,
      'id,user,asset,login_from,remote_addr,date_start,date_end\n1,ann,web,WT,192.0.2.1,2021-04-01 10:00:00,\n',
      { remoteAddress: '192.0.2.1', terminal: 'WT' },
    ],
  ])('is %s', async (_, preset, text, origin) => expect(await originOf(preset, text)).toEqual(origin));
});

import { TimeZone } from '../../../platform/time/time-zone.js';
import { eventOfJson } from './event-json.js';
import { eventOfXml } from './event-xml.js';

const MS = Date.UTC(2021, 2, 1, 10);
const XML = `<Event xmlns='x'><System><Provider Name='P'/><EventID Qualifiers='0'>4624</EventID><TimeCreated SystemTime='2021-03-01T10:00:00.0000000Z'/><EventRecordID>7</EventRecordID><Channel>Security</Channel><Computer>PC1</Computer></System><EventData><Data Name='TargetUserName'>a&lt;b&#x26;c</Data><Data Name="TargetLogonId">0xabc</Data><Data Name='LogonType'>2</Data><Data Name='Empty'/></EventData></Event>`;
const FIELDS = { TargetUserName: 'a<b&c', TargetLogonId: '0xabc', LogonType: '2' };
const properties = (list: unknown[]) => list.map((Value) => ({ Value }));

const read = (value: unknown, zone = 'UTC') => eventOfJson(value, new TimeZone(zone));

describe('formats of a Windows event', () => {
  it.each<[string, unknown]>([
    ['winlogbeat 7', { '@timestamp': '2021-03-01T10:00:00.000Z', host: { name: 'other' }, winlog: { event_id: '4624', computer_name: 'PC1', channel: 'Security', record_id: 7, event_data: FIELDS } }],
    ['winlogbeat without a computer', { '@timestamp': '2021-03-01T10:00:00.000Z', host: { name: 'PC1' }, event: { code: 4624 }, winlog: { channel: 'Security', record_id: '7', event_data: FIELDS } }],
    ['a hit of Elasticsearch', { _source: { '@timestamp': '2021-03-01T10:00:00.000Z', event_id: 4624, computer_name: 'PC1', log_name: 'Security', record_number: '7', event_data: FIELDS } }],
    ['NXLog', { EventID: 4624, EventTime: '2021-03-01 05:00:00', '@timestamp': '2021-03-01T10:00:00.000Z', Hostname: 'PC1', Channel: 'security', RecordNumber: 7, ...FIELDS }],
    ['evtx_dump', { Event: { System: { EventID: { '#text': 4624, '#attributes': { Qualifiers: '' } }, Computer: 'PC1', Channel: 'Security', EventRecordID: 7, TimeCreated: { '#attributes': { SystemTime: '2021-03-01T10:00:00.000000Z' } } }, EventData: FIELDS } }],
    ['a list of Data', { Event: { System: { EventID: '4624', Computer: 'PC1', Channel: 'Security', EventRecordID: '7', TimeCreated: { '@SystemTime': '2021-03-01T10:00:00Z' } }, EventData: { Data: Object.entries(FIELDS).map(([name, text]) => ({ '@Name': name, '#text': text })) } } }],
    ['PowerShell with XML', { Xml: XML }],
    ['PowerShell 5.1', { Id: 4624, MachineName: 'PC1', LogName: 'Security', RecordId: 7, TimeCreated: `/Date(${MS})/`, Properties: properties(['S', 'x', 'y', 1, { BinaryLength: 28, Value: 'S-1-5-21' }, 'a<b&c', 'LAB', 2748, 2]) }],
    ['PowerShell 7', { Id: 4624, MachineName: 'PC1', LogName: 'Security', RecordId: 7, TimeCreated: '2021-03-01T11:00:00.0000000+01:00', Properties: properties(['S', 'x', 'y', 1, 'S-1-5-21', 'a<b&c', 'LAB', 2748, 2]) }],
  ])('reads %s', (_, value) => {
    const item = read(value);
    if (!item || !('event' in item)) throw new Error(JSON.stringify(item));
    const { data, ...event } = item.event;
    expect(event).toEqual({ id: 4624, computer: 'PC1', timeMs: MS, channel: 'security', record: 7 });
    expect([data.get('TargetUserName'), BigInt(data.get('TargetLogonId')!), data.get('LogonType')]).toEqual(['a<b&c', 0xabcn, '2']);
  }); // prettier-ignore

  it('reads a local time in the given zone when there is no other time', () => {
    const item = read({ EventID: 1, EventTime: '2021-07-01 12:00:00', Hostname: 'PC1' }, 'Europe/Berlin');
    expect(item).toMatchObject({ event: { timeMs: Date.UTC(2021, 6, 1, 10) } });
  });

  it.each<[string, unknown]>([
    ['not a JSON object', 7],
    ['an event without an id', { EventID: 'x' }],
    ['event 4624 names no computer', { EventID: 4624 }],
    ['event 4624 has no time that can be read', { EventID: 4624, Hostname: 'PC1', EventTime: 'yesterday' }],
  ])('says: %s', (rejected, value) => {
    expect(read(value)).toEqual({ rejected });
  });

  it('skips an object that is not a Windows event', () => {
    expect(read({ message: 'hello' })).toBeUndefined();
  });

  it('reads XML in time proportional to its length', () => {
    const hostile = ['<TimeCreated ', '<Computer ', '<Data Name="', '<EventID>', '<Data  ', '<Event "'].map((tag) =>
      XML.replace('<System>', `<System>${tag.repeat(200_000)}`),
    );
    const started = performance.now();
    for (const xml of hostile) eventOfXml(xml);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('rejects XML without the required elements of an event', () => {
    expect(eventOfXml('<Event/>')).toEqual({ rejected: 'an event without an id' });
    expect(eventOfXml(XML.replace('2021-03-01', '2021-02-31'))).toEqual({
      rejected: 'event 4624 has no time that can be read',
    });
  });
});

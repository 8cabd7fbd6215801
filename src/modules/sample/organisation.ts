import type { IngestActivity } from '../ingestion/pipeline/ingest-record.js';

/** An activity without its instant. `#` in a text is replaced by a three-digit number. */
export type Work = Omit<IngestActivity, 'at'>;

export interface Person {
  readonly name: string;
  /** The usual machine of the person. */
  readonly machine: string;
  /** Hours (UTC) of the usual working day. */
  readonly hours: readonly [from: number, to: number];
  readonly work: readonly Work[];
  /** Number of working days out of ten on which the person also uses the terminal server. */
  readonly terminal: number;
}

export const DOMAIN = 'EXAMPLE';
export const TERMINAL_SERVER = 'TS-01';
export const DATABASE_SERVER = 'SRV-DB-01';
export const FIELD_LAPTOP = 'NB-FIELD-01';

export const MACHINES = [
  ...['WS-ACC-01', 'WS-ACC-02', 'WS-SALES-01', 'WS-SALES-02', 'WS-DEV-01', 'WS-DEV-02', 'WS-HR-01'],
  ...['NB-MGMT-01', FIELD_LAPTOP, 'WS-STORE-01', TERMINAL_SERVER, DATABASE_SERVER],
] as const;

const OFFICE: Work[] = [
  { application: 'OUTLOOK.EXE', title: 'Inbox - Outlook', kind: 'window' },
  {
    application: 'OUTLOOK.EXE',
    title: 'RE: Meeting on Thursday',
    kind: 'keystrokes',
    keystrokes: 'Thursday at ten suits me',
  },
  { application: 'ms-teams.exe', title: 'Chat | Microsoft Teams', kind: 'window' },
  { application: 'chrome.exe', title: 'Intranet - News', url: 'https://intranet.example.com/news', kind: 'web' },
  { application: 'explorer.exe', title: 'Documents', kind: 'window' },
];

const ACCOUNTING: Work[] = [
  { application: 'EXCEL.EXE', title: 'Budget 2026.xlsx - Excel', kind: 'window' },
  { application: 'ledger.exe', title: 'Invoice # - Ledger', kind: 'window' },
  { application: 'ledger.exe', title: 'Rechnung # - Müller & Söhne GmbH', kind: 'keystrokes', keystrokes: '1 250,00' },
  { application: 'msedge.exe', title: 'Online banking', url: 'https://bank.example/accounts', kind: 'web' },
];

const SALES: Work[] = [
  { application: 'chrome.exe', title: 'Lead # - CRM', url: 'https://crm.example.com/leads/#', kind: 'web' },
  { application: 'WINWORD.EXE', title: 'Offer #.docx - Word', kind: 'window' },
  { application: 'POWERPNT.EXE', title: 'Présentation client.pptx - PowerPoint', kind: 'window' },
  {
    application: 'chrome.exe',
    title: 'Search',
    url: 'https://search.example/?q=price+list',
    kind: 'web',
    keystrokes: 'price list',
  },
];

const DEVELOPMENT: Work[] = [
  { application: 'Code.exe', title: 'billing.ts - shop - Visual Studio Code', kind: 'window' },
  { application: 'WindowsTerminal.exe', title: 'PowerShell', kind: 'command', keystrokes: 'git pull --rebase' },
  { application: 'WindowsTerminal.exe', title: 'PowerShell', kind: 'command', keystrokes: 'npm test' },
  { application: 'firefox.exe', title: 'Issue # - shop', url: 'https://git.example.com/shop/issues/#', kind: 'web' },
];

const PERSONNEL: Work[] = [
  { application: 'hr.exe', title: 'Employee file # - Personnel', kind: 'window' },
  { application: 'WINWORD.EXE', title: 'Contract #.docx - Word', kind: 'window' },
];

const STORE: Work[] = [
  { application: 'stock.exe', title: 'Stock - Goods in', kind: 'window' },
  { application: 'stock.exe', title: 'Picking list # - Stock', kind: 'keystrokes', keystrokes: '#' },
  { application: 'stock.exe', title: 'Склад - Сверка #', kind: 'window' },
];

const ADMINISTRATION: Work[] = [
  { application: 'mmc.exe', title: 'Active Directory Users and Computers', kind: 'window' },
  { application: 'mysql.exe', title: 'mysql - shop', kind: 'command', keystrokes: 'show processlist;' },
  {
    application: 'powershell.exe',
    title: 'Administrator: PowerShell',
    kind: 'command',
    keystrokes: 'Get-Service | where Status -eq Stopped',
  },
  { application: 'chrome.exe', title: 'Alerts - Monitoring', url: 'https://monitor.example.com/alerts', kind: 'web' },
  { application: 'explorer.exe', title: 'KINGSTON (E:)', kind: 'usb' },
];

/** A service account without windows or keystrokes. */
export const BACKUP: Work[] = [
  { application: 'mysqldump.exe', title: 'shop-#.sql', kind: 'process' },
  { application: 'robocopy.exe', title: 'Copy to the archive', kind: 'process' },
];

export const SERVICE_ACCOUNT = 'svc-backup';
export const ON_CALL = ['adm-keller', 'adm-okafor'] as const;

export const PEOPLE: readonly Person[] = [
  person('anna.berg', 'WS-ACC-01', [7, 16], ACCOUNTING, 3),
  person('luis.costa', 'WS-ACC-02', [8, 17], ACCOUNTING, 3),
  person('maria.novak', 'WS-SALES-01', [8, 17], SALES, 1),
  person('tom.ward', 'WS-SALES-02', [9, 18], SALES, 1),
  person('jonas.lind', FIELD_LAPTOP, [8, 16], SALES, 6),
  person('yuki.tanaka', 'WS-DEV-01', [9, 18], DEVELOPMENT, 4),
  person('omar.haddad', 'WS-DEV-02', [10, 19], DEVELOPMENT, 4),
  person('eva.horvath', TERMINAL_SERVER, [8, 16], DEVELOPMENT, 0),
  person('grace.miller', 'WS-HR-01', [8, 16], PERSONNEL, 2),
  person('henrik.dahl', 'NB-MGMT-01', [9, 17], SALES, 2),
  // Two shifts that share one machine.
  person('piotr.zielinski', 'WS-STORE-01', [6, 14], STORE, 0),
  person('olena.bondar', 'WS-STORE-01', [14, 22], STORE, 0),
  person(ON_CALL[0], DATABASE_SERVER, [8, 17], ADMINISTRATION, 7),
  person(ON_CALL[1], DATABASE_SERVER, [9, 18], ADMINISTRATION, 7),
];

function person(
  name: string,
  machine: string,
  hours: readonly [number, number],
  work: Work[],
  terminal: number,
): Person {
  return { name, machine, hours, work: name.startsWith('adm-') ? work : [...work, ...work, ...OFFICE], terminal };
}

const SUBJECT = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId'];
const TARGET = ['TargetUserSid', 'TargetUserName', 'TargetDomainName', 'TargetLogonId'];

const REST = [
  ...['LogonGuid', 'TransmittedServices', 'LmPackageName', 'KeyLength'],
  ...['ProcessId', 'ProcessName', 'IpAddress', 'IpPort'],
];

/**
 * Get-WinEvent gives the fields of an event without names, in the order of the event's template (Microsoft's security
 * auditing reference shows it for each event). Only the fields and events that the importer uses are listed.
 */
export const PROPERTY_NAMES: ReadonlyMap<number, readonly string[]> = new Map([
  [
    4624,
    [...SUBJECT, ...TARGET, 'LogonType', 'LogonProcessName', 'AuthenticationPackageName', 'WorkstationName', ...REST],
  ],
  [4634, [...TARGET, 'LogonType']],
  [4647, TARGET],
  [4648, SUBJECT],
  [4656, [...SUBJECT, 'ObjectServer', 'ObjectType', 'ObjectName']],
  [4658, SUBJECT],
  [4663, [...SUBJECT, 'ObjectServer', 'ObjectType', 'ObjectName']],
  [4670, SUBJECT],
  [4672, SUBJECT],
  [4673, SUBJECT],
  [4674, SUBJECT],
  [4688, [...SUBJECT, 'NewProcessId', 'NewProcessName']],
  [4689, [...SUBJECT, 'Status', 'ProcessId', 'ProcessName']],
  [4697, SUBJECT],
  [4698, SUBJECT],
  [4778, ['AccountName', 'AccountDomain', 'LogonID']],
  [4779, ['AccountName', 'AccountDomain', 'LogonID']],
  [4800, TARGET],
  [4801, TARGET],
  [5140, SUBJECT],
  [5145, SUBJECT],
]);

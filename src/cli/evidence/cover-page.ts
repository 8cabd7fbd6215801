import type {
  EvidenceEnd,
  EvidenceHead,
  OmittedSession,
  SessionEvidence,
} from '../../modules/evidence/files/port/evidence.js';
import { parseNote } from '../../modules/changes/checkpoints/signed-note.js';
import { parseCheckpointText } from '../../modules/changes/checkpoints/tree-checkpoint.js';

/** What a cover page says about the file that it belongs to. */
export interface CoverFacts {
  /** Name of the file without its folder. */
  readonly file: string;
  /** The question, by option. */
  readonly asked: Readonly<Record<string, string>>;
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

const STYLE = `body{font:14px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}
th{background:#eee}code,pre{font:12px monospace;overflow-wrap:anywhere;white-space:pre-wrap}
@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}}`;

/** The page up to the rows of its table. */
export function coverBegin({ file, asked, by, at }: CoverFacts, { checkpoint, keyId }: EvidenceHead): string {
  const tree = parseCheckpointText(parseNote(checkpoint)?.text ?? '');
  const facts = [
    ['File', file],
    ...Object.entries(asked).map(([name, value]) => [`Asked for: ${name}`, value]),
    ['Written at', at],
    ['Written by the account', by],
    ['Name of the log', tree?.origin ?? ''],
    ['Entries of the log', String(tree?.size ?? '')],
    ['Root of the log', tree?.root.toString('base64') ?? ''],
    ['Id of the key in the checkpoint', keyId],
  ];
  const rows = facts
    .map(([name, value]) => `<tr><th>${escaped(name!)}</th><td>${escaped(value!)}</td></tr>`)
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evidence: ${escaped(file)}</title><style>${STYLE}</style></head><body>
<h1>Evidence of sessions</h1>
<p>This page describes the file <code>${escaped(file)}</code>. It is for reading only. The proof is in the file, and the file
can be verified by anyone who has the public key of the server.</p>
<table>${rows}</table>
<h2>Sessions</h2>
<p>Times are in UTC. An end without a logout is an estimate.</p>
<table><thead><tr><th>Session</th><th>User</th><th>Client</th><th>Login</th><th>Logout</th><th>End</th><th>Versions</th>
<th>Activities</th></tr></thead><tbody>
`;
}

export function coverRow(item: SessionEvidence | OmittedSession): string {
  if ('omitted' in item)
    return `<tr><td>${item.sessionId}</td><td colspan="7">No evidence yet: ${escaped(item.omitted)}</td></tr>\n`;
  const { sessionId, session: s, version, activities } = item;
  const user = s.userDomain ? `${s.userDomain}\\${s.userName}` : s.userName;
  const count = activities.reduce((sum, { items }) => sum + items.length, 0);
  const cells = [String(sessionId), user, s.clientGuid, s.login, s.logout, s.ended, String(version), String(count)];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell ?? '–')}</td>`).join('')}</tr>\n`;
}

/** The rest of the page, after the rows. */
export function coverEnd(
  { file }: CoverFacts,
  { checkpoint }: EvidenceHead,
  { sessions, omitted }: EvidenceEnd,
): string {
  return `</tbody></table>
<p>${sessions} sessions with evidence, ${omitted} without.</p>
<h2>How to verify the file</h2>
<p>Get the public key of the server in another way than this file, for instance from its operator in person. Then run, on any
computer and without a connection to the server:</p>
<pre>session-audit evidence verify ${escaped(file)} --public-key key.pem</pre>
<p>The documentation of the change log (docs/change-log.md) has a second verifier of thirty lines and the form of the file.</p>
<h2>What a verified file proves</h2>
<ul><li>When the checkpoint was signed, the log contained every version of each session that the file lists.</li>
<li>Each session has exactly the content that was recorded as the last of these versions.</li>
<li>The activities are exactly those that these versions added.</li></ul>
<h2>What it does not prove</h2>
<ul><li>What the sessions looked like in earlier versions. The file has only the activities of these.</li>
<li>That a session has no later version, and that the file has all sessions of the question.</li>
<li>That the log was not rewritten before the first checkpoint that was kept on another machine.</li>
<li>That what the senders reported was true, and that the server and its signing key were under honest control.</li>
<li>Anything that is written on this page only.</li></ul>
<h2>Signed checkpoint</h2>
<pre>${escaped(checkpoint)}</pre>
</body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

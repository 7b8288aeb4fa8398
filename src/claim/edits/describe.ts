import type { Confidence } from '../payers/policy.ts';
import type { Edit, FixedBy } from './edit.ts';

/** One edit as lists and documents show it. */
export interface EditDescription {
  readonly id: string;
  readonly scope: 'session' | 'attendee';
  /** At its worst; findings may be milder. */
  readonly severity: string;
  readonly overridable: boolean;
  readonly version: string;
  readonly snip: number | null;
  readonly title: string;
  readonly fixedBy: readonly FixedBy[];
  readonly recheckAtRelease: boolean;
  readonly provenance: { readonly confidence: Confidence; readonly source: string };
}

export const describeEdit = (edit: Edit): EditDescription => ({
  id: edit.id,
  scope: edit.scope,
  severity: edit.severity,
  overridable: edit.payerOverridable,
  version: edit.version,
  snip: edit.snip ?? null,
  title: edit.title,
  fixedBy: edit.fixedBy,
  recheckAtRelease: edit.recheckAtRelease === true,
  provenance: edit.provenance,
});

const WHO: Readonly<Record<FixedBy, string>> = {
  clinician: 'clinician',
  front_desk: 'front desk',
  biller: 'biller',
  administrator: 'administrator',
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

const row = (e: EditDescription): string => {
  const id = e.overridable ? e.id : `${e.id} ✱`;
  const who = e.fixedBy.map((w) => WHO[w]).join(', ');
  const source = `${e.provenance.confidence}: ${e.provenance.source}`;
  const cells = [id, e.title, e.scope, e.severity, e.snip === null ? '' : String(e.snip), who, e.version, source];
  return `| ${cells.map(cell).join(' | ')} |`;
};

const INTRODUCTION = `# Edits

Generated from the code by \`npm run docs:edits\`; a test fails while it differs. \`rollcall edits\` prints the same list.

An edit looks at a session, or at one attendee, and returns findings: rule, severity, a JSON pointer into the request, a sentence without any value of the patient's. All findings are told at once.

- **Severity** is the worst that the edit does by default. A block of the whole session is a 422 and nothing is stored; a hold of the whole session holds each of its claims. A block or hold of an attendee holds that attendee's claim and no other's: a hold is lifted by a person with a reason, a block only by an amendment after which the edit passes. A warning or an info stops nothing.
- **✱**: no payer's data can change or switch off the rule. All others obey \`policyOverrides.overrides\` of the payer, for that payer's attendees: \`{ "S04": "warn", "A15": "off" }\`. A field that cannot be read blocks whatever a payer says.
- **Who**: who can mend it, most likely first. The clinician signs the note, the front desk keeps patients and coverages, the biller codes and bills, the administrator keeps practice, payers and clearinghouses.
- **SNIP**: the WEDI type, where the edit has one.
- **Source** begins with its confidence: H read in a primary source or two independent ones, M one secondary source, K general knowledge, D our own choice. What a rule reads of a payer is in \`rollcall payers explain <id> --on <date of service>\`, each value with a source of its own.
- A06 sees what the request says in \`otherServicesSameDay\` and what this ledger has; services billed elsewhere it cannot see.
`;

/** `docs/edits.md`. */
export function editsDocument(edits: readonly Edit[]): string {
  const all = edits.map(describeEdit);
  const again = all.filter((e) => e.recheckAtRelease).map((e) => e.id);
  return [
    INTRODUCTION,
    `Looked at again in the moment of release, because the day of sending can change them: ${again.join(', ')}.`,
    '',
    '| rule | what | scope | severity | SNIP | who | version | source |',
    '|---|---|---|---|---|---|---|---|',
    ...all.map(row),
    '',
  ].join('\n');
}

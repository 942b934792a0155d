// Writes shared/imaging/header/dictionary-entries.ts from DCMTK's copy of the data dictionary of PS3.6 and PS3.7:
// node tests/setup/write-data-dictionary.ts [dicom.dic]. Entries of DICOM only, without those of DICONDE and DICOS.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = process.argv[2] ?? '/usr/share/libdcmtk17/dicom.dic';
const target = join(import.meta.dirname, '../../shared/imaging/header/dictionary-entries.ts');

/** VRs that the standard leaves open ("US or SS") stand under the one that holds every value bit by bit. */
const openVrs: Readonly<Record<string, string>> = { xs: 'US', ox: 'OW', lt: 'OW', px: 'OW', up: 'UL' };

const groups = new Map<string, string[]>();
for (const line of readFileSync(source, 'utf8').split('\n')) {
  const [tag = '', vr = '', name = '', , version = ''] = line.split('\t');
  // Of a range (6000-60FF,0010) the first group stands for all.
  const [, group, element] = /^\(([0-9a-f]{4})(?:-[0-9a-f]{4})?,([0-9a-f]{4})/i.exec(tag) ?? [];
  if (group === undefined || element === undefined || !version.startsWith('DICOM')) continue;
  if (vr === 'na' || version.startsWith('DICOM/DICO')) continue;
  const keyword = name.replace(/^RETIRED_/, version.endsWith('/retired') ? '!' : '');
  const entries = groups.get(group.toLowerCase()) ?? [];
  entries.push(`${element.toLowerCase()}${openVrs[vr] ?? vr}${keyword}`);
  groups.set(group.toLowerCase(), entries);
}

const lines = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
const text = lines.map(([group, entries]) => `${group} ${entries.toSorted().join(' ')}`).join('\n');
writeFileSync(
  target,
  `/**
 * Written by tests/setup/write-data-dictionary.ts. A line is a group; an entry is element, VR and keyword, with ! before
 * that of a retired element. Of the repeating groups 50xx and 60xx the first is listed.
 */
export const dictionaryEntries = \`
${text}
\`;
`,
);

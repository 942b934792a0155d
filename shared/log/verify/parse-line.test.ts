import { describe, expect, it } from 'vitest';
import { pathsOf, replaced, strangers } from '../../../tests/fixtures/changed-values.ts';
import { LogBuilder } from '../../../tests/fixtures/log-builder.ts';
import { ExportLine, lineText } from '../export-lines.ts';
import { parseLine } from './parse-line.ts';
import { isQuickLine } from './quick-line.ts';

async function anEntry() {
  const log = await LogBuilder.start('parse');
  await log.commit();
  log.pull(log.hub);
  log.fact('user.approved', log.id('ada'), { role: 'doctor' }, 'hub', [log.order[0]!.h]);
  const lines = await log.lines();
  return lines.findLast((line) => line.type === 'entry')!;
}

describe('the quick look at an entry', () => {
  it('says yes to what the program writes, and to nothing that the schema refuses', async () => {
    const line = await anEntry();
    expect(isQuickLine(line)).toBe(true);
    let refused = 0;
    for (const path of pathsOf(line)) {
      for (const by of strangers) {
        const changed = replaced(line, path, by);
        if (typeof changed !== 'object' || changed === null || !isQuickLine(changed)) refused++;
        else
          expect(ExportLine.safeParse(changed).success, `${path.join('.')} = ${JSON.stringify(by)}`).toBe(
            true,
          );
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});

describe('a line', () => {
  it('is taken as it is written, and told when it is written otherwise', async () => {
    const line = await anEntry();
    const text = lineText(line);
    expect(parseLine(text)).toMatchObject({ type: 'entry', line, isCanonical: true });
    expect(parseLine(text.replace(',', ', '))).toMatchObject({ type: 'entry', line, isCanonical: false });
    expect(parseLine(text.replace('"clinic":', '"clinic":1,"clinic":'))).toMatchObject({
      isCanonical: false,
    });
  });

  it('with a member that does not belong, with half a character, or nested without end says nothing', async () => {
    const text = lineText(await anEntry());
    expect(parseLine(text.replace('"n":', '"m":1,"n":'))).toBeUndefined();
    expect(parseLine(text.replace('"entity":"', '"entity":"\\ud800'))).toBeUndefined();
    expect(
      parseLine(
        text.replace(/"basedOn":\[[^\]]*\]/, `"basedOn":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      ),
    ).toBeUndefined();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(parseLine(`{"key":"k","row":${deep},"table":"t","type":"row"}`)).toMatchObject({ type: 'row' });
    for (const other of ['', 'null', '[]', '{}', '{"type":1}', '{"type":"end"}'])
      expect(parseLine(other)).toBeUndefined();
  });
});

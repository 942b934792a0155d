import { AppError } from '../../shared/kernel/errors.ts';
import type { Said } from '../../shared/log/chain.ts';
import {
  firstOf,
  isImageShown,
  reviewState,
  standingAdditions,
  tombstoneBase,
} from '../../shared/log/fold/image-state.ts';
import type { DeskApi } from '../engine/desk-api.ts';
import type { DeskLookup } from './desk-lookup.ts';
import type { DeskParts } from './desk-parts.ts';
import { dropFiles } from './drop-files.ts';
import { historyOf, readReviews, resultsAbout } from './read-reviews.ts';

type RecordDesk = Pick<
  DeskApi,
  'removeReading' | 'reviews' | 'signReview' | 'writePatient' | 'history' | 'noteUse'
>;

/** As an entry takes them. */
const mostBases = 64;
const mostResults = 20;

/** What people say of records. */
export function openRecordDesk(parts: DeskParts, look: DeskLookup): RecordDesk {
  const { store, readings, changed } = parts;

  async function say(said: Omit<Said, 'actor'>): Promise<void> {
    const { id } = await parts.person();
    await parts.append([{ ...said, actor: id }], []);
    changed();
  }

  async function recordOf(id: string) {
    const identity = await look.identityOf(id);
    const row = await look.imageRow(identity);
    if (identity === undefined || row === undefined)
      throw new AppError('request.not-found', `${id} is no record`);
    return { identity, row };
  }

  const asking = async () => ({ person: (await parts.person()).id, device: parts.device });

  return {
    async removeReading(id) {
      const identity = await look.identityOf(id);
      const row = await look.imageRow(identity);
      if (identity !== undefined && row !== undefined && isImageShown(row.clear)) {
        const { role } = await parts.person();
        if (role === 'user') throw new AppError('account.forbidden', 'a record is deleted by a doctor');
        const body = { reason: 'deleted by a person' };
        await say({ kind: 'entity.tombstoned', entity: identity, basedOn: tombstoneBase(row.clear), body });
      }
      const all = (await readings.all()).filter(
        (one) => one.reading.id === id || (identity !== undefined && one.identity === identity),
      );
      await readings.remove(all.map(({ reading }) => reading.id));
      const names = all.map(({ file }) => file.sha256);
      await parts.alone('files', () => dropFiles(parts, look, names));
      changed();
    },
    async reviews(id) {
      const row = await look.imageRow(await look.identityOf(id));
      return row && readReviews(row, await asking());
    },
    async signReview(id, { findings, note, adjudicates }) {
      const { identity, row } = await recordOf(id);
      const { standing } = reviewState(row.clear);
      await say({
        kind: adjudicates ? 'review.adjudicated' : 'review.added',
        entity: identity,
        basedOn: standing.slice(0, mostBases),
        body: {
          findings: findings.map(({ code, present }) => ({ code, present })),
          note,
          results: (await look.resultKeys(identity)).slice(0, mostResults),
        },
      });
    },
    async writePatient(id, patient) {
      const { identity, row } = await recordOf(id);
      const [h] = firstOf(row.clear.added);
      const first = h === undefined ? undefined : row.clear.added[h];
      if (first?.sha256 === undefined) throw new AppError('request.not-found', `${id} has no picture yet`);
      const { sha256, bytes, type, width, height, study, acquiredAt, view } = first;
      const { fileName } = (row.personal[h!] ?? {}) as { readonly fileName?: string };
      await say({
        kind: 'image.added',
        entity: identity,
        basedOn: standingAdditions(row.clear.added).slice(0, mostBases),
        body: { sha256, bytes, type, width, height, study, acquiredAt, view, fileName, patient },
      });
    },
    async history(id) {
      const identity = await look.identityOf(id);
      const row = await look.imageRow(identity);
      if (identity === undefined || row === undefined) return [];
      const results = await resultsAbout(await look.resultKeys(identity), store);
      return historyOf(
        row,
        results.map(({ row: { clear } }) => clear),
        await asking(),
      );
    },
    async noteUse(id, use) {
      const identity = await look.identityOf(id);
      if ((await look.imageRow(identity)) === undefined) return;
      await say({ kind: `audit.${use}`, entity: identity!, body: null });
    },
  };
}

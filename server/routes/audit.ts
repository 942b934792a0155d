import type { auditEndpoints } from '../../shared/api/audit.ts';
import type { AppDeps } from '../deps.ts';
import type { HandlersFor } from '../http/handler.ts';

/** One chunk of the answer; lines are much smaller. */
const chunkBytes = 64 * 1024;

/** Asked for only as fast as the client reads. */
function streamOf(lines: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = lines[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const chunk: Uint8Array[] = [];
        let size = 0;
        while (size < chunkBytes) {
          const { done, value } = await iterator.next();
          if (done === true) {
            if (size > 0) controller.enqueue(Buffer.concat(chunk));
            controller.close();
            return;
          }
          chunk.push(value);
          size += value.length;
        }
        controller.enqueue(Buffer.concat(chunk));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}

/** `/api/v1/audit/…`: the log as administrators and verifiers read it. */
export function auditRoutes({
  auditLog,
  hubLog,
}: Pick<AppDeps, 'auditLog' | 'hubLog'>): HandlersFor<typeof auditEndpoints> {
  return {
    async auditEntries({ member, query: { before, limit, kind } }) {
      const page = { limit, ...(before !== undefined && { before }), ...(kind !== undefined && { kind }) };
      const { entries, next } = await auditLog.entries(member.clinic, page);
      return { entries: [...entries], ...(next !== undefined && { next }) };
    },
    async auditCheckpoint({ member }) {
      return { checkpoint: await auditLog.checkpoint(member.clinic), rootKey: hubLog.rootKey() };
    },
    auditProof: ({ member, query: { h, size } }) =>
      h === undefined ? auditLog.consistency(member.clinic, size) : auditLog.inclusion(member.clinic, h),
    async auditExport({ member }) {
      const lines = await auditLog.exportLines(member);
      return new Response(streamOf(lines), {
        headers: {
          'Content-Type': 'application/jsonl',
          'Content-Disposition': 'attachment; filename="fieldray-export.jsonl"',
        },
      });
    },
  };
}

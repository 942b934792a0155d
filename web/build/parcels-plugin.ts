import type { ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { chunkPath } from '../engine/parcels.ts';
import type { CutParcel } from './cut-parcel.ts';

/** Reads and cuts at most once, and only when something asks. */
export type CutParcels = () => Promise<readonly CutParcel[]>;

export function once(cut: CutParcels): CutParcels {
  let parcels: Promise<readonly CutParcel[]> | undefined;
  return () => (parcels ??= cut());
}

const publicId = 'virtual:parcels';
const resolvedId = `\0${publicId}`;

/** `virtual:parcels` tells page and workers what there is to fetch; workers are built apart and need it for themselves. */
export function parcelsModule(cut: CutParcels): Plugin {
  return {
    name: 'fieldray:parcels-module',
    resolveId: (id) => (id === publicId ? resolvedId : undefined),
    load: async (id) => {
      if (id !== resolvedId) return undefined;
      const parcels = (await cut()).map(({ parcel }) => parcel);
      return `export const parcels = ${JSON.stringify(parcels)};`;
    },
  };
}

/** Chunk's address → its bytes; alike chunks are one. */
async function chunkFiles(cut: CutParcels): Promise<Map<string, Uint8Array>> {
  return new Map(
    (await cut()).flatMap(({ parcel, contents }) =>
      contents.map((content, index) => [chunkPath(parcel.chunks[index]!.sha256), content] as const),
    ),
  );
}

/** Puts the chunks into the build, and serves them at the same addresses in the dev server. */
export function parcelsFiles(cut: CutParcels): Plugin {
  return {
    name: 'fieldray:parcels-files',
    async generateBundle() {
      for (const [path, source] of await chunkFiles(cut)) {
        this.emitFile({ type: 'asset', fileName: path.slice(1), source });
      }
    },
    configureServer({ middlewares, config }) {
      const answer = async (path: string, response: ServerResponse): Promise<void> => {
        const content = (await chunkFiles(cut)).get(path);
        for (const [name, value] of Object.entries(config.server.headers ?? {})) {
          if (value !== undefined) response.setHeader(name, value);
        }
        response.setHeader('Content-Type', 'application/octet-stream');
        response.statusCode = content === undefined ? 404 : 200;
        response.end(content);
      };
      middlewares.use(({ url }, response, next) => {
        if (url?.startsWith('/parcels/') !== true) return next();
        answer(url, response).catch((error: Error) => response.destroy(error));
      });
    },
  };
}

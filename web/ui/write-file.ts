/** Where a file goes piece by piece, wherever the browser lets it. */
export interface FileWriter {
  write(piece: ArrayBuffer): Promise<void>;
  /** It is there, whole. */
  finish(): Promise<void>;
  /** Nothing of it stays. */
  abandon(): Promise<void>;
}

/** File System Access; Chromium has it. */
interface SavingWindow {
  readonly showSaveFilePicker?: (options: {
    readonly suggestedName: string;
  }) => Promise<{ createWritable(): Promise<FileSystemWritableFileStream> }>;
}

/**
 * Asks where it is to lie. A browser without such a question is given it whole, and keeps it among the downloads.
 * @returns undefined where the person thought better of it
 */
export async function openFileWriter(name: string): Promise<FileWriter | undefined> {
  const { showSaveFilePicker: pick } = globalThis as SavingWindow;
  if (pick === undefined) return downloadWriter(name);
  try {
    const handle = await pick({ suggestedName: name });
    const stream = await handle.createWritable();
    return {
      write: (piece) => stream.write(piece),
      finish: () => stream.close(),
      abandon: () => stream.abort(),
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    // Not allowed here, as in a frame or by the clinic's policy.
    return downloadWriter(name);
  }
}

function downloadWriter(name: string): FileWriter {
  const pieces: ArrayBuffer[] = [];
  return {
    write: async (piece) => void pieces.push(piece),
    finish: async () => saveBlob(new Blob(pieces, { type: 'application/octet-stream' }), name),
    abandon: async () => void pieces.splice(0),
  };
}

/** Hands a file to the browser, which asks or keeps it among the downloads. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken its copy by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

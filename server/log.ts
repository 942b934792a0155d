/**
 * One JSON line for each request. The fields are a closed list: no URL, no header, no file name and nothing of an image
 * can get into the log, because there is no field for it.
 */
export interface RequestRecord {
  readonly time: Date;
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the matched route, never the address that was asked for. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly code?: string | undefined;
  /** Why the hub failed; only with status 500 and above. */
  readonly error?: string | undefined;
}

export type RequestLog = (record: RequestRecord) => void;

function level(status: number): 'info' | 'warn' | 'error' {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** @param write is given a line without its line end */
export function createRequestLog(write: (line: string) => void): RequestLog {
  return ({ time, requestId, method, route, status, ms, code, error }) => {
    const rounded = Math.round(ms * 10) / 10;
    const fields = {
      time: time.toISOString(),
      level: level(status),
      requestId,
      method,
      route,
      status,
      ms: rounded,
    };
    write(JSON.stringify({ ...fields, code, error: status >= 500 ? error : undefined }));
  };
}

import { cpus, loadavg, totalmem } from 'node:os';

/** What a figure was measured on, and how busy that was. */
export function machineLine(): string {
  const [load = 0] = loadavg();
  const processors = cpus();
  return (
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${load.toFixed(1)} at the beginning`
  );
}

import { hubOnWorkers } from './hub-on-workers.ts';

/** The hub on Cloudflare Workers (`wrangler.toml`). */
// oxlint-disable-next-line import/no-default-export -- the form of a module of Workers
export default hubOnWorkers((line) => console.log(line));

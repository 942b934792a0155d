import { answerOnWorkers } from './answer-on-workers.ts';

/** The hub on Cloudflare Workers (`wrangler.toml`). */
// oxlint-disable-next-line import/no-default-export -- the form of a module of Workers
export default {
  fetch: answerOnWorkers((line) => console.log(line)),
};

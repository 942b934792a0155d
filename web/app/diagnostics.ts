import type { EngineState, ModelReady, Preference, RuntimeTrial } from '../engine/engine-state.ts';
import type { StorageFacts } from '../pwa/storage-facts.ts';
import { bytesInWords, millisecondsInWords } from '../ui/words.ts';
import type { BrowserFacts } from './browser-facts.ts';
import type { Services } from './services.ts';

export interface DiagnosticSources {
  readonly version: string;
  readonly engine: Pick<Services['engine'], 'getSnapshot' | 'preference'>;
  readonly updates: Pick<Services['updates'], 'getSnapshot' | 'whyUnavailable'>;
  readonly readStorageFacts: () => Promise<StorageFacts>;
  readonly browserFacts: () => Promise<BrowserFacts>;
}

/** What support wants to know, as lines of text. No name of a file and nothing about a patient is among it. */
export async function diagnosticsText(sources: DiagnosticSources): Promise<string> {
  const [browser, storage] = await Promise.all([sources.browserFacts(), sources.readStorageFacts()]);
  return [
    `Fieldray: ${sources.version}`,
    ...browserLines(browser),
    ...storageLines(storage),
    `Service worker: ${browser.serviceWorker}; page: ${pageInWords(sources.updates)}`,
    ...engineLines(sources.engine.getSnapshot(), sources.engine.preference()),
  ].join('\n');
}

const unsaid = 'not said by the browser';
const orUnsaid = (value: string | number | undefined): string | number => value ?? unsaid;
const bytesOrUnsaid = (bytes: number | undefined): string =>
  bytes === undefined ? unsaid : bytesInWords(bytes);
const yesOrNo = (value: boolean | undefined): string => (value === undefined ? unsaid : value ? 'yes' : 'no');

function browserLines(facts: BrowserFacts): string[] {
  const { userAgent, brands, deviceMemoryGb, zoneOffsetMinutes } = facts;
  return [
    `Browser: ${userAgent}`,
    ...(brands.length === 0 ? [] : [`Brands: ${brands.join(', ')}`]),
    `Graphics processor: ${facts.gpu}`,
    `Processor cores: ${orUnsaid(facts.cores)}`,
    `Cross-origin isolated: ${yesOrNo(facts.isolated)}; secure page: ${yesOrNo(facts.secure)}`,
    `Memory of the device: ${deviceMemoryGb === undefined ? unsaid : `${deviceMemoryGb} GB (the browser rounds)`}`,
    `Memory of this page: ${bytesOrUnsaid(facts.pageMemoryBytes)}`,
    `Screen: ${facts.screen}; installed: ${yesOrNo(facts.installed)}; network: ${yesOrNo(facts.online)}`,
    `Languages: ${facts.languages.join(', ')}; minutes east of UTC: ${zoneOffsetMinutes}`,
  ];
}

function storageLines({ usageBytes, quotaBytes, persisted }: StorageFacts): string[] {
  return [
    `Storage used: ${bytesOrUnsaid(usageBytes)} of ${bytesOrUnsaid(quotaBytes)}; promised to be kept: ${yesOrNo(persisted)}`,
  ];
}

function pageInWords({ getSnapshot, whyUnavailable }: DiagnosticSources['updates']): string {
  const state = getSnapshot();
  return state === 'unavailable' ? `${state} (${whyUnavailable() ?? 'not known why'})` : state;
}

function engineLines(state: EngineState, preference: Preference): string[] {
  const lines = [`Engine: ${state.phase}; preference: ${preference}`];
  switch (state.phase) {
    case 'starting':
      return lines;
    case 'fetching': {
      const { what, loadedBytes, totalBytes } = state.progress;
      const waiting = state.waitingForNetwork ? ', waiting for the network' : '';
      return [...lines, `Fetching: ${what}, ${loadedBytes} of ${totalBytes} bytes${waiting}`];
    }
    case 'checking':
      return [...lines, `Checking: ${state.what}`];
    case 'stopped': {
      const { code, title, detail } = state.problem;
      return [...lines, `Problem: ${code}: ${title}`, ...(detail === undefined ? [] : [`Detail: ${detail}`])];
    }
    case 'ready': {
      const background = state.background === undefined ? [] : [`In the background: ${state.background}`];
      return [
        ...lines,
        `Models kept on the device: ${yesOrNo(state.keptOffline)}`,
        ...background,
        ...state.models.flatMap(modelLines),
      ];
    }
  }
}

function modelLines({ name, version, sha256, bytes, runtime, check, choice }: ModelReady): string[] {
  return [
    `Model: ${name} ${version}, ${bytes} bytes, sha256 ${sha256}`,
    `  computed by: ${runtime.name} ${runtime.version}, ${runtime.backend}, ${runtime.threads} thread(s)`,
    `  reference check: passed, ${check.values} values of ${check.cases} cases, largest error ${check.maxError.toExponential(1)}`,
    `  chosen: ${choice.backend}, ${choice.threads} thread(s), ${choice.chosenAt}: ${choice.reason}`,
    ...choice.trials.map((trial) => `  tried: ${trialInWords(trial)}`),
  ];
}

function trialInWords({ backend, threads, runMs, rejected }: RuntimeTrial): string {
  const outcome =
    rejected === undefined
      ? `passed, ${runMs === undefined ? 'not timed' : millisecondsInWords(runMs)}`
      : `turned down: ${rejected}`;
  return `${backend}, ${threads} thread(s), ${outcome}`;
}

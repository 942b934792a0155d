import { describeThrown } from '../../shared/kernel/errors.ts';

/** What the browser says of itself and the device. Undefined where it does not say. */
export interface BrowserFacts {
  readonly userAgent: string;
  readonly brands: readonly string[];
  readonly gpu: string;
  readonly cores: number | undefined;
  readonly deviceMemoryGb: number | undefined;
  readonly pageMemoryBytes: number | undefined;
  readonly isolated: boolean;
  readonly secure: boolean;
  readonly serviceWorker: string;
  readonly online: boolean;
  readonly screen: string;
  readonly languages: readonly string[];
  /** Minutes east of UTC. */
  readonly zoneOffsetMinutes: number;
  readonly installed: boolean;
}

/** What only some browsers have, and the types of none. */
interface LooseNavigator {
  readonly gpu?: GPU;
  readonly deviceMemory?: number;
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
  };
  readonly serviceWorker?: ServiceWorkerContainer;
}

interface MeasuringPerformance {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

/** Chromium waits for the next garbage collection. */
const memoryTimeoutMs = 1500;

export async function browserFacts(): Promise<BrowserFacts> {
  const { userAgent, hardwareConcurrency, onLine, languages } = navigator;
  const loose = navigator as LooseNavigator;
  const [gpu, pageMemoryBytes, serviceWorker] = await Promise.all([
    gpuInWords(loose.gpu, isSecureContext),
    pageMemory(performance as MeasuringPerformance),
    serviceWorkerInWords(loose.serviceWorker),
  ]);
  return {
    userAgent,
    brands: loose.userAgentData?.brands.map(({ brand, version }) => `${brand} ${version}`) ?? [],
    gpu,
    cores: hardwareConcurrency,
    deviceMemoryGb: loose.deviceMemory,
    pageMemoryBytes,
    isolated: crossOriginIsolated,
    secure: isSecureContext,
    serviceWorker,
    online: onLine,
    screen: `${screen.width}×${screen.height} at ${devicePixelRatio}, window ${innerWidth}×${innerHeight}`,
    languages,
    zoneOffsetMinutes: -new Date().getTimezoneOffset(),
    installed: matchMedia('(display-mode: standalone)').matches,
  };
}

/** The adapter, or why there is none. */
export async function gpuInWords(gpu: GPU | undefined, secure: boolean): Promise<string> {
  if (!secure) return 'none: the page is not secure (neither https:// nor 127.0.0.1)';
  if (gpu === undefined) return 'none: this browser has no navigator.gpu';
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) return 'none: the browser offers no adapter';
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const names = [vendor, architecture, device, description].filter((name) => name !== '');
    const known = names.length === 0 ? 'not named by the browser' : names.join(', ');
    return isFallbackAdapter ? `${known} (imitated by the processor)` : known;
  } catch (error) {
    return `none: ${describeThrown(error)}`;
  }
}

async function pageMemory(performance: MeasuringPerformance): Promise<number | undefined> {
  const measured = performance.measureUserAgentSpecificMemory?.().then(
    ({ bytes }) => bytes,
    () => undefined,
  );
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), memoryTimeoutMs));
  return Promise.race([measured, late]);
}

async function serviceWorkerInWords(container: ServiceWorkerContainer | undefined): Promise<string> {
  if (container === undefined) return 'not offered by this browser';
  const registration = await container.getRegistration().catch(() => undefined);
  if (registration === undefined) return 'none registered';
  const states = (['active', 'waiting', 'installing'] as const).flatMap((phase) => {
    const worker = registration[phase];
    return worker === null ? [] : [`${phase}: ${worker.state}`];
  });
  return `${states.join(', ')}; ${container.controller === null ? 'does not control this page' : 'controls this page'}`;
}

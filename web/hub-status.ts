import { healthEndpoint } from '../shared/api/endpoints.ts';
import { Health } from '../shared/api/health.ts';

/** One sentence on whether the hub can read pictures now. */
export async function hubInWords(): Promise<string> {
  try {
    const response = await fetch(healthEndpoint.path);
    const { status, version, models } = Health.parse(await response.json());
    if (status !== 'ok') return `The hub is ${status}; a picture chosen now has to wait.`;
    const checked = models.map((model) => `${model.name} ${model.version}`).join(' and ');
    return `The hub is ready: Fieldray ${version} with ${checked}, checked against their reference values on this machine.`;
  } catch {
    return 'The hub does not answer. Check that it is still running.';
  }
}

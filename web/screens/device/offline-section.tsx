import { useObservable, useServices } from '../../app/services-context.tsx';
import { programVersion } from '../../engine/program-version.ts';
import type { AppUpdateState, WhyUnavailable } from '../../pwa/app-updates.ts';
import { Facts } from '../../ui/facts.tsx';

const whyNot = {
  'no-service-worker': 'No: this browser cannot keep pages, or not in a private window.',
  'insecure-page': 'No: its address begins neither with https:// nor with http://127.0.0.1.',
  'registration-refused': 'No: the browser refused to keep it.',
  'not-kept': 'No: it could not be kept. Free some space, then load the page again while there is a network.',
  'development-server': 'No: this is the development server.',
} as const satisfies Record<WhyUnavailable, string>;

function pageInWords(state: AppUpdateState, why: WhyUnavailable | undefined): string {
  switch (state) {
    case 'none':
      return 'Being prepared…';
    case 'offline-ready':
      return 'Yes';
    case 'update-waiting':
      return 'Yes. A new version is ready, too.';
    case 'updated-elsewhere':
      return 'Yes. Load this page again to use the new version.';
    case 'unavailable':
      return why === undefined ? 'No' : whyNot[why];
  }
}

/** Whether the page opens without a network, which version it is, and how to install it. */
export function OfflineSection() {
  const { updates, install } = useServices();
  const state = useObservable(updates);
  const canInstall = useObservable(install);
  const installed = matchMedia('(display-mode: standalone)').matches;
  return (
    <section className="card" aria-labelledby="offline-title">
      <h2 id="offline-title">Without a network</h2>
      <Facts
        facts={[
          ['Fieldray', `version ${programVersion}`],
          ['This page opens without a network', pageInWords(state, updates.whyUnavailable())],
          ['Installed', installed ? 'Yes' : 'No'],
        ]}
      />
      {canInstall && (
        <button type="button" className="button" onClick={() => void install.install()}>
          Install Fieldray
        </button>
      )}
      {!canInstall && !installed && (
        <p className="hint">
          To install: in Chrome and Edge open the menu of the browser and choose “Install”; on an iPad or
          iPhone tap “Share”, then “Add to Home Screen”; on a Mac choose “Add to Dock” in Safari. In Firefox
          keep a bookmark.
        </p>
      )}
    </section>
  );
}

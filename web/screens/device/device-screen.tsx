import { useEngineState } from '../../app/services-context.tsx';
import { useDocumentTitle } from '../../ui/use-document-title.ts';
import { useHeadingFocus } from '../../ui/use-heading-focus.ts';
import { EngineNotice } from '../engine-notice.tsx';
import { ComputeSection } from './compute-section.tsx';
import { DiagnosticsSection } from './diagnostics-section.tsx';
import { ModelsSection } from './models-section.tsx';
import { OfflineSection } from './offline-section.tsx';
import { StorageSection } from './storage-section.tsx';

export function DeviceScreen() {
  const heading = useHeadingFocus('device');
  useDocumentTitle('This device');
  const state = useEngineState();
  return (
    <div className="device">
      <h1 ref={heading} tabIndex={-1} className="screen-title">
        This device
      </h1>
      <EngineNotice />
      <ComputeSection />
      {state.phase === 'ready' && <ModelsSection models={state.models} />}
      <OfflineSection />
      <StorageSection />
      <DiagnosticsSection />
    </div>
  );
}

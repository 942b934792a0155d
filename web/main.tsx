import './pwa/trusted-urls.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { Banner } from './app/banner.tsx';
import { PageError } from './app/page-error.tsx';
import { textOf, watchPageErrors } from './app/page-errors.ts';

watchPageErrors(window);
const root = createRoot(document.getElementById('root')!);
try {
  // Storage and engine come beside the screens, not in front of them.
  const { createServices } = await import('./app/create-services.ts');
  root.render(<App services={createServices()} />);
} catch (error) {
  root.render(
    <>
      <Banner />
      <PageError text={textOf(error)} />
    </>,
  );
  throw error;
}

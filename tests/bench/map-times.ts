import type { Page } from 'playwright-core';

/** By the page's own clock, of a reading that is chosen now and opened by itself. */
export interface MapTimes {
  /** From the finding on the screen to its Grad-CAM on the picture, and what of that comes after the picture itself. */
  readonly gradCamMs: number;
  readonly afterPictureMs: number;
  /** From the choice of integrated gradients to the map with its judgement. */
  readonly integratedMs: number;
}

/** When something is first on the page, in milliseconds of the page's clock. */
function appearance(page: Page, selector: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): boolean => {
          if (document.querySelector(wanted) === null) return false;
          resolve(performance.now());
          return true;
        };
        if (look()) return;
        const observer = new MutationObserver(() => {
          if (look()) observer.disconnect();
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
      }),
    selector,
  );
}

/** @param choose gives the page one new file */
export async function timeMaps(page: Page, choose: () => Promise<void>): Promise<MapTimes> {
  await page.locator('.brand').click();
  const shown = Promise.all(
    ['.finding', '.viewer-picture', '.viewer-heat'].map((selector) => appearance(page, selector)),
  );
  await choose();
  const [finding, picture, gradCam] = (await shown) as [number, number, number];
  // Its check is over before the next is asked for.
  await appearance(page, '.map-verdict.judged, .map-verdict.doubtful');
  const begun = await page.evaluate(() => performance.now());
  await page.getByLabel('Method').selectOption('ig');
  await page.locator('.map-verdict.computing').waitFor();
  const integrated = await appearance(page, '.map-verdict.judged, .map-verdict.doubtful');
  return {
    gradCamMs: gradCam - finding,
    afterPictureMs: gradCam - picture,
    integratedMs: integrated - begun,
  };
}

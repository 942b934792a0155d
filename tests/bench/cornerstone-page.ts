/** A page with nothing but cornerstone3D's stack viewport and a picture of the size of a radiograph; built by the bench. */

export const cornerstoneVersion = '5.14.0';

export const cornerstoneFiles: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ private: true, type: 'module' }),
  'index.html':
    '<!doctype html><link rel="stylesheet" href="/page.css"><div id="stage"></div><script type="module" src="/main.js"></script>',
  'page.css': '#stage { width: 1000px; height: 800px; }',
  // vtk.js reaches for it at load, and it does not run in a browser.
  'no-xml.js': 'export const create = () => {}; export const convert = () => {};',
  'vite.config.js': `
    export default { resolve: { alias: { xmlbuilder2: import.meta.dirname + '/no-xml.js' } }, build: { target: 'esnext' } };`,
  'main.js': `
    import * as core from '@cornerstonejs/core';
    import * as tools from '@cornerstonejs/tools';
    const columns = 2140, rows = 1760;
    const pixels = Uint16Array.from({ length: rows * columns }, (_, i) => ((i % columns) * 31 + 17 * Math.trunc(i / columns)) & 4095);
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask', buffered: true });
    globalThis.showPicture = async () => {
      // Making the picture is not its work.
      longTasks.length = 0;
      const started = performance.now();
      await core.init();
      tools.init();
      tools.addTool(tools.LengthTool);
      const voxelManager = core.utilities.VoxelManager.createImageVoxelManager({
        width: columns, height: rows, scalarData: pixels, numberOfComponents: 1,
      });
      const image = {
        imageId: 'made:1', minPixelValue: 0, maxPixelValue: 4095, slope: 1, intercept: 0, windowCenter: 2048, windowWidth: 4096,
        getPixelData: () => pixels, rows, columns, height: rows, width: columns, color: false, rgba: false, numberOfComponents: 1,
        columnPixelSpacing: 1, rowPixelSpacing: 1, invert: false, sizeInBytes: pixels.byteLength, dataType: 'Uint16Array',
        voiLUTFunction: 'LINEAR_EXACT', photometricInterpretation: 'MONOCHROME2', voxelManager,
      };
      core.imageLoader.registerImageLoader('made', () => ({ promise: Promise.resolve(image) }));
      const modules = {
        imagePixelModule: {
          bitsAllocated: 16, bitsStored: 12, highBit: 11, pixelRepresentation: 0, samplesPerPixel: 1,
          photometricInterpretation: 'MONOCHROME2',
        },
        imagePlaneModule: {
          rows, columns, rowPixelSpacing: 1, columnPixelSpacing: 1, imageOrientationPatient: [1, 0, 0, 0, 1, 0],
          imagePositionPatient: [0, 0, 0], rowCosines: [1, 0, 0], columnCosines: [0, 1, 0],
        },
        generalSeriesModule: { modality: 'DX' },
        voiLutModule: { windowCenter: [2048], windowWidth: [4096], voiLUTFunction: 'LINEAR_EXACT' },
      };
      core.metaData.addProvider((type) => modules[type], 1000);
      const stage = document.getElementById('stage');
      const drawn = () => new Promise((resolve) => stage.addEventListener(core.Enums.Events.IMAGE_RENDERED, resolve, { once: true }));
      const engine = new core.RenderingEngine('engine');
      engine.enableElement({ viewportId: 'port', type: core.Enums.ViewportType.STACK, element: stage });
      const viewport = engine.getViewport('port');
      let next = drawn();
      await viewport.setStack(['made:1']);
      viewport.render();
      await next;
      const firstMs = performance.now() - started;
      const windowMs = [];
      for (let step = 0; step < 10; step += 1) {
        const before = performance.now();
        next = drawn();
        viewport.setProperties({ voiRange: { lower: 100 + 50 * step, upper: 3000 } });
        viewport.render();
        await next;
        windowMs.push(performance.now() - before);
      }
      return { firstMs, windowMs, longestMs: Math.max(0, ...longTasks) };
    };`,
};

/** The drawn chest, labelled as synthetic; the program that draws it is loaded when it is first asked for. */
export async function drawPhantom(): Promise<File> {
  const { phantomFile } = await import('../../../shared/imaging/phantom-file.ts');
  return new File([new Uint8Array(phantomFile({ opacity: true }))], 'phantom.png', { type: 'image/png' });
}

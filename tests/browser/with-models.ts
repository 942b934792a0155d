/** Runs `work`, a build, with the models of another folder. */
export async function withModels(modelsDir: string | undefined, work: () => Promise<void>): Promise<void> {
  const before = process.env['MODELS_DIR'];
  if (modelsDir !== undefined) process.env['MODELS_DIR'] = modelsDir;
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env['MODELS_DIR'];
    else process.env['MODELS_DIR'] = before;
  }
}

import { AppError } from '../../shared/kernel/errors.ts';

/** A device that is watched: a runtime may go on answering, wrongly, after it has been lost. */
export interface WatchedDevice {
  readonly device: GPUDevice;
  /** Undefined while it works. */
  readonly lostBecause: () => string | undefined;
}

/** What a network may need more of than WebGPU promises everywhere; as much as the adapter has. */
const raisedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** @throws AppError `device.unsupported` when there is no adapter or it gives no device */
export async function openGpuDevice(): Promise<WatchedDevice> {
  // Typed as always there; it is not on plain HTTP and in older browsers.
  const gpu = navigator.gpu as GPU | undefined;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null || adapter === undefined) {
    throw new AppError('device.unsupported', 'there is no graphics processor that this browser may use');
  }
  const requiredLimits = Object.fromEntries(raisedLimits.map((name) => [name, adapter.limits[name]]));
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ requiredLimits });
  } catch (cause) {
    throw new AppError('device.unsupported', `the graphics processor was refused: ${String(cause)}`, {
      cause,
    });
  }
  const loss = watchLoss(device);
  return { device, lostBecause: () => loss.reason };
}

function watchLoss(device: GPUDevice): { readonly reason?: string } {
  const loss: { reason?: string } = {};
  const wait = async (): Promise<void> => {
    const { reason, message } = await device.lost;
    loss.reason = `${message || 'the device was lost'} (${reason})`;
  };
  void wait();
  return loss;
}

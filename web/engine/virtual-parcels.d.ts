/** Made by `web/build/parcels-plugin.ts`: the models and runtimes that this build of the page knows. */
declare module 'virtual:parcels' {
  export const parcels: readonly import('./parcels.ts').Parcel[];
}

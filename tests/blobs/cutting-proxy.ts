import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Dice } from '../property/dice.ts';

/** A line that breaks after so many bytes towards the hub, on average; a third of the times an answer is lost instead. */
export class CuttingProxy {
  /** Towards the hub, headers included, what was cut off included. */
  sentBytes = 0;
  cuts = 0;
  lostAnswers = 0;
  readonly #server: Server;
  readonly #dice: Dice;
  readonly #meanBytes: number;
  #untilCut: number;
  readonly #open = new Set<Socket>();

  constructor(seed: number, meanBytes: number, target: () => number) {
    this.#dice = new Dice(seed);
    this.#meanBytes = meanBytes;
    this.#untilCut = this.#drawn();
    this.#server = createServer((client) => this.#join(client, connect(target(), '127.0.0.1')));
  }

  #drawn(): number {
    return Math.ceil(-Math.log(1 - this.#dice.next()) * this.#meanBytes);
  }

  #join(client: Socket, hub: Socket): void {
    let losesAnswer = false;
    const cut = (): void => {
      client.destroy();
      hub.destroy();
    };
    for (const socket of [client, hub]) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', () => {
        this.#open.delete(socket);
        cut();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (chunk.length < this.#untilCut) {
        this.#untilCut -= chunk.length;
        this.sentBytes += chunk.length;
        hub.write(chunk);
        return;
      }
      if (this.#dice.chance(1 / 3)) {
        this.lostAnswers += 1;
        losesAnswer = true;
        this.sentBytes += chunk.length;
        hub.write(chunk);
      } else {
        this.cuts += 1;
        this.sentBytes += this.#untilCut;
        hub.write(chunk.subarray(0, this.#untilCut), cut);
      }
      this.#untilCut = this.#drawn();
    });
    hub.on('data', (chunk: Buffer) => {
      if (losesAnswer) cut();
      else client.write(chunk);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

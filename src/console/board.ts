import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { AppControllerRoute, BullBoardQueues } from '@bull-board/api/typings/app';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const basePath = '/ops/queues';

/**
 * One board, two views of the queue. bull-board fixes "read only" when a queue is added; here it is decided per request:
 * the headers object of a request that may operate is remembered, and that request alone sees the writable queues.
 */
class PerRequestAdapter extends FastifyAdapter {
  readonly #writable: BullBoardQueues;
  readonly #operating: WeakSet<object>;

  constructor(writable: BullBoardQueues, operating: WeakSet<object>) {
    super();
    this.#writable = writable;
    this.#operating = operating;
  }

  override setApiRoutes(routes: AppControllerRoute[]): this {
    super.setApiRoutes(
      routes.map((route) => ({
        ...route,
        handler: (request) =>
          route.handler(request && this.#operating.has(request.headers) ? { ...request, queues: this.#writable } : request),
      })),
    );
    return this;
  }
}

/**
 * bull-board at `/ops/queues`. Jobs carry a claim id and nothing else, so it can show no patient data. Register inside a
 * scope whose hooks have already let the viewer in; `mayOperate` decides about changes, for reads and writes alike.
 */
export async function mountBoard(
  app: FastifyInstance,
  queue: Queue,
  mayOperate: (request: FastifyRequest) => boolean,
): Promise<void> {
  const operating = new WeakSet<object>();
  const writable = new BullMQAdapter(queue);
  const adapter = new PerRequestAdapter(new Map([[writable.getName(), writable]]), operating);
  createBullBoard({
    queues: [new BullMQAdapter(queue, { readOnlyMode: true })],
    serverAdapter: adapter,
    options: {
      uiConfig: { boardTitle: 'Rollcall queues', miscLinks: [{ text: 'Console', url: '/ops' }], hideRedisDetails: true },
    },
  });
  adapter.setBasePath(basePath);
  app.addHook('preHandler', async (request) => {
    if (mayOperate(request)) operating.add(request.headers);
  });
  await app.register(adapter.registerPlugin());
}

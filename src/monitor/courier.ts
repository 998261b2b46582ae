import type { AlertReceiver, Logger } from '../domain/index.ts';
import { createWaker, SECOND } from '../lib/index.ts';
import { type AlertContext, receiversToTell, tellReceiver } from '../services/index.ts';

/** Tells receivers of alerts what is due, each in a lane of its own, so that none waits for another. */
export interface AlertCourier {
  /** Looks for what is due, now and each second. */
  start(): void;
  /** Tells what is due, and returns when nothing is that can be told now. */
  deliver(): Promise<void>;
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** What other processes leave behind, and what was put off, is found within this time. */
const LOOK_EVERY = SECOND;

/** Makes a courier; nothing happens before it is asked. Several processes may have one: what one took no other takes. */
export function createAlertCourier(context: AlertContext, logger: Logger): AlertCourier {
  const lanes = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const serve = async (receiver: AlertReceiver): Promise<void> => {
    const { name } = receiver;
    try {
      for (let more = true; more && !stopped; ) {
        const { told, failure } = await tellReceiver(context, receiver);
        if (failure !== null) logger.warn('a receiver of alerts took nothing', { receiver: name, failure });
        more = told > 0;
      }
    } catch (error) {
      logger.error('a receiver could not be told of findings; it is tried again', { receiver: name, error });
    } finally {
      lanes.delete(name);
    }
  };
  const begin = async (): Promise<void> => {
    for (const receiver of await receiversToTell(context))
      if (!stopped && !lanes.has(receiver.name)) lanes.set(receiver.name, serve(receiver));
  };
  const deliver = async (): Promise<void> => {
    await begin();
    await Promise.all(lanes.values());
  };
  const wake = createWaker(begin, (error) =>
    logger.warn('alerts that are due could not be looked for', { reason: String(error) }),
  );
  return {
    start: () => {
      stopped = false;
      if (context.alerting.receivers.length === 0) return;
      timer ??= setInterval(wake, LOOK_EVERY);
      wake();
    },
    deliver,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      timer = undefined;
      await Promise.all(lanes.values());
    },
  };
}

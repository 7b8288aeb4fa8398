/**
 * The moments around each irrevocable operation of delivery, in order. A crash test kills the process at each of them;
 * a step that is not listed here cannot be awaited.
 */
export const DELIVERY_STEPS = [
  'stage:before_write',
  'stage:written',
  'stage:files_synced',
  'stage:verified',
  'stage:folder_synced',
  'journal:before_write',
  'journal:written',
  'journal:synced',
  'rename:before',
  'rename:renamed',
  'rename:outbound_synced',
  'rename:staging_synced',
] as const;

export type DeliveryStep = (typeof DELIVERY_STEPS)[number];

/** Awaited at a step; absent in production. */
export type DeliveryStepHook = (step: DeliveryStep) => Promise<void> | void;

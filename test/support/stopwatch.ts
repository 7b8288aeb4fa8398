const TICK_MS = 50;

/**
 * Time of this process in ms, for limits: a clock that stands still while the machine does (a virtual machine that is
 * suspended, a disk that keeps everybody waiting), since nothing else can run then either.
 */
export function stopwatch(): { readonly stop: () => number } {
  let spent = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    spent += Math.min(now - last, 4 * TICK_MS);
    last = now;
  };
  const timer = setInterval(look, TICK_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return spent;
    },
  };
}

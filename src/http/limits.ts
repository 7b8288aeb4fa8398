/** What one client may cost the process. Every figure can be overridden when the server is built. */
export interface HttpLimits {
  /** Largest request body in bytes; 2 MiB holds a session of 200 attendees with full notes. */
  readonly bodyBytes: number;
  /** Deepest nesting of a JSON body. The deepest documented path is 11 levels. */
  readonly jsonDepth: number;
  /** Requests per minute of one API key. */
  readonly perKeyPerMinute: number;
  /** Requests per minute of one address that shows no valid key. */
  readonly perAddressPerMinute: number;
  /** Console sign-ins tried per minute and address. */
  readonly signInsPerMinute: number;
  /** Intake is refused with 503 while the event loop lags by more than this. */
  readonly eventLoopDelayMs: number;
  /** A request whose headers and body take longer to arrive is cut off. */
  readonly requestTimeoutMs: number;
  /** A console session ends after this, whatever the person does. */
  readonly consoleSessionMs: number;
}

export const defaultLimits: HttpLimits = {
  bodyBytes: 2 * 1024 * 1024,
  jsonDepth: 32,
  perKeyPerMinute: 30_000,
  perAddressPerMinute: 600,
  signInsPerMinute: 20,
  eventLoopDelayMs: 1_000,
  requestTimeoutMs: 60_000,
  consoleSessionMs: 8 * 60 * 60 * 1000,
};

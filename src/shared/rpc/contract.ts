import type { z } from 'zod';

export interface CallSpec {
  readonly kind: 'call';
  readonly params: z.ZodType;
  readonly result: z.ZodType;
}
/** `state`: each item is the whole present value and a newer one replaces an unread older one. `log`: each item counts, in order. */
export interface FeedSpec {
  readonly kind: 'feed';
  readonly flow: 'state' | 'log';
  readonly params: z.ZodType;
  readonly item: z.ZodType;
}
export type Contract = Readonly<Record<string, CallSpec | FeedSpec>>;

export const call = <P extends z.ZodType, R extends z.ZodType>(params: P, result: R) =>
  ({ kind: 'call', params, result }) as const;
export const stateFeed = <P extends z.ZodType, I extends z.ZodType>(params: P, item: I) =>
  ({ kind: 'feed', flow: 'state', params, item }) as const;
export const logFeed = <P extends z.ZodType, I extends z.ZodType>(params: P, item: I) =>
  ({ kind: 'feed', flow: 'log', params, item }) as const;

export interface CallOptions {
  readonly signal?: AbortSignal;
}
export type Client<C extends Contract> = {
  [K in keyof C]: C[K] extends { kind: 'call'; params: infer P extends z.ZodType; result: infer R extends z.ZodType }
    ? (params: z.input<P>, options?: CallOptions) => Promise<z.output<R>>
    : C[K] extends { kind: 'feed'; params: infer P extends z.ZodType; item: infer I extends z.ZodType }
      ? (params: z.input<P>, options?: CallOptions) => AsyncIterable<z.output<I>>
      : never;
};
export type Handlers<C extends Contract> = {
  [K in keyof C]: C[K] extends { kind: 'call'; params: infer P extends z.ZodType; result: infer R extends z.ZodType }
    ? (params: z.output<P>, signal: AbortSignal) => Promise<z.input<R>>
    : C[K] extends { kind: 'feed'; params: infer P extends z.ZodType; item: infer I extends z.ZodType }
      ? (params: z.output<P>, signal: AbortSignal) => AsyncIterable<z.input<I>>
      : never;
};

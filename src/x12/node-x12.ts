import nodeX12 from 'node-x12';

/**
 * node-x12 is a CommonJS bundle whose names Node cannot see from ESM: the classes come off its default import, once, here.
 * It serializes segments made of elements; it escapes and checks nothing.
 */
export const { X12Element, X12Segment, X12SerializationOptions } = nodeX12;

export type X12Element = InstanceType<typeof X12Element>;
export type X12Segment = InstanceType<typeof X12Segment>;

import nodeX12 from 'node-x12';

/**
 * node-x12 is a CommonJS bundle whose names Node cannot see from ESM: the classes come off its default import, once, here.
 * It serializes an object model of interchange, group, set, segment and element; it escapes and checks nothing.
 */
export const { X12FunctionalGroup, X12Interchange, X12Segment, X12SerializationOptions, X12Transaction } = nodeX12;

export type X12Segment = InstanceType<typeof X12Segment>;
export type X12Interchange = InstanceType<typeof X12Interchange>;
export type X12FunctionalGroup = InstanceType<typeof X12FunctionalGroup>;
export type X12Transaction = InstanceType<typeof X12Transaction>;
export type X12SerializationOptions = InstanceType<typeof X12SerializationOptions>;

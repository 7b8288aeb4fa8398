import { describe, expect, it } from 'vitest';
import { DeliveryError, systemCode, toDeliveryError, withDeliveryErrors } from '../../../src/delivery/errors.ts';

const failure = (code: string): Error => Object.assign(new Error(`${code}: no space, write '/srv/drop/x'`), { code });

describe('delivery errors', () => {
  it.each([
    ['ENOSPC', 'disk_full', 'backoff'],
    ['EDQUOT', 'disk_full', 'backoff'],
    ['EACCES', 'denied', 'operator'],
    ['EPERM', 'denied', 'operator'],
    ['EROFS', 'denied', 'operator'],
    ['EXDEV', 'wrong_volume', 'operator'],
    ['ENOENT', 'marker_missing', 'operator'],
    ['EEXIST', 'exists', 'backoff'],
    ['EIO', 'unreachable', 'backoff'],
    ['ESTALE', 'unreachable', 'backoff'],
    ['EMFILE', 'unreachable', 'backoff'],
    ['ESOMETHINGNEW', 'unknown', 'operator'],
  ])('%s is %s, next %s', (code, errorClass, retry) => {
    expect(toDeliveryError(failure(code))).toMatchObject({ name: 'DeliveryError', class: errorClass, retry, code });
  });

  it('carry no path', () => {
    const error = toDeliveryError(failure('ENOSPC')) as DeliveryError;
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('/srv');
  });

  it('leave defects and errors of their own as they are', async () => {
    const defect = new TypeError('x is undefined');
    const own = new DeliveryError('damaged', 'backoff', 'different');
    expect(toDeliveryError(defect)).toBe(defect);
    expect(toDeliveryError(own)).toBe(own);
    expect(systemCode('text')).toBeNull();
    await expect(withDeliveryErrors(() => Promise.reject(failure('EIO')))).rejects.toMatchObject({ class: 'unreachable' });
    await expect(withDeliveryErrors(() => Promise.resolve(7))).resolves.toBe(7);
  });
});

import { describe, expect, it } from 'vitest';
import { createdObjects } from '../../../shared/runtime/message-body.ts';
import { notification } from '../../helpers/lambda.ts';

const created = { bucket: 'vault', versionId: 'v1', size: 7, createdAt: '2026-01-02T03:04:05.678Z' };

describe("S3's notification", () => {
  it('is accepted and holds nothing when it is the test event', () => {
    const body = JSON.stringify({
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Bucket: 'vault',
      RequestId: 'x',
    });
    expect(createdObjects.parse(body)).toEqual([]);
  });

  it.each([
    'uploads/a b.dcm',
    'uploads/a+b.dcm',
    'uploads/100%.dcm',
    'uploads/患者/Müller.dcm',
    'uploads/../x',
    'uploads/a%2Fb',
    "uploads/it's (1).dcm",
  ])('gives the key %j as it was', (key) => {
    expect(createdObjects.parse(JSON.stringify(notification({ ...created, key })))).toEqual([
      { ...created, key },
    ]);
  });

  it('may hold several objects', () => {
    const body = JSON.stringify(
      notification({ ...created, key: 'uploads/a' }, { ...created, key: 'uploads/b' }),
    );
    expect(createdObjects.parse(body).map(({ key }) => key)).toEqual(['uploads/a', 'uploads/b']);
  });

  it('may lack the version of a bucket that keeps none', () => {
    const body = JSON.stringify(notification({ ...created, key: 'uploads/a', versionId: '' }));
    expect(createdObjects.parse(body)).toEqual([{ ...created, key: 'uploads/a', versionId: '' }]);
  });

  it.each([
    '{}',
    '{"Records":[{}]}',
    'x',
    '{"Event":"other"}',
    '{"Records":[{"eventTime":"","s3":{"bucket":{"name":"b"},"object":{"key":"%ff"}}}]}',
  ])('is nothing like %s', (body) => {
    expect(createdObjects.safeParse(body).success).toBe(false);
  });
});

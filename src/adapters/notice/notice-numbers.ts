import { createHmac, createSecretKey } from 'node:crypto';
import type { NoticeNumbers } from '../../app/ports/notice-numbers.ts';
import { noticeNumberOf } from '../../domain/notice/notice-number.ts';

const numberBytes = 10;

/** Notice numbers by HMAC-SHA-256, cut to 80 bits (RFC 2104, section 5). `key` is the sub-key of this purpose. */
export function makeNoticeNumbers(key: Uint8Array): NoticeNumbers {
  // Made once: a key given as bytes is made into this anew at every call, which costs more than the MAC.
  const macKey = createSecretKey(key);
  return (plan, account, kind) => {
    const mac = createHmac('sha256', macKey)
      .update(JSON.stringify(['allclear notice v1', plan, account, kind]))
      .digest();
    return noticeNumberOf(mac.subarray(0, numberBytes));
  };
}

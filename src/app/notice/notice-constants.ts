import type { ConstantSlot } from '../../domain/notice/segment.ts';

/** What the service says of itself in every mail of a plan: its name, and where a person of it can be reached. */
export type NoticeConstants = Readonly<Record<ConstantSlot, string>>;

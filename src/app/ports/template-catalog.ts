import type { NoticeTemplate } from '../../domain/notice/template.ts';
import type { PinnedTemplate } from '../../domain/plan/frozen-plan.ts';

/** The notice templates of this installation: read and linted once at start, and never changed while running. */
export interface TemplateCatalog {
  /** The highest version of a template, or null where none has that id. */
  findNewest(id: string): NoticeTemplate | null;
  /** One pin per mail and language, companions included, sorted by kind and language. `Failure('not-found')`. */
  pinsOf(id: string, version: number): readonly PinnedTemplate[];
  /**
   * The template that a plan was frozen with. `Failure('template-unfit')` when it is gone, or when the words of any
   * mail in any language are not those that were approved.
   */
  findPinned(pins: readonly PinnedTemplate[]): NoticeTemplate;
}

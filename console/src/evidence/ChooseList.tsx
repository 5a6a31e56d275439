import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Text } from 'react-aria-components/Text';

interface Props {
  readonly file: File | null;
  /** The one that was chosen is being read: no other takes its place meanwhile. */
  readonly isBusy: boolean;
  readonly onChoose: (file: File) => void;
}

/** By drag and drop, by pasting, or by the browser's own dialog, which every keyboard reaches. */
export function ChooseList({ file, isBusy, onChoose }: Props): ReactNode {
  return (
    <DropZone
      className="drop"
      isDisabled={isBusy}
      getDropOperation={() => 'copy'}
      onDrop={({ items }) => {
        const dropped = items.find((item) => item.kind === 'file');
        if (dropped !== undefined) void dropped.getFile().then(onChoose);
      }}
    >
      <Text slot="label">
        {file === null
          ? 'Drop a list here'
          : isBusy
            ? `Chosen: ${file.name}`
            : `Chosen: ${file.name}. Drop another one to change it`}
      </Text>
      <FileTrigger
        onSelect={(files) => {
          const [chosen] = files ?? [];
          if (chosen !== undefined) onChoose(chosen);
        }}
      >
        <Button className="button" isDisabled={isBusy}>
          Choose a file …
        </Button>
      </FileTrigger>
    </DropZone>
  );
}

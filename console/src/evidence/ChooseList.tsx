import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Text } from 'react-aria-components/Text';

interface Props {
  readonly file: File | null;
  readonly onChoose: (file: File) => void;
}

/** By drag and drop, by pasting, or by the browser's own dialog, which every keyboard reaches. */
export function ChooseList({ file, onChoose }: Props): ReactNode {
  return (
    <DropZone
      className="drop"
      getDropOperation={() => 'copy'}
      onDrop={({ items }) => {
        const dropped = items.find((item) => item.kind === 'file');
        if (dropped !== undefined) void dropped.getFile().then(onChoose);
      }}
    >
      <Text slot="label">
        {file === null ? 'Drop a list here' : `Chosen: ${file.name}. Drop another one to change it`}
      </Text>
      <FileTrigger
        onSelect={(files) => {
          const [chosen] = files ?? [];
          if (chosen !== undefined) onChoose(chosen);
        }}
      >
        <Button className="button">Choose a file …</Button>
      </FileTrigger>
    </DropZone>
  );
}

import type { ComponentProps, ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';

interface Props extends ComponentProps<typeof Button> {
  readonly className?: string;
  readonly isWorking: boolean;
}

/**
 * A button that keeps the focus while what it began goes on, and begins nothing more meanwhile. The component library's own
 * pending state tells screen readers of an image without a name as soon as it is over, so it is not used.
 */
export function WorkButton({ isWorking, className = 'button', onPress, ...rest }: Props): ReactNode {
  return (
    <Button
      {...rest}
      className={isWorking ? `${className} pending` : className}
      onPress={(event) => {
        if (!isWorking) onPress?.(event);
      }}
    />
  );
}

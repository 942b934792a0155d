import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import type { Mask } from '../../../../shared/imaging/deidentify/deidentify-options.ts';
import { maskBetween, maskByKey, movedMask, newMask, type PictureSize, resizedMask } from './move-mask.ts';

interface MaskEditorProps {
  readonly size: PictureSize;
  readonly masks: readonly Mask[];
  readonly disabled: boolean;
  readonly onChange: (masks: readonly Mask[]) => void;
  /** The picture itself. */
  readonly children: ReactNode;
}

type Drag =
  | { readonly is: 'drawing'; readonly from: readonly [number, number] }
  | {
      readonly is: 'moving' | 'resizing';
      readonly index: number;
      readonly from: readonly [number, number];
      readonly mask: Mask;
    };

/** A pointer that hardly moved wanted no area. */
const minDrawn = 12;

/** The picture with the areas that will be black. They are drawn, moved and resized by pointer or by keys. */
export function MaskEditor({ size, masks, disabled, onChange, children }: MaskEditorProps) {
  const stage = useRef<HTMLDivElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const [drawn, setDrawn] = useState<Mask>();

  const at = ({ clientX, clientY }: PointerEvent): readonly [number, number] => {
    const { left, top, width, height } = stage.current!.getBoundingClientRect();
    return [((clientX - left) / width) * size.width, ((clientY - top) / height) * size.height];
  };
  const replace = (index: number, mask: Mask): void => onChange(masks.with(index, mask));
  const remove = (index: number): void => {
    onChange(masks.filter((_, other) => other !== index));
    addButton.current?.focus();
  };
  const start = (event: PointerEvent, begin: Drag): void => {
    if (event.button !== 0 || disabled) return;
    stage.current?.setPointerCapture(event.pointerId);
    setDrag(begin);
    event.stopPropagation();
  };
  const go = (event: PointerEvent): void => {
    if (drag === undefined) return;
    const [x, y] = at(event);
    if (drag.is === 'drawing') return setDrawn(maskBetween(drag.from, [x, y], size));
    const change = drag.is === 'moving' ? movedMask : resizedMask;
    replace(drag.index, change(drag.mask, x - drag.from[0], y - drag.from[1], size));
  };
  const end = (): void => {
    if (drawn !== undefined && Math.max(drawn.width, drawn.height) >= minDrawn) onChange([...masks, drawn]);
    setDrag(undefined);
    setDrawn(undefined);
  };
  /** Leaves the area, and the window open. */
  const leave = (): void => {
    if (drag !== undefined && drag.is !== 'drawing') replace(drag.index, drag.mask);
    setDrag(undefined);
    setDrawn(undefined);
    stage.current?.focus({ preventScroll: true });
  };
  const isDragging = drag !== undefined;
  const leaveDrag = useEffectEvent((event: globalThis.KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  });
  useEffect(() => {
    if (!isDragging) return undefined;
    const listening = new AbortController();
    // Wherever the focus is while the pointer is down.
    addEventListener('keydown', (event) => leaveDrag(event), { capture: true, signal: listening.signal });
    return () => listening.abort();
  }, [isDragging]);
  const onKey = (event: KeyboardEvent, index: number, mask: Mask): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      leave();
    } else if (event.key === 'Delete' || event.key === 'Backspace') remove(index);
    else {
      const changed = maskByKey(mask, event.key, event.shiftKey, size);
      if (changed === undefined) return;
      replace(index, changed);
    }
    event.preventDefault();
  };
  const place = ({ x, y, width, height }: Mask) => ({
    left: `${(100 * x) / size.width}%`,
    top: `${(100 * y) / size.height}%`,
    width: `${(100 * width) / size.width}%`,
    height: `${(100 * height) / size.height}%`,
  });

  return (
    <div className="mask-editor">
      <div
        ref={stage}
        className="mask-stage"
        role="group"
        aria-label="The picture and its areas"
        tabIndex={-1}
        style={{ '--aspect': size.width / size.height } as CSSProperties}
        onPointerDown={(event) => start(event, { is: 'drawing', from: at(event) })}
        onPointerMove={go}
        onPointerUp={end}
        onPointerCancel={end}
      >
        {children}
        {masks.map((mask, index) => (
          <button
            // oxlint-disable-next-line react/no-array-index-key -- areas have no other name than their number
            key={index}
            type="button"
            className="mask"
            style={place(mask)}
            aria-label={`Area ${index + 1}: ${mask.width} by ${mask.height} pixels, ${mask.x} from the left, ${mask.y} from the top`}
            aria-describedby="mask-help"
            onPointerDown={(event) => start(event, { is: 'moving', index, from: at(event), mask })}
            onKeyDown={(event) => onKey(event, index, mask)}
          >
            <span aria-hidden="true">{index + 1}</span>
            <span
              className="mask-corner"
              aria-hidden="true"
              onPointerDown={(event) => start(event, { is: 'resizing', index, from: at(event), mask })}
            />
          </button>
        ))}
        {drawn !== undefined && <div className="mask drawn" style={place(drawn)} />}
      </div>
      <p className="hint" id="mask-help">
        Draw over the picture, or press “Add an area”. Drag an area to move it, and its corner to change its
        size. By keyboard: arrow keys move it, Shift with arrow keys changes its size, Delete removes it,
        Escape leaves it.
      </p>
      <div className="mask-list">
        <button
          ref={addButton}
          type="button"
          className="button"
          onClick={() => onChange([...masks, newMask(size)])}
        >
          Add an area
        </button>
        {masks.map((_, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- areas have no other name than their number
          <button key={index} type="button" className="button danger-plain" onClick={() => remove(index)}>
            Remove area {index + 1}
          </button>
        ))}
      </div>
    </div>
  );
}

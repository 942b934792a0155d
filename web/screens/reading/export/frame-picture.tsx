import { useObjectUrl } from '../../../ui/use-object-url.ts';

interface FramePictureProps {
  /** Needs a `key` for each, so that no picture is taken for another one. */
  readonly png: ArrayBuffer;
  readonly label: string;
  /** It is on the screen. */
  readonly onSeen: () => void;
}

export function FramePicture({ png, label, onSeen }: FramePictureProps) {
  const url = useObjectUrl(png, 'image/png');
  return url !== undefined && <img src={url} alt={label} draggable={false} onLoad={onSeen} />;
}

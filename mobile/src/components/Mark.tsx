import Svg, { Circle, Path, Rect } from 'react-native-svg';

import { useColors } from '@/theme';

/** The sign of Sayso, as in assets/mark.svg: a voice that ends as a tick. */
export function Mark({ size }: { size: number }) {
  const colors = useColors();
  return (
    <Svg width={size} height={size} viewBox="0 0 64 64" aria-hidden>
      <Circle cx={32} cy={32} r={32} fill={colors.accent} />
      <Rect x={12.5} y={27} width={5} height={10} rx={2.5} fill={colors.onAccent} />
      <Rect x={21.5} y={19} width={5} height={26} rx={2.5} fill={colors.onAccent} />
      <Path
        d="M33 33.5l5.6 5.6 12-14.6"
        fill="none"
        stroke={colors.onAccent}
        strokeWidth={5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </Svg>
  );
}

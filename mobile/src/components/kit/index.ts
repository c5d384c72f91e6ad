export { Button, IconButton } from './Button';
export { Card, Fact } from './Card';
export { Field } from './Field';
export { Notice, type Tone, TONES } from './Notice';
export { RelativeTime } from './RelativeTime';
export { Screen } from './Screen';
export { Sheet } from './Sheet';
export { Skeleton } from './Skeleton';
export { Text } from './Text';

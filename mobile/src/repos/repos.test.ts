import { memory, settled, uuid } from '@/testing/world';

import { createChoice } from './choice';
import { stillThere } from './index';

const [ADA, BOB] = [uuid(1), uuid(2)];

test('a choice is remembered for each user, and shown to no other', async () => {
  const storage = memory();
  const choice = createChoice(storage);
  choice.choose('org/nobodys');
  await choice.open(ADA);
  expect(choice.get()).toBeNull();
  choice.choose('org/adas');
  await choice.open(BOB);
  expect(choice.get()).toBeNull();
  await choice.open(ADA);
  expect(choice.get()).toBe('org/adas');
  choice.choose(null);
  const later = createChoice(storage);
  await later.open(ADA);
  expect(later.get()).toBeNull();
});

test('what is chosen while the old choice is still being read counts', async () => {
  const storage = memory();
  await storage.setItem(`sayso.repo.${ADA}`, 'org/old');
  const choice = createChoice(storage);
  const opening = choice.open(ADA);
  choice.choose('org/new');
  await opening;
  expect(choice.get()).toBe('org/new');
});

test('what is read too late is another user’s', async () => {
  const storage = memory();
  await storage.setItem(`sayso.repo.${ADA}`, 'org/adas');
  const choice = createChoice(storage);
  const opening = choice.open(ADA);
  await choice.open(BOB);
  await opening;
  await settled();
  expect(choice.get()).toBeNull();
});

const REPOS = ['org/a', 'org/b'].map((repo) => ({ repo, branch: 'main', is_default: false }));

test.each([
  [null, REPOS, null],
  ['org/a', REPOS, 'org/a'],
  ['org/taken-away', REPOS, null],
  ['org/a', [], 'org/a'],
])('%j of %j is %j', (chosen, repos, there) => {
  expect(stillThere(chosen, repos)).toBe(there);
});

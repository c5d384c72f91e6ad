import { fireEvent, screen } from '@testing-library/react-native';

import type { Repository } from '@/repos';
import { strings } from '@/strings';

import { REPOS, show } from '../testing/fakes';
import { RepositoryPicker } from './RepositoryPicker';

const MANY: Repository[] = [
  ...REPOS,
  ...['a', 'b', 'c', 'd', 'e'].map((name) => ({
    repo: `git@github.com:org/${name}.git`,
    branch: 'main',
    is_default: false,
  })),
];

function open(repos: Repository[], chosen: string | null = null) {
  const choose = jest.fn();
  show(<RepositoryPicker repos={repos} chosen={chosen} choose={choose} />);
  fireEvent.press(screen.getByRole('button', { name: /^Repository:/ }));
  return choose;
}

test('names the default one as long as no other is chosen', () => {
  open(REPOS);
  screen.getByRole('button', { name: 'Repository: ada/wordcount' });
  expect(screen.getByRole('radio', { name: 'ada/wordcount' })).toBeChecked();
  screen.getByText('on main · Default');
});

test('chooses another, and says on which branch it is', () => {
  const choose = open(REPOS);
  screen.getByText('on trunk');
  fireEvent.press(screen.getByRole('radio', { name: 'ada/notes' }));
  expect(choose).toHaveBeenCalledWith('git@github.com:ada/notes.git');
  expect(screen.queryByRole('radio')).toBeNull();
});

test('goes back to whatever is the default', () => {
  const choose = open(REPOS, 'git@github.com:ada/notes.git');
  screen.getByRole('button', { name: 'Repository: ada/notes' });
  fireEvent.press(screen.getByRole('radio', { name: /ada\/wordcount/ }));
  expect(choose).toHaveBeenCalledWith(null);
});

test('a few need no search', () => {
  open(REPOS);
  expect(screen.queryByLabelText(strings.repos.search)).toBeNull();
});

test('many are searched, regardless of case', () => {
  open(MANY);
  fireEvent.changeText(screen.getByLabelText(strings.repos.search), ' NOTES ');
  expect(screen.getAllByRole('radio')).toHaveLength(1);
  fireEvent.changeText(screen.getByLabelText(strings.repos.search), 'nowhere');
  screen.getByText(strings.repos.noMatch('nowhere'));
});

test('none says whom to ask', () => {
  open([]);
  screen.getByText(strings.repos.noneWhatToDo);
});

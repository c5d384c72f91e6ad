"""What takes a commit back: its inverse, on another base, and whether it still is just that."""

from runner.checkout import Checkout
from runner.policy import Undo


def take_back(checkout: Checkout, undone: str, author: tuple[str, str]) -> str | None:
    """The tree of the base without what a commit brought; None if later commits build on it.

    A three-way merge of the base with a commit that follows the undone one and restores its
    first parent: their merge base is the undone commit, whatever came since.

    Args:
        checkout: of a base that has the commit in its history.
        undone: a commit, by full name; of a merge, all that it brought to its first parent.
        author: name and address; the commit that is made on the way is never delivered.
    """
    restored = checkout.tree_of(checkout.parent_of(undone))
    inverse = checkout.git.line(
        "commit-tree", restored, "-p", undone, "-m", "inverse", author=author
    )
    return checkout.put_on(checkout.base, inverse)


def undo_of(checkout: Checkout, tree: str, undone: str | None) -> Undo | None:
    """Whether a change takes back exactly what a commit brought, by patch-id; None if it need not.

    Args:
        checkout: of the base that the tree is for.
        tree: of the change.
        undone: the commit that the change says it takes back, if it says so.
    """
    if undone is None:
        return None
    brought = checkout.at(undone)
    inverse = brought.patch_id_of(checkout.tree_of(checkout.parent_of(undone)))
    return "exact" if checkout.patch_id_of(tree) == inverse else "inexact"

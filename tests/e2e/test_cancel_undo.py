"""What was merged is taken back; what is not merged yet can be stopped."""

from tests.e2e.system import Person


def test_a_merged_task_is_undone_through_the_gates(ada: Person) -> None:
    before = ada.repository.tree("main")
    merged = ada.sees(
        ada.types("Add a --stdin flag so the tool can read standard input."), "auto_merged"
    )
    undone = ada.post(f"/tasks/{merged['job_id']}/undo")
    task = ada.sees(undone["job_id"], "auto_merged")
    assert task["undoes"] == merged["job_id"]
    assert ada.repository.tree("main") == before
    assert ada.post(f"/tasks/{merged['job_id']}/undo") == undone

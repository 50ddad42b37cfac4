"""Everything that a person does at the desk, and what jobs note there."""

from guilder.office.desk.operations.jobs import (
    advance,
    ask_to_cancel,
    end_progress,
    start_progress,
)
from guilder.office.desk.operations.preferences import set_preference
from guilder.office.desk.operations.talk import (
    CommentAnswered,
    EmptyComment,
    FileTooLarge,
    add_attachment,
    add_comment,
    delete_comment,
    remove_attachment,
)
from guilder.office.desk.operations.tasks import (
    NoSuchSnooze,
    add_task,
    close_tasks,
    finish_task,
    reopen_task,
    snooze_task,
)
from guilder.office.desk.operations.views import (
    ViewExists,
    delete_view,
    order_views,
    save_view,
    update_view,
)

__all__ = (
    "CommentAnswered",
    "EmptyComment",
    "FileTooLarge",
    "NoSuchSnooze",
    "ViewExists",
    "add_attachment",
    "add_comment",
    "add_task",
    "advance",
    "ask_to_cancel",
    "close_tasks",
    "delete_comment",
    "delete_view",
    "end_progress",
    "finish_task",
    "order_views",
    "remove_attachment",
    "reopen_task",
    "save_view",
    "set_preference",
    "snooze_task",
    "start_progress",
    "update_view",
)

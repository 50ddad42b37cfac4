"""Everything that a person does at the desk, and what jobs note there."""

from guilder.office.desk.operations.jobs import (
    FILE_LASTS,
    FileGone,
    advance,
    ask_to_cancel,
    end_progress,
    forget_files,
    start_progress,
    take_file,
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
    "FILE_LASTS",
    "CommentAnswered",
    "EmptyComment",
    "FileGone",
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
    "forget_files",
    "order_views",
    "remove_attachment",
    "reopen_task",
    "save_view",
    "set_preference",
    "snooze_task",
    "start_progress",
    "take_file",
    "update_view",
)

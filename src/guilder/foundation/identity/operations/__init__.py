"""What is done to users, organizations, memberships, sessions, keys and links."""

from guilder.foundation.identity.operations.first import (
    AlreadySetUp,
    create_first_organization,
    create_first_user,
)
from guilder.foundation.identity.operations.keys import (
    create_access_token,
    create_api_key,
    first_use_since,
    revoke_access_tokens,
    revoke_api_key,
    standing_link,
    use_access_token,
)
from guilder.foundation.identity.operations.organizations import (
    add_member,
    change_role,
    create_organization,
    remove_member,
    system_actor,
    update_organization,
)
from guilder.foundation.identity.operations.sessions import (
    Tokens,
    check_password,
    login,
    logout,
    open_session,
    refresh,
    revoke_sessions,
)
from guilder.foundation.identity.operations.users import (
    change_password,
    create_user,
    deactivate_user,
    set_password,
    set_picture,
    update_user,
)

__all__ = [
    "AlreadySetUp",
    "Tokens",
    "add_member",
    "change_password",
    "change_role",
    "check_password",
    "create_access_token",
    "create_api_key",
    "create_first_organization",
    "create_first_user",
    "create_organization",
    "create_user",
    "deactivate_user",
    "first_use_since",
    "login",
    "logout",
    "open_session",
    "refresh",
    "remove_member",
    "revoke_access_tokens",
    "revoke_api_key",
    "revoke_sessions",
    "set_password",
    "set_picture",
    "standing_link",
    "system_actor",
    "update_organization",
    "update_user",
    "use_access_token",
]

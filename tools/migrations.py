"""Every room's migrations form one line: no fork, no merge, numbers without a gap."""

import os
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))


def faults(parents: dict[str, list[str]]) -> list[str]:
    """What is wrong with one room, given each migration's parents in the same room."""
    found = [f"{name} merges {', '.join(above)}" for name, above in parents.items() if above[1:]]
    children = Counter(parent for above in parents.values() for parent in above)
    found += [f"{name} has {count} successors" for name, count in children.items() if count > 1]
    beginnings = sorted(name for name, above in parents.items() if not above)
    found += [f"{name} is a second beginning" for name in beginnings[1:]]
    numbers = sorted(name[:4] for name in parents)
    if numbers != [f"{number:04d}" for number in range(1, len(numbers) + 1)]:
        found.append(f"numbers {', '.join(numbers)} are not 0001, 0002, …")
    return found


def rooms() -> dict[str, dict[str, list[str]]]:
    """App label → migration → its parents in the same app, for our own apps, read from disk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guilder.config.settings")
    import django
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("guilder.")}
    found: dict[str, dict[str, list[str]]] = {}
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        if label in ours:
            above = [parent for room, parent in migration.dependencies if room == label]
            found.setdefault(label, {})[name] = above
    return found


def main() -> int:
    lines = rooms()
    found = [f"{label}: {fault}" for label, line in sorted(lines.items()) for fault in faults(line)]
    print("\n".join(found) or f"{len(lines)} rooms, every line of migrations is straight")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

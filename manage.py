"""Django's command line over Guilder's settings."""

from guilder.runtime.manage import main

if __name__ == "__main__":
    main()

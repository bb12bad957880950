"""`python -m okrsync` is the same as the `okrsync` command."""

from okrsync.cli import main

if __name__ == "__main__":
    main()

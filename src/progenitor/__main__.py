"""`python -m progenitor` is the same as `progenitor`."""

import sys

from progenitor.cli import main

if __name__ == "__main__":
    sys.exit(main())
